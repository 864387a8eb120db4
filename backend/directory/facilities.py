"""Medical facilities with their health insurance code, by province, name, kind, code or position."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backend.directory.inquiry import Answer, Inquiry, Place, nearest, understood
from backend.directory.names import Name, NameIndex, written_out
from backend.directory.position import Position, position_of
from backend.directory.provinces import Meant, Provinces
from backend.errors import BadValue

# The kinds of the table, in the order people look for them.
KINDS = (
    "bệnh viện",
    "trung tâm y tế",
    "phòng khám",
    "trung tâm chuyên khoa",
    "nhà hộ sinh",
    "bệnh xá, quân y",
    "trạm y tế",
    "y tế cơ quan",
    "khác",
)
_KIND_WORDS = {written_out(kind): kind for kind in KINDS}


@dataclass(frozen=True)
class Facility:
    """One facility; None for what no source gives. `province` is None for those of the army and the police."""

    code: str
    name: str
    kind: str
    province: str | None
    province_old: str | None
    owner: str | None
    address: str | None
    phone: str | None
    email: str | None
    position: Position | None
    source: str
    as_of: str


class Facilities:
    """The table of facilities, held in memory with its indexes."""

    def __init__(self, rows: Iterable[Mapping[str, str]], provinces: Provinces) -> None:
        self._provinces = provinces
        self._facilities = [_facility(row) for row in rows]
        self._names = NameIndex(name for number, row in enumerate(self._facilities) for name in _names(number, row))
        self._by_code = {facility.code: number for number, facility in enumerate(self._facilities)}
        self._by_province: dict[str | None, list[int]] = defaultdict(list)
        for number, facility in enumerate(self._facilities):
            self._by_province[facility.province].append(number)

    def search(self, inquiry: Inquiry, kind: str = "") -> Answer[Facility]:
        """The facilities that fit; none when the province is ambiguous, or nothing is asked. Raises BadValue for the kind."""
        wanted = kind_named(kind)
        meant, name = understood(inquiry, self._provinces)
        places = [] if meant.candidates else self._places(inquiry, meant, name, wanted)
        return nearest(inquiry, meant, places, self._facilities)

    def _places(self, inquiry: Inquiry, meant: Meant, name: str, wanted: str | None) -> list[Place]:
        def _allowed(row: int) -> bool:
            facility = self._facilities[row]
            here = meant.province is None or facility.province in (meant.province.name, None)
            return here and wanted in (None, facility.kind)

        code = self._by_code.get(name.upper())
        if code is not None:
            fitting: Iterable[tuple[int, tuple[int, ...]]] = [(code, ())]
        elif name:
            fitting = self._names.find(name, _allowed).items()
        elif meant.province is not None:
            fitting = ((row, ()) for row in self._by_province[meant.province.name] if _allowed(row))
        elif inquiry.position is not None:
            fitting = ((row, ()) for row, one in enumerate(self._facilities) if one.position is not None and _allowed(row))
        else:
            fitting = ()
        return [self._place(row, order, meant) for row, order in fitting]

    def _place(self, row: int, order: tuple[int, ...], meant: Meant) -> Place:
        facility = self._facilities[row]
        elsewhere = meant.province is not None and facility.province_old != meant.province.part
        # An army hospital has no province in the list: it may be here, so it stands behind those that are.
        unplaced = meant.province is not None and facility.province is None
        return Place(row, (unplaced, elsewhere, order, KINDS.index(facility.kind)), facility.position)


def kind_named(kind: str) -> str | None:
    """The kind of the table that is meant, abbreviated or without accents; None for none. Raises BadValue."""
    if not kind.strip():
        return None
    found = _KIND_WORDS.get(written_out(kind))
    if found is None:
        raise BadValue("kind", "unknown_kind")
    return found


def _facility(row: Mapping[str, str]) -> Facility:
    return Facility(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        province=row["province_new"] or None,
        province_old=row["province_old"] or None,
        owner=row["owner"] or None,
        address=row["address"] or None,
        phone=row.get("phone") or None,
        email=row.get("email") or None,
        position=position_of(row.get("lat", ""), row.get("lon", "")),
        source=row["source"],
        as_of=row["as_of"],
    )


def _names(number: int, facility: Facility) -> Iterable[Name]:
    yield Name(number, 0, facility.name)
    if facility.address:
        yield Name(number, 1, facility.address)
