"""What tests read afterwards: every limit that was broken, and every call that came in."""

from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.fakes.clock import Clock

KEPT = 20_000
"""Entries of each list; a run of a thousand messages makes some ten thousand calls."""


@dataclass(frozen=True)
class Fault:
    """Something our channel must not do; `kind` is a fixed word for tests, `detail` is for people."""

    kind: str
    detail: str
    user: str
    at_ms: int


@dataclass(frozen=True)
class Call:
    """One call of our channel at the provider's API; `error` is the provider's own code, 0 when it was taken."""

    path: str
    status: int
    error: int
    body: Any
    at_ms: int


@dataclass
class Journal:
    """Faults and calls of one provider, oldest first."""

    clock: Clock
    faults: deque[Fault] = field(default_factory=lambda: deque(maxlen=KEPT))
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=KEPT))

    def fault(self, kind: str, detail: str, user: str = "") -> None:
        """Write a fault down."""
        self.faults.append(Fault(kind, detail, user, self.clock.now_ms()))

    def call(self, path: str, status: int, error: int, body: Any) -> None:
        """Write a call down; tokens are headers and never stand here."""
        self.calls.append(Call(path, status, error, body, self.clock.now_ms()))

    def as_json(self, what: str) -> list[dict[str, Any]]:
        """Return `faults` or `calls` for JSON."""
        return [asdict(entry) for entry in getattr(self, what)]
