"""Deletes what is older than it may become, every hour."""

import asyncio
import logging
from typing import Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError

logger = logging.getLogger(__name__)

EVERY_S = 3600.0
DAY_S = 86400.0

Expire = Callable[[float], int]
"""Deletes what is older than a time (seconds since 1970) and returns how much that was."""


class Retention:
    """Keeps `days` days of every store."""

    def __init__(self, days: float, now: Callable[[], float], stores: Sequence[Expire]) -> None:
        self._days = days
        self._now = now
        self._stores = stores

    def sweep(self) -> int:
        """Delete what is too old now; a store that fails is swept the next time."""
        deleted = 0
        for expire in self._stores:
            try:
                deleted += expire(self._now() - self._days * DAY_S)
            except SQLAlchemyError as error:
                logger.error("old conversations could not be deleted: %s", type(error).__name__)
        return deleted

    async def run(self) -> None:
        """Sweep for as long as the process lives."""
        while True:
            self.sweep()
            await asyncio.sleep(EVERY_S)
