"""Finding rows by name as people write it: without accents, abbreviated, joined, with words left out."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from backend.folding import words

# How the trade abbreviates; both the tables and what is asked are written out.
_WRITTEN_OUT = {
    "bhxh": "bao hiem xa hoi",
    "bv": "benh vien",
    "bvdk": "benh vien da khoa",
    "dk": "da khoa",
    "pk": "phong kham",
    "pkdk": "phong kham da khoa",
    "tyt": "tram y te",
    "ttyt": "trung tam y te",
    "hn": "ha noi",
    "hcm": "ho chi minh",
    "tphcm": "thanh pho ho chi minh",
    "tp": "thanh pho",
    "tx": "thi xa",
}
_COMMON_SHARE = 20  # a word in more than one name of 20 says which sort of thing it is, not which one
_COMMON_LEAST = 20  # names; below that no word of a table counts as common
_SHORTEST_JOINED = 4  # letters; shorter ones stand inside everything


@dataclass(frozen=True)
class Name:
    """One name of a row; `rank` 0 for its own, higher for a former one, a ward it serves, its address."""

    row: int
    rank: int
    text: str


def written_out(text: str) -> tuple[str, ...]:
    """The words of a name, abbreviations written out."""
    return tuple(part for word in words(text) for part in _WRITTEN_OUT.get(word, word).split())


class NameIndex:
    """The names of a table by their words; a search looks only at the names that share a word with what is asked."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names = [(name, written_out(name.text)) for name in names]
        self._joined = ["".join(said) for _, said in self._names]
        self._holding: dict[str, set[int]] = defaultdict(set)
        for number, (_, said) in enumerate(self._names):
            for word in said:
                self._holding[word].add(number)
        often = max(_COMMON_LEAST, len(self._names) // _COMMON_SHARE)
        self._common = {word for word, held in self._holding.items() if len(held) > often}

    def find(self, text: str, allowed: Callable[[int], bool]) -> dict[int, tuple[int, ...]]:
        """The rows whose names fit, each with its place in the order (smaller is better).

        First the names that hold every word; when there is none, those that hold every word that tells names apart;
        then those that hold the text with its blanks left out; then half of the telling words, the rarest among them.
        """
        asked = written_out(text)
        telling = tuple(word for word in asked if word not in self._common)
        for wanted in (asked, telling):
            found = self._ranked(self._holding_all(wanted), asked, allowed)
            if found:
                return found
        joined = "".join(asked)
        if len(joined) >= _SHORTEST_JOINED:
            found = self._ranked((number for number, name in enumerate(self._joined) if joined in name), asked, allowed)
        return found or self._ranked(self._holding_half(telling), asked, allowed)

    def _holding_all(self, wanted: tuple[str, ...]) -> set[int]:
        held = sorted((self._holding.get(word, set()) for word in set(wanted)), key=len)
        return set.intersection(*held) if held else set()

    def _holding_half(self, telling: tuple[str, ...]) -> set[int]:
        known = sorted((word for word in set(telling) if word in self._holding), key=lambda word: len(self._holding[word]))
        if not known:
            return set()
        held = self._holding[known[0]]
        return {number for number in held if 2 * sum(number in self._holding[word] for word in known) >= len(set(telling))}

    def _ranked(
        self, numbers: Iterable[int], asked: tuple[str, ...], allowed: Callable[[int], bool]
    ) -> dict[int, tuple[int, ...]]:
        joined = "".join(asked)
        best: dict[int, tuple[int, ...]] = {}
        for number in numbers:
            name, said = self._names[number]
            if not allowed(name.row):
                continue
            missing = sum(word not in said for word in asked)
            place = (name.rank, missing, joined not in self._joined[number], len(said))
            if name.row not in best or place < best[name.row]:
                best[name.row] = place
        return best
