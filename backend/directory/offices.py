"""The agency's offices that exist today, by province, name or position."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backend import knowledge
from backend.directory.inquiry import Answer, Inquiry, Place, nearest, understood
from backend.directory.names import Name, NameIndex
from backend.directory.position import Position, position_of
from backend.directory.provinces import Meant, Provinces

_LEVELS = ("tỉnh", "cơ sở", "trung ương")  # whom people of a province turn to first


@dataclass(frozen=True)
class Office:
    """One office; None for what no source gives. `provinces_old` are the old provinces it serves."""

    unit: str
    level: str
    province: str
    provinces_old: tuple[str, ...]
    address: str | None
    phone: str | None
    hotline: str
    email: str | None
    website: str | None
    opening_hours: str | None
    manages: tuple[str, ...]
    position: Position | None
    source: str
    as_of: str


class Offices:
    """The table of offices; only those with status `current` are in it."""

    def __init__(self, rows: Iterable[Mapping[str, str]], provinces: Provinces) -> None:
        current = [row for row in rows if row["status"] == "current"]
        self._provinces = provinces
        self._offices = [_office(row) for row in current]
        self._names = NameIndex(name for number, row in enumerate(current) for name in _names(number, row))

    def search(self, inquiry: Inquiry) -> Answer[Office]:
        """The offices that fit; none when the province is ambiguous, or nothing is asked."""
        meant, name = understood(inquiry, self._provinces)
        return nearest(inquiry, meant, self._places(inquiry, meant, name), self._offices)

    def _places(self, inquiry: Inquiry, meant: Meant, name: str) -> list[Place]:
        if meant.candidates:
            return []

        def _allowed(row: int) -> bool:
            return meant.province is None or self._offices[row].province == meant.province.name

        if name:
            fitting: Iterable[tuple[int, tuple[int, ...]]] = self._names.find(name, _allowed).items()
        elif meant.province is not None:
            fitting = ((row, ()) for row in range(len(self._offices)) if _allowed(row))
        elif inquiry.position is not None:
            # Without a name or a province, an office whose place is not known would be any office.
            fitting = ((row, ()) for row, office in enumerate(self._offices) if office.position is not None)
        else:
            fitting = ()
        return [self._place(row, order, meant) for row, order in fitting]

    def _place(self, row: int, order: tuple[int, ...], meant: Meant) -> Place:
        office = self._offices[row]
        elsewhere = meant.province is not None and meant.province.part not in office.provinces_old
        return Place(row, (order, _LEVELS.index(office.level), elsewhere), office.position)


def _office(row: Mapping[str, str]) -> Office:
    return Office(
        unit=row["unit"],
        level=row["level"],
        province=row["province_new"],
        provinces_old=knowledge.several(row["province_old"]),
        address=row["address"] or None,
        phone=row["phone"] or None,
        hotline=row["hotline"],
        email=row["email"] or None,
        website=row["website"] or None,
        opening_hours=row["opening_hours"] or None,
        manages=knowledge.several(row["manages"]),
        position=position_of(row["lat"], row["lon"]),
        source=row["source"],
        as_of=row["as_of"],
    )


def _names(number: int, row: Mapping[str, str]) -> Iterable[Name]:
    yield Name(number, 0, row["unit"])
    for rank, column in enumerate(("former_names", "manages"), start=1):
        for part in knowledge.several(row[column]):
            yield Name(number, rank, part)
    if row["address"]:
        yield Name(number, 3, row["address"])
