"""The time of the whole product: the system's clock, and in demo mode the backend's adjustable one."""

import asyncio
import logging
import time
from datetime import datetime, timezone
from typing import Optional

import aiohttp

logger = logging.getLogger(__name__)

_ASK_TIMEOUT_S = 0.5


class Clock:
    """Seconds since 1970 as the backend counts them.

    With `offset_url` (demo mode: `GET /demo/clock`) `refresh` asks for the offset; while the backend is down the
    last known one holds. Without it the offset is always 0.
    """

    def __init__(self, offset_url: Optional[str] = None) -> None:
        self._offset_url = offset_url
        self._offset_s = 0.0
        self._http: Optional[aiohttp.ClientSession] = None

    async def refresh(self) -> None:
        """Ask the backend for its offset; at most half a second, silent when it does not answer."""
        if self._offset_url is None:
            return
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ASK_TIMEOUT_S))
        try:
            async with self._http.get(self._offset_url) as answer:
                self._offset_s = float((await answer.json(content_type=None))["offset_s"])
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError, KeyError, TypeError):
            logger.debug("the backend's clock did not answer, its last offset holds")

    async def close(self) -> None:
        """Close the connection to the backend."""
        if self._http is not None:
            await self._http.close()

    def now(self) -> float:
        """Return seconds since 1970."""
        return time.time() + self._offset_s

    def iso(self) -> str:
        """Return the time as ISO 8601 in UTC, to the second."""
        return datetime.fromtimestamp(self.now(), tz=timezone.utc).isoformat(timespec="seconds")
