"""What is asked of the directory, and what it answers."""

from dataclasses import dataclass

from backend.directory.position import Position, rounded_km
from backend.directory.provinces import Meant, Province, Provinces


@dataclass(frozen=True)
class Inquiry:
    """A search: a province in any spelling, a name in any spelling, a position, how many rows at most."""

    province: str = ""
    name: str = ""
    position: Position | None = None
    limit: int = 5


@dataclass(frozen=True)
class Hit[Row]:
    """One row found, and how far it is; None when either place is not known."""

    row: Row
    distance_km: float | None


@dataclass(frozen=True)
class Answer[Row]:
    """The province that was understood or its candidates, the best hits, and how many there are in all."""

    province: Province | None
    candidates: tuple[Province, ...]
    hits: tuple[Hit[Row], ...]
    total: int


@dataclass(frozen=True)
class Place:
    """A row's place in the order of an answer: its number, what puts it first, and where it lies."""

    row: int
    order: tuple[object, ...]
    position: Position | None


def understood(inquiry: Inquiry, provinces: Provinces) -> tuple[Meant, str]:
    """The province, and the name to look for: what is no province may be a ward or a district, so it joins the name."""
    meant = provinces.meant(inquiry.province)
    if meant.province is None and not meant.candidates:
        return meant, f"{inquiry.name} {inquiry.province}".strip()
    return meant, inquiry.name.strip()


def nearest[Row](inquiry: Inquiry, meant: Meant, places: list[Place], rows: list[Row]) -> Answer[Row]:
    """The answer in its order: nearest first when a position is given, rows without a position after the others."""

    def _order(place: Place) -> tuple[object, ...]:
        km = rounded_km(inquiry.position, place.position)
        return (km is None, km or 0.0, *place.order, place.row)

    first = sorted(places, key=_order)[: inquiry.limit]
    hits = tuple(Hit(rows[place.row], rounded_km(inquiry.position, place.position)) for place in first)
    return Answer(meant.province, meant.candidates, hits, len(places))
