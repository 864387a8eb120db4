"""How far long work is: a bar on a terminal, a line every few seconds anywhere else."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

BAR = 30  # characters
REDRAW_S = 0.2
LINE_EVERY_S = 5.0


class Progress:
    """Counts what is done of `total` things; with a total of None it tells the count and the rate alone."""

    def __init__(
        self, what: str, total: int | None, stream: TextIO | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._what = what
        self._total = total
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._monotonic = monotonic
        self._began = self._told = monotonic()
        self._done = 0

    def advance(self, count: int) -> None:
        """`count` more are done."""
        self._done += count
        now = self._monotonic()
        if now - self._told >= (REDRAW_S if self._terminal else LINE_EVERY_S):
            self._told = now
            self._tell(now)

    def end(self) -> None:
        """Draw the last state, and leave the bar's line."""
        if self._terminal:
            self._tell(self._monotonic())
            self._stream.write("\n")
            self._stream.flush()

    def _tell(self, now: float) -> None:
        rate = self._done / max(now - self._began, 0.001)
        text = f"{self._what}: {self._done:,}"
        if self._total:
            share = min(1.0, self._done / self._total)
            left_s = round((self._total - self._done) / rate) if rate else 0
            text += f" of {self._total:,} ({share:.0%}), {rate:,.0f}/s, {_clock(left_s)} left"
            if self._terminal:
                text = f"[{'#' * int(share * BAR):<{BAR}}] {text}"
        else:
            text += f", {rate:,.0f}/s"
        self._stream.write(f"\r\x1b[K{text}" if self._terminal else f"{text}\n")
        self._stream.flush()


def _clock(seconds: int) -> str:
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
