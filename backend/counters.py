"""What is counted, under whom: a subject (an account, or a decoy) and purpose, a sender, a person; windows roll over 24 hours."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, insert, or_, select, update

from backend.assertion import Sender
from backend.core import Core, Unit
from backend.database import insert_into
from backend.errors import DailyLimit
from backend.schema import subjects, tallies

HOUR_S = 3_600
DAY_S = 86_400
ANY = "any"  # the purpose of what is counted over all of them


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
    rows = [{"subject": k.subject, "purpose": k.purpose, "consecutive": int(k == guess), "touched_at": unit.now} for k in ordered]
    made = insert_into(unit.conn, subjects).values(rows)
    values = {"touched_at": unit.now, "consecutive": subjects.c.consecutive + made.excluded.consecutive}
    locked = made.on_conflict_do_update(index_elements=["subject", "purpose"], set_=values)
    consecutive = {
        Key(subject, purpose): count
        for subject, purpose, count in unit.conn.execute(
            locked.returning(subjects.c.subject, subjects.c.purpose, subjects.c.consecutive)
        )
    }
    events = unit.conn.execute(
        select(tallies.c.subject, tallies.c.purpose, tallies.c.kind, tallies.c.at)
        .where(
            # Key by key, the moment inside: otherwise SQLite reads everybody's tallies of the day.
            or_(*(_window(key, unit.now - DAY_S) for key in ordered))
        )
        .order_by(tallies.c.at)
    ).all()

    def of(key: Key, kind: str) -> tuple[int, ...]:
        return tuple(at for *found, what, at in events if (found, what) == ([key.subject, key.purpose], kind))

    return {key: Counts(consecutive[key] - int(key == guess), of(key, "wrong"), of(key, "send")) for key in ordered}


def _window(key: Key, since: int) -> ColumnElement[bool]:
    table = tallies.c
    return and_(table.subject == key.subject, table.purpose == key.purpose, table.kind.in_(("send", "wrong")), table.at > since)


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
    unit.conn.execute(insert(tallies).values(rows))


def clear_run(unit: Unit, key: Key) -> None:
    """The answer was right: the run of wrong ones is over, the day's stay."""
    unit.conn.execute(
        update(subjects).where(subjects.c.subject == key.subject, subjects.c.purpose == key.purpose).values(consecutive=0)
    )


def uncount_guess(unit: Unit, key: Key) -> None:
    """Nothing was compared: take back what `lock` counted."""
    unit.conn.execute(
        update(subjects)
        .where(subjects.c.subject == key.subject, subjects.c.purpose == key.purpose)
        .values(consecutive=subjects.c.consecutive - 1)
    )
