"""How many bytes of pictures may be in memory while they arrive and wait, over all requests of this process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from backend.errors import Busy
from backend.photos.images import MAX_BYTES

PICTURES = 12  # of the largest size at once: 96 MiB


class Intake:
    """One budget of bytes for everybody: who sends slowly holds only what came so far."""

    def __init__(self, most: int = PICTURES * MAX_BYTES) -> None:
        self._most = most
        self._held = 0
        self._lock = threading.Lock()

    @property
    def held(self) -> int:
        """The bytes held now."""
        return self._held

    @contextmanager
    def space(self) -> Iterator["Space"]:
        """Space for one request's pictures; all of it is given back at the end of the block."""
        space = Space(self)
        try:
            yield space
        finally:
            space.empty()

    def _change(self, count: int) -> None:
        with self._lock:
            if count > 0 and self._held + count > self._most:
                raise Busy(retry_after=5)
            self._held += count


class Space:
    """What one request holds of the budget, in bytes."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._count = 0

    def take(self, count: int) -> None:
        """Hold that many bytes more; raises Busy when everybody together holds too many."""
        self._intake._change(count)
        self._count += count

    def empty(self) -> None:
        """Give all of it back."""
        self._intake._change(-self._count)
        self._count = 0
