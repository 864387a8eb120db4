"""The wait before the next password: counted before it is compared, growing with every failure since the last success."""

from sqlalchemy import delete, func, select

from backend import counters
from backend.core import Core, Unit
from backend.counters import Key
from backend.schema import tallies

PURPOSE = "login"


def own_page_subject(account_id: str) -> str:
    """The key under which a logged-in person's failures to repeat the password are counted."""
    return f"own-page.{account_id}"


def begin(core: Core, unit: Unit, subject: str) -> int:
    """Count one attempt and return 0, or return the seconds to wait and count nothing."""
    counters.lock(unit, [Key(subject, PURPOSE)])
    limits = core.settings
    failures, last = unit.conn.execute(
        select(func.count(), func.max(tallies.c.at)).where(
            tallies.c.subject == subject,
            tallies.c.purpose == PURPOSE,
            tallies.c.at > unit.now - limits.login_window_s,
        )
    ).one()
    if failures >= limits.login_tries:
        delay = min(limits.login_delay_max_s, limits.login_delay_s * 2 ** min(10, failures - limits.login_tries))
        wait_s = int(last + delay - unit.now)
        if wait_s > 0:
            return wait_s
    counters.tally(unit, "login", Key(subject, PURPOSE))
    return 0


def clear(unit: Unit, subject: str) -> None:
    """The password was right: its failures are forgotten."""
    unit.conn.execute(delete(tallies).where(tallies.c.subject == subject, tallies.c.purpose == PURPOSE))
