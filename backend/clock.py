"""Time as a value that is passed in, so that tests never sleep and the demo can move it."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

VIETNAM = timezone(timedelta(hours=7))


class Clock(Protocol):
    """A source of the present moment."""

    def now(self) -> int:
        """Whole seconds since the epoch, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """Whole seconds since the epoch, UTC."""
        return int(time.time())


class OffsetClock:
    """The machine's clock moved by an offset in seconds; used in demo mode only."""

    def __init__(self, base: Clock, offset_s: int = 0) -> None:
        self._base = base
        self.offset_s = offset_s

    def now(self) -> int:
        """Whole seconds since the epoch, UTC, offset included."""
        return self._base.now() + self.offset_s


def iso(moment: int) -> str:
    """ISO 8601 with the offset of Vietnam, from seconds since the epoch."""
    return datetime.fromtimestamp(moment, UTC).astimezone(VIETNAM).isoformat()


def today(moment: int) -> date:
    """The date in Vietnam, from seconds since the epoch."""
    return datetime.fromtimestamp(moment, VIETNAM).date()
