"""How many requests a caller may make: sliding windows in memory."""

import time
from collections import deque
from typing import Callable, Deque, Dict, Optional, Tuple


class Rates:
    """Counts per (rule, caller). A restart forgets the counts; security limits live in the backend's database.

    Rules map a name to (how many, in how many seconds).
    """

    def __init__(self, rules: Dict[str, Tuple[int, float]], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rules = rules
        self._monotonic = monotonic
        self._hits: Dict[Tuple[str, str], Deque[float]] = {}

    def wait_s(self, rule: str, caller: str) -> Optional[int]:
        """Count one request; return None when it is within the rule, else the seconds to wait (it is not counted)."""
        limit, window_s = self._rules[rule]
        now = self._monotonic()
        hits = self._hits.setdefault((rule, caller), deque())
        while hits and hits[0] <= now - window_s:
            hits.popleft()
        if len(hits) >= limit:
            return max(1, round(hits[0] + window_s - now))
        hits.append(now)
        if len(self._hits) > 10_000:
            self._forget_idle(now)
        return None

    def _forget_idle(self, now: float) -> None:
        longest = max(window_s for _, window_s in self._rules.values())
        self._hits = {key: hits for key, hits in self._hits.items() if hits and hits[-1] > now - longest}
