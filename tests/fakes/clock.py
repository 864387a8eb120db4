"""The time both fake providers live in, which a test moves on instead of waiting."""

import asyncio
import time


class Clock:
    """Seconds since 1970.

    It runs with the machine's clock, or stands still at `standing_at`; `advance` moves either. Whoever sleeps until a moment that
    `advance` passes wakes at once, so the hour between two repeats of a webhook costs a test nothing.
    """

    def __init__(self, standing_at: float | None = None) -> None:
        self._standing_at = standing_at
        self._moved_s = 0.0
        self._moved = asyncio.Event()

    def now(self) -> float:
        """Return the time in seconds since 1970."""
        return (time.time() if self._standing_at is None else self._standing_at) + self._moved_s

    def now_ms(self) -> int:
        """Return the time in milliseconds since 1970, as both providers stamp their events."""
        return int(self.now() * 1000)

    def advance(self, seconds: float) -> None:
        """Move the time on and wake who slept until then; call it in the loop that the sleepers run in."""
        self._moved_s += seconds
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def sleep_until(self, until: float) -> None:
        """Wait until it is that many seconds since 1970 on this clock."""
        while (left := until - self.now()) > 0:
            try:
                async with asyncio.timeout(left if self._standing_at is None else None):
                    await self._moved.wait()
            except TimeoutError:
                continue
