"""The breaker on new challenges: a pure function of counts and settings, and the counts themselves.

Per account limits do not protect a population: at 10^-6 a guess somebody is hit. What limits the whole is how many
wrong answers the system takes. `docs/security.md` computes the expected loss.
"""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Executable, bindparam, case, func, select

from backend.core import Unit
from backend.database import insert_for
from backend.errors import Paused
from backend.schema import breaker_buckets
from backend.settings import Settings

COLUMNS = ("channel", "starts_at", "issued", "wrong", "wrong_real")
BUCKET_S = 300
DAY_S = 86_400
RETRY_S = 300
# From the first ratio on half of the new challenges wait, then nine in ten, then all: honest people on a bad day
# still get through in part, an attack that guesses three times a code (ratio 3) is stopped whole.
STEPS = ((1, 50), (2, 90), (4, 100))


_TABLE = breaker_buckets.c
_INSIDE = (_TABLE.channel == bindparam("channel")) & (_TABLE.starts_at > bindparam("window"))
_COUNTS = select(
    func.coalesce(func.sum(case((_INSIDE, _TABLE.issued), else_=0)), 0),
    func.coalesce(func.sum(case((_INSIDE, _TABLE.wrong), else_=0)), 0),
    func.coalesce(func.sum(_TABLE.wrong_real), 0),
    func.coalesce(func.sum(case((_TABLE.starts_at > bindparam("open"), _TABLE.issued), else_=0)), 0),
).where(_TABLE.starts_at > bindparam("day"))


@dataclass(frozen=True)
class Counts:
    """Codes issued and answered wrong: in the window on one channel, and in 24 h on real challenges everywhere.

    `open_tries` is how many wrong answers the codes that still live could bring, rather too many: decoys and SMS budgets
    count in it, and whole buckets.
    """

    issued: int
    wrong: int
    wrong_real_day: int
    open_tries: int = 0


def share_paused(counts: Counts, settings: Settings) -> int:
    """Per cent of new challenges to refuse, 0 when the breaker is closed."""
    # Codes that are out can be answered while it is open: whoever hoards them must not get past the day's ceiling.
    if counts.wrong_real_day + counts.open_tries >= settings.breaker_wrong_per_day:
        return 100
    if counts.wrong < settings.breaker_floor:
        return 0
    ratio = 100 * counts.wrong / max(1, counts.issued)
    paused = 0
    for multiple, share in STEPS:
        if ratio >= settings.breaker_ratio_percent * multiple:
            paused = share
    return paused


def refuse_when_open(unit: Unit, channel: str, settings: Settings, lot: int) -> None:
    """Raise Paused when the breaker takes this challenge; `lot` in [0, 100) is drawn by the caller."""
    if lot < share_paused(read(unit, channel, settings), settings):
        raise Paused(retry_after=RETRY_S)


def read(unit: Unit, channel: str, settings: Settings) -> Counts:
    """The counts as of now."""
    since = {
        "channel": channel,
        "window": unit.now - settings.breaker_window_s,
        "day": unit.now - DAY_S,
        "open": unit.now - settings.otp_life_s - BUCKET_S,
    }
    issued, wrong, wrong_real_day, living = unit.conn.execute(_COUNTS, since).one()
    return Counts(int(issued), int(wrong), int(wrong_real_day), settings.otp_tries * int(living))


def issued(unit: Unit, channel: str) -> tuple[int, int]:
    """What was issued on that channel in the present bucket and in 24 hours."""
    table = breaker_buckets.c
    bucket = unit.now - unit.now % BUCKET_S
    recent, day = unit.conn.execute(
        select(
            func.coalesce(func.sum(case((table.starts_at == bucket, table.issued), else_=0)), 0),
            func.coalesce(func.sum(table.issued), 0),
        ).where(table.channel == channel, table.starts_at > unit.now - DAY_S)
    ).one()
    return int(recent), int(day)


def count(unit: Unit, channel: str, *, issued: int = 0, wrong: int = 0, wrong_real: int = 0) -> None:
    """Add to the present bucket in one statement; call it last, it is the row that everybody shares."""
    bucket = unit.now - unit.now % BUCKET_S
    row = {"channel": channel, "starts_at": bucket, "issued": issued, "wrong": wrong, "wrong_real": wrong_real}
    unit.conn.execute(_adding(unit.conn.dialect.name), row)


# Built once: SQLAlchemy takes longer to build a statement than SQLite to run it.
@cache
def _adding(dialect: str) -> Executable:
    table = breaker_buckets
    row = insert_for(dialect, table).values({name: bindparam(name) for name in COLUMNS})
    counts = {name: table.c[name] + row.excluded[name] for name in ("issued", "wrong", "wrong_real")}
    return row.on_conflict_do_update(index_elements=["channel", "starts_at"], set_=counts)
