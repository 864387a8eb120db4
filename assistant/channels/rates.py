"""How many requests a caller may make, in memory; and what a channel says when it is too much."""

import math
import time
from typing import Callable, Dict, Optional, Tuple


class TooMany(Exception):
    """A caller has used up a rate; `wait_s` seconds from now there is room again."""

    def __init__(self, wait_s: int) -> None:
        super().__init__("too many")
        self.wait_s = wait_s


class QueueFull(Exception):
    """As many messages as allowed are waiting in this conversation; nothing was kept."""


class Rates:
    """Limits per (rule, caller), by the generic cell rate algorithm: one number a caller, however many requests.

    Rules map a name to (how many, in how many seconds): so many at once, then evenly. A restart forgets everything;
    security limits live in the backend's database.
    """

    def __init__(self, rules: Dict[str, Tuple[int, float]], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rules = rules
        self._monotonic = monotonic
        self._used_up_until: Dict[Tuple[str, str], float] = {}
        self._sweep_above = 1000

    def count(self, rule: str, caller: str) -> None:
        """Count one request.

        Raises:
            TooMany: it is over the rule, and not counted.
        """
        wait_s = self.wait_s(rule, caller)
        if wait_s is not None:
            raise TooMany(wait_s)

    def wait_s(self, rule: str, caller: str) -> Optional[int]:
        """Count one request; return None when it is within the rule, else the seconds to wait (it is not counted)."""
        limit, window_s = self._rules[rule]
        now = self._monotonic()
        until = max(now, self._used_up_until.get((rule, caller), now)) + window_s / limit
        wait_s = until - now - window_s
        if wait_s > 1e-6:
            return math.ceil(wait_s - 1e-6)
        self._used_up_until[rule, caller] = until
        if len(self._used_up_until) > self._sweep_above:
            self._used_up_until = {key: until for key, until in self._used_up_until.items() if until > now}
            self._sweep_above = 1000 + 2 * len(self._used_up_until)
        return None
