"""The whole directory, read once from `knowledge/`."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from backend import knowledge
from backend.directory.facilities import Facilities
from backend.directory.names import written_out
from backend.directory.offices import Offices
from backend.directory.provinces import Provinces

_OF_A_TOWN = re.compile(r".*\b(?:trung tam y te|benh vien|phong kham)\b.*\b(?:huyen|quan|thi xa|thanh pho) (?P<town>[a-z ]+)")
_OF_AN_OFFICE = re.compile(r"bao hiem xa hoi co so (?P<town>[a-z ]+)")


@dataclass(frozen=True)
class Book:
    """The tables that can be searched."""

    offices: Offices
    facilities: Facilities
    provinces: Provinces


@cache
def book() -> Book:
    """The directory; raises BadConfiguration when a file cannot be read."""
    offices, facilities = knowledge.rows("offices"), knowledge.rows("facilities")
    current = [row for row in offices if row["status"] == "current" and row["level"] == "cơ sở"]
    provinces = Provinces(knowledge.rows("provinces"), places(facilities, current))
    return Book(Offices(offices, provinces), Facilities(facilities, provinces), provinces)


def places(facilities: Iterable[Mapping[str, str]], offices: Iterable[Mapping[str, str]]) -> dict[str, frozenset[str]]:
    """Where a district or a town of each name lies: some names are not unique in the country (Hoàng Mai, Tân Uyên)."""
    found: dict[str, set[str]] = defaultdict(set)
    for rows, column, pattern in ((facilities, "name", _OF_A_TOWN), (offices, "unit", _OF_AN_OFFICE)):
        for row in rows:
            match = pattern.fullmatch(" ".join(written_out(row[column])))
            province = row["province_old"]
            if match and province and ";" not in province:
                found[match["town"]].add(province)
    return {town: frozenset(provinces) for town, provinces in found.items()}
