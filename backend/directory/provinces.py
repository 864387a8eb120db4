"""Which province somebody means: old or new name, any spelling; old ones map to the unit of 01/07/2025."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backend import knowledge
from backend.folding import words

_TITLES = {"tinh", "tp", "thanh", "pho", "province", "city"}
_LONGEST = 5  # words of a name, such as "thành phố hồ chí minh"


@dataclass(frozen=True)
class Province:
    """A unit of today; `old_name` is what it was called when somebody means a part of it, None for the whole."""

    name: str
    old_name: str | None

    @property
    def part(self) -> str:
        """The old province whose rows come first: who says "Hồ Chí Minh" rarely means Bình Dương."""
        return self.old_name or self.name


@dataclass(frozen=True)
class Meant:
    """The province, or the candidates of an ambiguous name; neither when the text names none."""

    province: Province | None = None
    candidates: tuple[Province, ...] = ()


class Provinces:
    """The 63 provinces until 30/06/2025 and the 34 of today, by every spelling of the table.

    `places` adds where else a town's name occurs in the country: name to old provinces.
    """

    def __init__(self, rows: Iterable[Mapping[str, str]], places: Mapping[str, frozenset[str]] | None = None) -> None:
        table = list(rows)
        self._today = {row["old_name"]: row["new_name"] for row in table}
        self._names: dict[str, str] = {}
        self._short: dict[str, str] = {}
        self._cities: dict[str, set[str]] = {}
        for row in table:
            for name in (row["old_name"], *knowledge.several(row["aliases"])):
                self._names[_key(name)] = row["old_name"]
            for name in knowledge.several(row["short_forms"]):
                self._short[_key(name)] = row["old_name"]
        for row in table:
            for name in knowledge.several(row["cities"]):
                self._cities.setdefault(_key(name), set()).add(row["old_name"])
        for place, provinces in (places or {}).items():
            if _key(place) in self._cities:
                self._cities[_key(place)] |= provinces

    def meant(self, text: str) -> Meant:
        """What the text names: the whole value first, then names inside it, towns last."""
        said = words(text)
        whole = "".join(said)
        bare = "".join(word for word in said if word not in _TITLES)
        for key in (whole, bare):
            if key in self._names or key in self._short:
                return Meant(self._province(self._names.get(key) or self._short[key]))
        for known in (self._names, self._cities):
            for key in _parts(said):
                if key in known:
                    return self._of_names(known[key])
        return Meant()

    def _of_names(self, found: str | set[str]) -> Meant:
        names = {found} if isinstance(found, str) else found
        provinces = tuple(self._province(name) for name in sorted(names))
        return Meant(provinces[0]) if len(provinces) == 1 else Meant(candidates=provinces)

    def _province(self, old_name: str) -> Province:
        new_name = self._today[old_name]
        return Province(new_name, None if old_name == new_name else old_name)


def _key(name: str) -> str:
    return "".join(words(name))


def _parts(said: tuple[str, ...]) -> Iterable[str]:
    """Runs of words, the longest first, joined."""
    for length in range(min(_LONGEST, len(said)), 0, -1):
        for start in range(len(said) - length + 1):
            yield "".join(said[start : start + length])
