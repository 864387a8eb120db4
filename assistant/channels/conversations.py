"""One conversation after the other: a queue each, one turn at a time, and never silence."""

import asyncio
import logging
from collections import deque
from typing import Any, Callable, Deque, Dict, Optional, Set

from rasa.shared.core.events import SlotSet

from assistant.channels.action_endpoint import BoundedActionEndpoint
from assistant.channels.incoming import Incoming
from assistant.channels.turns import Turns
from assistant.stores.message_log import MessageLog

logger = logging.getLogger(__name__)


ACCEPT_FIRST_S = 0.02
"""A turn keeps the process busy for some milliseconds: whoever writes at the same moment is accepted first."""


class QueueFull(Exception):
    """As many messages as allowed are waiting in this conversation; nothing was kept."""


class Conversations:
    """Feeds accepted messages to their turns in order and tells listeners what happens.

    `turn_s` bounds a turn in seconds. More turns than `turns_at_once` would only take each other's time, until all are too
    late: the others wait, as all of them do after a crash.
    """

    def __init__(
        self,
        channel: str,
        log: MessageLog,
        queue_length: int,
        turns_at_once: int,
        turn_s: float,
        voucher: Callable[[str, str], str],
    ) -> None:
        self._log = log
        self._queue_length = queue_length
        self._places = asyncio.Semaphore(turns_at_once)
        self._waiting: Dict[str, Deque[Incoming]] = {}
        self._workers: Dict[str, "asyncio.Task[None]"] = {}
        self._listeners: Dict[str, Set["asyncio.Queue[Dict[str, Any]]"]] = {}
        self._turns = Turns(channel, log, turn_s, voucher, self.tell)

    def use(self, agent: Any, action_endpoint: Optional[BoundedActionEndpoint]) -> None:
        """Answer with this agent from now on."""
        self._turns.agent, self._turns.action_endpoint = agent, action_endpoint

    @property
    def is_ready(self) -> bool:
        """Tell whether there is a model to answer with."""
        return self._turns.agent is not None and self._turns.agent.is_ready()

    async def close(self) -> None:
        """Tell every listener that the server is going down, and let go of the action server."""
        for conversation in list(self._listeners):
            self.tell(conversation, {"closed": True})
        if self._turns.action_endpoint is not None:
            await self._turns.action_endpoint.close()

    def is_full(self, conversation: str) -> bool:
        """Tell whether another message would have to be refused."""
        return len(self._waiting.get(conversation, ())) >= self._queue_length

    def is_working(self, conversation: str) -> bool:
        """Tell whether a turn is under way or waiting: what the page shows as typing."""
        return conversation in self._workers

    def accept(self, conversation: str, message: Incoming) -> None:
        """Queue a message for its turn.

        Raises:
            QueueFull: too many are waiting.
        """
        if self.is_full(conversation):
            raise QueueFull()
        self._queue(conversation, message)

    async def recover(self) -> None:
        """Play what a crash has left, in the order it came; what cannot be played any more the person is asked for again."""
        for one in self._log.inbox.left():
            if one.is_given_up:
                await self._turns.say(one.conversation, "utter_message_lost")
                self._log.inbox.done(one.conversation, one.seq)
            else:
                self._queue(one.conversation, Incoming(one.seq, tries=one.tries, **one.body))

    async def finish(self, conversation: str) -> None:
        """Wait until nothing is under way in this conversation."""
        worker = self._workers.get(conversation)
        if worker is not None:
            await asyncio.wait({worker})

    async def forget(self, conversation: str) -> None:
        """End a conversation for good: what is under way stops, an open task is cancelled, every store deletes it."""
        self._log.end_sessions(conversation)  # from here on nobody can post into it
        self._waiting.pop(conversation, deque()).clear()
        worker = self._workers.pop(conversation, None)
        if worker is not None:
            worker.cancel()
            await asyncio.wait({worker})
        self.tell(conversation, {"closed": True})
        await self._turns.cancel_task(conversation)
        self._turns.agent.tracker_store.forget(conversation)
        self._log.forget(conversation)

    async def speak(self, conversation: str, lang: str) -> None:
        """Let the bot speak the language that was chosen on the screen."""
        self._log.set_language(conversation, lang)
        agent = self._turns.agent
        async with agent.lock_store.lock(conversation):
            tracker = await agent.processor.get_tracker(conversation)
            tracker.update(SlotSet("lang", lang))
            await agent.processor.save_tracker(tracker)

    def listen(self, conversation: str) -> "asyncio.Queue[Dict[str, Any]]":
        """Return a queue that receives every new message and typing change until `unlisten`."""
        queue: "asyncio.Queue[Dict[str, Any]]" = asyncio.Queue()
        self._listeners.setdefault(conversation, set()).add(queue)
        return queue

    def unlisten(self, conversation: str, queue: "asyncio.Queue[Dict[str, Any]]") -> None:
        """Stop a queue of `listen`."""
        queues = self._listeners.get(conversation, set())
        queues.discard(queue)
        if not queues:
            self._listeners.pop(conversation, None)

    def listeners(self, conversation: str) -> int:
        """Return how many screens show this conversation now."""
        return len(self._listeners.get(conversation, ()))

    def tell(self, conversation: str, event: Dict[str, Any]) -> None:
        """Hand an event to every listener of the conversation."""
        for queue in self._listeners.get(conversation, ()):
            queue.put_nowait(event)

    def _queue(self, conversation: str, message: Incoming) -> None:
        self._waiting.setdefault(conversation, deque()).append(message)
        if conversation not in self._workers:
            self._workers[conversation] = asyncio.get_event_loop().create_task(self._work(conversation))
            self.tell(conversation, {"typing": True})

    async def _work(self, conversation: str) -> None:
        queue = self._waiting[conversation]
        while queue:
            message = queue.popleft()
            await asyncio.sleep(ACCEPT_FIRST_S)
            async with self._places:
                await self._turns.play(conversation, message)
        self._waiting.pop(conversation, None)
        self._workers.pop(conversation, None)
        self.tell(conversation, {"typing": False})
