"""Putting invented people on file, in batches that are whole or not there."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import insert

from backend import accounts
from backend.citizens import citizen
from backend.core import Core
from backend.schema import accounts as table

BATCH = 5_000  # people a transaction; SQLite takes 32,766 variables a statement, `accounts.taken` needs two for each
CACHE = "PRAGMA cache_size=-262144"  # KiB: the random indexes of a million people stay in memory


def seed(core: Core, count: int, series: int, advance: Callable[[int], None]) -> int:
    """Put persons 0 to `count` of a series on file, and return how many were new.

    Who is there already stays as he is: an interrupted seeding is taken up again by repeating it. They share one
    password that nobody knows; its hash is sealed for each.
    """
    encoded = core.hasher.hash(core.keys.token())
    made = 0
    for first in range(0, count, BATCH):
        last = min(first + BATCH, count)
        made += _batch(core, series, range(first, last), encoded)
        advance(last - first)
    return made


def _batch(core: Core, series: int, numbers: range, encoded: str) -> int:
    people = [citizen(series, number) for number in numbers]
    codes = [code for profile, _ in people for code in (profile.bhxh_code, profile.personal_id) if code]
    with core.writing() as unit:
        if core.database.is_sqlite:
            unit.conn.exec_driver_sql(CACHE)
        there = accounts.taken(core, unit.conn, codes)
        rows = [
            # Another series may have given the personal number away already.
            accounts.row(
                core, replace(profile, personal_id=None) if profile.personal_id in there else profile, status, encoded, unit.now
            )
            for profile, status in people
            if profile.bhxh_code not in there
        ]
        if rows:
            unit.conn.execute(insert(table), rows)
    return len(rows)
