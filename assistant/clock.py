"""The time of the whole product: the system's clock, and in demo mode the backend's adjustable one."""

import json
import logging
import time
import urllib.request
from datetime import datetime, timezone
from typing import Optional

logger = logging.getLogger(__name__)

_ASK_TIMEOUT_S = 0.5
_SILENT_S = 2.0
"""So long nobody asks again after an ask failed: each blocks every conversation until its timeout."""


class Clock:
    """Seconds since 1970 as the backend counts them.

    With `offset_url` (demo mode: `GET /demo/clock`) `refresh` asks for the offset; while the backend is down the
    last known one holds. Without it the offset is always 0.
    """

    def __init__(self, offset_url: Optional[str] = None) -> None:
        self._offset_url = offset_url
        self._offset_s = 0.0
        self._silent_until = 0.0

    def refresh(self) -> None:
        """Ask the backend for its offset; blocking, at most half a second, silent when it does not answer."""
        if self._offset_url is None or time.monotonic() < self._silent_until:
            return
        try:
            with urllib.request.urlopen(self._offset_url, timeout=_ASK_TIMEOUT_S) as answer:
                self._offset_s = float(json.load(answer)["offset_s"])
        except (OSError, ValueError, KeyError, TypeError):
            self._silent_until = time.monotonic() + _SILENT_S
            logger.debug("the backend's clock did not answer, its last offset holds")

    def now(self) -> float:
        """Return seconds since 1970."""
        return time.time() + self._offset_s

    def iso(self) -> str:
        """Return the time as ISO 8601 in UTC, to the second."""
        return datetime.fromtimestamp(self.now(), tz=timezone.utc).isoformat(timespec="seconds")
