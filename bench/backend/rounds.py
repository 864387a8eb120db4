"""Timing look-ups: all databases open at once, one call on each in turn, so that a slow moment falls on all of them."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, event

from backend.errors import DailyLimit
from bench.backend.lookups import LOOKUPS, Call, Lookup
from bench.backend.stock import Say, Stock

WARM_UP = 5
Samples = dict[str, list[list[float]]]
"""By database: rounds of milliseconds."""


@dataclass
class Timed:
    """One look-up. `work` is statements and commits by database, of one call after the warming up."""

    samples: Samples = field(default_factory=dict)
    work: dict[str, tuple[int, int]] = field(default_factory=dict)


def name_of(stock: Stock) -> str:
    """`sqlite 10000`: what a database is called among the results."""
    return f"{stock.kind} {stock.people}"


def timed(stocks: list[Stock], rounds: int, calls: int, say: Say) -> dict[str, Timed]:
    """Time every look-up on every database."""
    found = {one.name: Timed() for one in LOOKUPS}
    for number in range(rounds):
        for lookup in LOOKUPS:
            say(f"round {number + 1} of {rounds}: {lookup.name}")
            for stock in stocks:  # each time: some machines drop what was not read for a minute, however much memory is free
                _read_ahead(stock)
            _round(lookup, stocks, max(10, round(calls * lookup.share)), found[lookup.name], turn=number)
    return found


def _round(lookup: Lookup, stocks: list[Stock], calls: int, into: Timed, turn: int) -> None:
    draws = [(stock, lookup.on(stock)) for stock in stocks]
    for stock, draw in draws:
        for _ in range(WARM_UP):
            _timed(draw)
        call = draw()
        with counted(stock) as work:
            call()
        into.work[name_of(stock)] = (work.statements, work.commits)
    this: dict[str, list[float]] = {name_of(stock): [] for stock in stocks}
    for index in range(calls):
        first = (index + turn) % len(draws)
        for stock, draw in draws[first:] + draws[:first]:
            this[name_of(stock)].append(_timed(draw))
    for name, samples in this.items():
        into.samples.setdefault(name, []).append(samples)


def _timed(draw: Callable[[], Call]) -> float:
    """Milliseconds of one call; whoever had the day's codes already is passed over."""
    while True:
        call = draw()
        began = time.perf_counter_ns()
        try:
            call()
        except DailyLimit:
            continue
        return (time.perf_counter_ns() - began) / 1e6


@dataclass
class Work:
    """What reached the database."""

    statements: int = 0
    commits: int = 0


@contextmanager
def counted(stock: Stock) -> Iterator[Work]:
    """Count statements (without BEGIN) and writing commits inside the block."""
    work, engine = Work(), stock.core.database.engine

    def statement(_conn: Connection, _cursor: object, text: str, *_rest: object) -> None:
        work.statements += not text.startswith("BEGIN")

    def commit(conn: Connection) -> None:
        work.commits += bool(conn.get_execution_options().get("writes"))

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    yield work
    event.remove(engine, "before_cursor_execute", statement)
    event.remove(engine, "commit", commit)


def _read_ahead(stock: Stock) -> None:
    """Have the operating system hold the database in memory, as it would after some minutes of service."""
    for file in stock.files:
        with suppress(FileNotFoundError), Path(file).open("rb") as opened:  # PostgreSQL replaces files of its own at any time
            while opened.read(1 << 24):
                pass
