"""How much of the machine other programs took during a run: numbers of a crowded machine are worth less."""

import os
import resource
import time
from pathlib import Path

from bench.process import TICKS_A_SECOND

IDLE_FIELDS = (3, 4)
"""`idle` and `iowait` of /proc/stat; the first eight fields add up to all time."""


class Company:
    """Watches from its making on."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._busy_s = busy_s(Path("/proc/stat").read_text())
        self._own_s = _own_s()

    def share(self) -> float:
        """Return the part of all cores that neither this process nor its ended children used, 0 to 1."""
        available_s = (time.monotonic() - self._started) * (os.cpu_count() or 1)
        others_s = busy_s(Path("/proc/stat").read_text()) - self._busy_s - (_own_s() - self._own_s)
        return min(1.0, max(0.0, others_s / available_s))


def busy_s(stat: str) -> float:
    """Return the seconds all cores together have worked, by the first line of /proc/stat."""
    fields = [int(field) for field in stat.split("\n", 1)[0].split()[1:9]]
    return sum(ticks for index, ticks in enumerate(fields) if index not in IDLE_FIELDS) / TICKS_A_SECOND


def _own_s() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)
