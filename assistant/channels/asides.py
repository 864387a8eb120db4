"""Work that nothing waits for and whose failure is nobody's business but the log's."""

import asyncio
import logging
from typing import Coroutine, Set

logger = logging.getLogger(__name__)


class Asides:
    """The tasks of one channel beside its turns."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._tasks: Set["asyncio.Task[None]"] = set()

    @property
    def are_under_way(self) -> bool:
        """Tell whether anything is being done."""
        return bool(self._tasks)

    def do(self, work: "Coroutine[None, None, None]") -> None:
        """Begin something."""
        task = asyncio.get_event_loop().create_task(self._quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        """Break off what is not done."""
        for task in list(self._tasks):
            task.cancel()

    async def _quietly(self, work: "Coroutine[None, None, None]") -> None:
        try:
            await work
        except Exception as error:
            logger.warning("something beside a turn of %s failed: %s", self._channel, type(error).__name__)
