"""Bubbles on their way to a provider: one after the other, tried again a bounded number of times, gone on with after a crash."""

import asyncio
import logging
from typing import Any, Awaitable, Callable, Dict, Optional

from assistant.stores.message_log import MessageLog

logger = logging.getLogger(__name__)

MOST_TRIES = 6
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
"""Between two tries, doubled each time; a provider that names a time is believed up to the longest."""

Send = Callable[[str, Dict[str, Any]], Awaitable[None]]
"""Hands one bubble (as the screen shows it) of a conversation to the provider, or raises."""


class TryAgain(Exception):
    """The provider could not take a bubble now; `after_s` seconds when it named them. Whether it took it may be unknown."""

    def __init__(self, after_s: Optional[float] = None) -> None:
        super().__init__("try again")
        self.after_s = after_s


class GivenUp(Exception):
    """The provider will never take this bubble (the person has blocked us, the window is closed)."""


class Delivery:
    """Sends what the message log says is to be delivered.

    Another exception than `GivenUp` is tried again: it says nothing of what the provider did. `repeated` counts every try beyond
    a bubble's first, after which the person may see it twice: an answer that got lost, a crash between sending and noting it.
    """

    def __init__(self, log: MessageLog, send: Send, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._log = log
        self._send = send
        self._sleep = sleep
        self._workers: Dict[str, "asyncio.Task[None]"] = {}
        self.repeated = 0
        self.given_up = 0

    def recover(self, channel: str) -> None:
        """Go on with whatever a crash has left of a channel."""
        for conversation in self._log.deliveries.waiting(channel):
            self.start(conversation)

    def start(self, conversation: str) -> None:
        """Send what waits in a conversation, unless that is being done."""
        if conversation not in self._workers:
            self._workers[conversation] = asyncio.get_event_loop().create_task(self._work(conversation))

    async def finish(self, conversation: str) -> None:
        """Wait until nothing is under way in this conversation."""
        worker = self._workers.get(conversation)
        if worker is not None:
            await asyncio.wait({worker})

    async def close(self) -> None:
        """Stop sending; what is not sent is sent after the next start."""
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        if workers:
            await asyncio.wait(workers)

    async def _work(self, conversation: str) -> None:
        try:
            while (waiting := self._log.deliveries.next(conversation)) is not None:
                wait_s = await self._try(conversation, waiting.seq, waiting.tries)
                if wait_s is not None:
                    await self._sleep(wait_s)
        except Exception as error:  # the store is away: what waits is sent with the next bubble, or at the next start
            logger.error("deliveries stopped: %s", type(error).__name__)
        finally:
            self._workers.pop(conversation, None)

    async def _try(self, conversation: str, seq: int, tries: int) -> Optional[float]:
        """Send one bubble once; return the seconds to wait before the next try, None when it is settled."""
        deliveries = self._log.deliveries
        shown = self._log.messages(conversation, seq - 1)[:1]
        if tries >= MOST_TRIES or not shown:
            self._give_up(conversation, seq)
            return None
        self.repeated += bool(tries)
        deliveries.begin(conversation, seq)
        try:
            await self._send(conversation, shown[0])
        except GivenUp:
            self._give_up(conversation, seq)
            return None
        except Exception as error:
            logger.warning("a bubble was not taken: %s", type(error).__name__)
            named = error.after_s if isinstance(error, TryAgain) else None
            return min(LONGEST_WAIT_S, named if named is not None else FIRST_WAIT_S * 2**tries)
        deliveries.done(conversation, seq)
        return None

    def _give_up(self, conversation: str, seq: int) -> None:
        self.given_up += 1
        self._log.deliveries.done(conversation, seq)
        logger.error("a bubble was given up")
