"""Counts a subject (an account, or a decoy) and purpose; windows roll over 24 hours."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from backend.core import Core, Unit
from backend.database import insert_into
from backend.errors import DailyLimit
from backend.schema import subjects, tallies

DAY_S = 86_400


@dataclass(frozen=True)
class Counts:
    """What was counted before this request: the seconds at which the window's events fell, oldest first."""

    consecutive: int
    wrong: tuple[int, ...]
    sends: tuple[int, ...]


def account_subject(core: Core, account_id: str) -> str:
    """The key everything about an account is counted under."""
    return core.keys.mac("subject", "account", account_id)


def decoy_subject(core: Core, code: str, email: str) -> str:
    """The key for a code and an email that do not belong together."""
    return core.keys.mac("subject", "decoy", code, email)


def lock(unit: Unit, subject: str, purpose: str) -> Counts:
    """Lock the subject's row until the commit and read its counts: parallel requests queue here."""
    made = insert_into(unit.conn, subjects).values(subject=subject, purpose=purpose, consecutive=0, touched_at=unit.now)
    consecutive = unit.conn.execute(
        made.on_conflict_do_update(index_elements=["subject", "purpose"], set_={"touched_at": unit.now}).returning(
            subjects.c.consecutive
        )
    ).scalar_one()
    rows = unit.conn.execute(
        select(tallies.c.kind, tallies.c.at)
        .where(tallies.c.subject == subject, tallies.c.purpose == purpose, tallies.c.at > unit.now - DAY_S)
        .order_by(tallies.c.at)
    ).all()
    wrong = tuple(at for kind, at in rows if kind == "wrong")
    sends = tuple(at for kind, at in rows if kind == "send")
    return Counts(consecutive, wrong, sends)


def closed_by_answers(core: Core, counts: Counts) -> bool:
    """Whether wrong answers closed the self-service path of this subject."""
    limits = core.settings
    return counts.consecutive >= limits.otp_tries_consecutive or len(counts.wrong) >= limits.otp_tries_per_day


def refuse_when_spent(core: Core, unit: Unit, counts: Counts) -> None:
    """Raise DailyLimit when no further code may be sent, with the wait in seconds where one is known."""
    if counts.consecutive >= core.settings.otp_tries_consecutive:
        raise DailyLimit()
    limits = ((counts.wrong, core.settings.otp_tries_per_day), (counts.sends, core.settings.otp_sends_per_day))
    # The event whose leaving the window brings its count under the limit: not the oldest when there are more.
    frees_at = [events[len(events) - limit] + DAY_S for events, limit in limits if len(events) >= limit]
    if frees_at:
        raise DailyLimit(retry_after=max(frees_at) - unit.now)


def tally(unit: Unit, subject: str, purpose: str, kind: str) -> int:
    """Write one count; returns its row id."""
    row = insert(tallies).values(subject=subject, purpose=purpose, kind=kind, at=unit.now)
    return int(unit.conn.execute(row.returning(tallies.c.id)).scalar_one())


def count_wrong(unit: Unit, subject: str, purpose: str) -> int:
    """Count one wrong answer, before it is known to be one; returns the row id of the count."""
    unit.conn.execute(
        update(subjects)
        .where(subjects.c.subject == subject, subjects.c.purpose == purpose)
        .values(consecutive=subjects.c.consecutive + 1)
    )
    return tally(unit, subject, purpose, "wrong")


def uncount_right(unit: Unit, subject: str, purpose: str, row_id: int) -> None:
    """The answer was right: take back its own count and the consecutive ones, never the day's."""
    unit.conn.execute(delete(tallies).where(tallies.c.id == row_id))
    unit.conn.execute(update(subjects).where(subjects.c.subject == subject, subjects.c.purpose == purpose).values(consecutive=0))
