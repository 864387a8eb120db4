"""What the kernel says of a process and its children (Linux)."""

import os
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def rss_mb(pid: int) -> float:
    """Return the resident memory."""
    pages = sum(int((PROC / str(one) / "statm").read_text().split()[1]) for one in _family(pid))
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu_s(pid: int) -> float:
    """Return the processor time used so far."""
    return sum(ticks((PROC / str(one) / "stat").read_text()) for one in _family(pid)) / TICKS_A_SECOND


def ticks(stat: str) -> int:
    """Return user and system time; the fields follow the name in parentheses, which may hold anything."""
    user, system = stat.rpartition(")")[2].split()[11:13]
    return int(user) + int(system)


def _family(pid: int) -> list[int]:
    children = (PROC / str(pid) / "task" / str(pid) / "children").read_text().split()
    return [pid, *(member for child in children for member in _family(int(child)))]
