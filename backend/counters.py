"""What is counted, under whom: a subject (an account, or a decoy) and purpose, a sender, a person; windows roll over 24 hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import (
    BigInteger,
    Executable,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    insert,
    or_,
    select,
    true,
    union_all,
    update,
)

from backend.assertion import Sender
from backend.core import Core, Unit
from backend.database import insert_for
from backend.errors import DailyLimit
from backend.schema import subjects, tallies

HOUR_S = 3_600
DAY_S = 86_400
ANY = "any"  # the purpose of what is counted over all of them
_TALLY = insert(tallies)
_CLEAR = (
    update(subjects).where(subjects.c.subject == bindparam("of"), subjects.c.purpose == bindparam("for")).values(consecutive=0)
)


@dataclass(frozen=True, order=True)
class Key:
    """What a count belongs to: a subject and a purpose."""

    subject: str
    purpose: str


@dataclass(frozen=True)
class Counts:
    """What stands under a key: the seconds at which the window's events fell, oldest first."""

    consecutive: int
    wrong: tuple[int, ...]
    sends: tuple[int, ...]


def account_key(account_id: str, purpose: str) -> Key:
    """What an account is counted under. Not keyed: a change of the master key must refill nothing."""
    return Key(account_id, purpose)


def decoy_subject(core: Core, *typed: str) -> str:
    """What values are counted under that belong to no account."""
    return core.keys.mac("subject", "decoy", *typed)


def address_subject(core: Core, address: str) -> str:
    """What an address is counted under: no more messages than that, however many accounts name it."""
    return core.keys.mac("subject", "address", address)


def person_subject(core: Core, id_number: str) -> str:
    """What an identity number is counted under, whether or not anybody has it."""
    return core.keys.mac("subject", "person", id_number)


def sender_key(core: Core, sender: Sender) -> Key:
    """What a sender is counted under, over all accounts and purposes."""
    return Key(core.keys.mac("subject", "sender", sender.channel, sender.sender), ANY)


def lock(unit: Unit, keys: Sequence[Key], *, guess: Key | None = None) -> dict[Key, Counts]:
    """Lock the keys' rows until the commit and read their counts: parallel requests queue here.

    `guess` counts one more answer in a row under that key, before anybody compares; its `consecutive` is the count before.
    """
    ordered = sorted(set(keys))  # always in the same order: two requests never wait for each other
    given: dict[str, object] = {"now": unit.now, "since": unit.now - DAY_S}
    for number, key in enumerate(ordered):
        given |= {f"subject_{number}": key.subject, f"purpose_{number}": key.purpose, f"count_{number}": int(key == guess)}
    locked = unit.conn.execute(_locking(unit.conn.dialect.name, len(ordered)), given)
    consecutive = {Key(row.subject, row.purpose): row.consecutive for row in locked}
    events = unit.conn.execute(_windows(len(ordered)), given).all()

    def of(key: Key, kind: str) -> tuple[int, ...]:
        wanted = (key.subject, key.purpose, kind)
        return tuple(at for subject, purpose, what, at in events if (subject, purpose, what) == wanted)

    return {key: Counts(consecutive[key] - int(key == guess), of(key, "wrong"), of(key, "send")) for key in ordered}


# Both are built once for so many keys: SQLAlchemy takes longer to build a statement than SQLite to run it.
@cache
def _locking(dialect: str, keys: int) -> Executable:
    rows = [
        select(
            bindparam(f"subject_{number}", type_=String),
            bindparam(f"purpose_{number}", type_=String),
            bindparam(f"count_{number}", type_=Integer),
            bindparam("now", type_=BigInteger),
        ).where(true())  # SQLite wants a WHERE before ON CONFLICT
        for number in range(keys)
    ]
    columns = ["subject", "purpose", "consecutive", "touched_at"]
    made = insert_for(dialect, subjects).from_select(columns, union_all(*rows) if keys > 1 else rows[0])
    values = {"touched_at": made.excluded.touched_at, "consecutive": subjects.c.consecutive + made.excluded.consecutive}
    counted = made.on_conflict_do_update(index_elements=["subject", "purpose"], set_=values)
    return counted.returning(subjects.c.subject, subjects.c.purpose, subjects.c.consecutive)


@cache
def _windows(keys: int) -> Select[str, str, str, int]:
    table = tallies.c
    # Key by key, the moment inside: otherwise SQLite reads everybody's tallies of the day.
    each = (
        and_(
            table.subject == bindparam(f"subject_{number}"),
            table.purpose == bindparam(f"purpose_{number}"),
            table.kind.in_(("send", "wrong")),
            table.at > bindparam("since"),
        )
        for number in range(keys)
    )
    return select(table.subject, table.purpose, table.kind, table.at).where(or_(*each)).order_by(table.at)


def closed_by_answers(core: Core, counts: Counts) -> bool:
    """Whether wrong answers closed the self-service path of this subject."""
    limits = core.settings
    return counts.consecutive >= limits.otp_tries_consecutive or len(counts.wrong) >= limits.otp_tries_per_day


def refuse_when_spent(core: Core, unit: Unit, counts: Counts) -> None:
    """Raise DailyLimit when no further code may be sent, with the wait in seconds where one is known."""
    if counts.consecutive >= core.settings.otp_tries_consecutive:
        raise DailyLimit()
    limits = core.settings
    refuse_over(unit, (counts.wrong, limits.otp_tries_per_day, DAY_S), (counts.sends, limits.otp_sends_per_day, DAY_S))


def refuse_guesser(core: Core, unit: Unit, counts: Counts) -> None:
    """Raise DailyLimit when this sender gave too many wrong answers, whoever they were about."""
    limits = core.settings
    hour = tuple(at for at in counts.wrong if at > unit.now - HOUR_S)
    refuse_over(unit, (hour, limits.sender_wrong_per_hour, HOUR_S), (counts.wrong, limits.sender_wrong_per_day, DAY_S))


def refuse_over(unit: Unit, *limits: tuple[tuple[int, ...], int, int]) -> None:
    """Raise DailyLimit when one of these (events, how many may be, window in seconds) is full, with the wait for all of them."""
    # The event whose leaving the window brings its count under the limit: not the oldest when there are more.
    frees_at = [events[len(events) - most] + window_s for events, most, window_s in limits if len(events) >= most]
    if frees_at:
        raise DailyLimit(retry_after=max(1, max(frees_at) - unit.now))


def tally(unit: Unit, kind: str, *keys: Key) -> None:
    """Write one count under each key."""
    rows = [{"subject": key.subject, "purpose": key.purpose, "kind": kind, "at": unit.now} for key in keys]
    unit.conn.execute(_TALLY, rows)


def clear_run(unit: Unit, key: Key) -> None:
    """The answer was right: the run of wrong ones is over, the day's stay."""
    unit.conn.execute(_CLEAR, {"of": key.subject, "for": key.purpose})


def uncount_guess(unit: Unit, key: Key) -> None:
    """Nothing was compared: take back what `lock` counted."""
    unit.conn.execute(
        update(subjects)
        .where(subjects.c.subject == key.subject, subjects.c.purpose == key.purpose)
        .values(consecutive=subjects.c.consecutive - 1)
    )
