"""A place on the earth, and how far it is to another."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0088  # mean radius (IUGG)


@dataclass(frozen=True)
class Position:
    """Latitude and longitude in degrees (WGS 84)."""

    lat: float
    lon: float


def position_of(lat: str, lon: str) -> Position | None:
    """The position of two cells of a table; None when the source gives none."""
    return Position(float(lat), float(lon)) if lat and lon else None


def distance_km(one: Position, other: Position) -> float:
    """The great-circle distance in kilometres (haversine)."""
    north, east = radians(other.lat - one.lat), radians(other.lon - one.lon)
    chord = sin(north / 2) ** 2 + cos(radians(one.lat)) * cos(radians(other.lat)) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, chord)))


def rounded_km(one: Position | None, other: Position | None) -> float | None:
    """The distance to 0.1 km, None when either place is not known."""
    return None if one is None or other is None else round(distance_km(one, other), 1)
