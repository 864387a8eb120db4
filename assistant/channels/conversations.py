"""One conversation after the other: a queue each, one turn at a time, and never silence."""

import asyncio
from collections import deque
from dataclasses import replace
from typing import Any, Callable, Deque, Dict, Optional, Set

from rasa.shared.core.events import SlotSet

from assistant.channels.action_endpoint import BoundedActionEndpoint
from assistant.channels.incoming import Incoming
from assistant.channels.rates import QueueFull
from assistant.channels.turns import Turns
from assistant.stores.message_log import MessageLog

Event = Dict[str, Any]
"""`{"message": ...}`, `{"typing": bool}` or `{"closed": True}`."""
ACCEPT_FIRST_S = 0.02
"""A turn keeps the process busy for some milliseconds: whoever writes at the same moment is accepted first."""


class Conversations:
    """Feeds accepted messages to their turns in order and tells listeners what happens, `happened` of everything.

    `turn_s` bounds a turn in seconds. A turn waits for one of the `places`: more at once would only take each other's time,
    until all are too late, as after a crash.
    """

    def __init__(
        self,
        channel: str,
        log: MessageLog,
        queue_length: int,
        turn_s: float,
        voucher: Callable[[str, str], str],
        happened: Callable[[str, Event], None] = lambda conversation, event: None,
    ) -> None:
        self._channel = channel
        self._log = log
        self._queue_length = queue_length
        self._happened = happened
        self._places: Optional[asyncio.Semaphore] = None
        self._waiting: Dict[str, Deque[Incoming]] = {}
        self._workers: Dict[str, "asyncio.Task[None]"] = {}
        self._listeners: Dict[str, Set["asyncio.Queue[Event]"]] = {}
        self._turns = Turns(channel, log, turn_s, voucher, self.tell)

    def use(self, agent: Any, action_endpoint: Optional[BoundedActionEndpoint], places: asyncio.Semaphore) -> None:
        """Answer with this agent from now on."""
        self._turns.agent, self._turns.action_endpoint, self._places = agent, action_endpoint, places

    @property
    def is_ready(self) -> bool:
        """Tell whether there is a model to answer with."""
        return self._turns.agent is not None and self._turns.agent.is_ready()

    @property
    def domain(self) -> Any:
        """Return the domain of the model that answers."""
        return self._turns.agent.domain

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

    def receive(self, conversation: str, message: Incoming, once: bool) -> int:
        """Keep a message and queue its turn, unless it is known; return its seq.

        Raises:
            QueueFull: too many are waiting, and nothing was kept.
        """
        if self.is_full(conversation):
            raise QueueFull()
        seq, new = self._log.add_user(conversation, message.client_id, message.text, message.body(), once)
        if new:
            self._queue(conversation, replace(message, seq=seq))
            self.tell(conversation, {"message": self._log.messages(conversation, seq - 1)[0]})
        return seq

    def accept(self, conversation: str, message: Incoming) -> None:
        """Queue a message for its turn.

        Raises:
            QueueFull: too many are waiting.
        """
        if self.is_full(conversation):
            raise QueueFull()
        self._queue(conversation, message)

    async def say(self, conversation: str, response: str) -> None:
        """Say a response of the domain at once, whatever is waiting."""
        await self._turns.say(conversation, response)

    async def recover(self) -> None:
        """Play what a crash has left, in the order it came; what cannot be played any more the person is asked for again."""
        for one in self._log.inbox.left(self._channel):
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
        self._log.sessions.end(conversation)  # from here on nobody can post into it
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
        self._log.sessions.set_language(conversation, lang)
        agent = self._turns.agent
        async with agent.lock_store.lock(conversation):
            tracker = await agent.processor.fetch_tracker_and_update_session(conversation)
            tracker.update(SlotSet("lang", lang))
            await agent.processor.save_tracker(tracker)

    def listen(self, conversation: str) -> "asyncio.Queue[Event]":
        """Return a queue that receives every new message and typing change until `unlisten`."""
        queue: "asyncio.Queue[Event]" = asyncio.Queue()
        self._listeners.setdefault(conversation, set()).add(queue)
        return queue

    def unlisten(self, conversation: str, queue: "asyncio.Queue[Event]") -> None:
        """Stop a queue of `listen`."""
        queues = self._listeners.get(conversation, set())
        queues.discard(queue)
        if not queues:
            self._listeners.pop(conversation, None)

    def listeners(self, conversation: str) -> int:
        """Return how many screens show this conversation now."""
        return len(self._listeners.get(conversation, ()))

    def tell(self, conversation: str, event: Event) -> None:
        """Hand an event to every listener of the conversation."""
        self._happened(conversation, event)
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
            assert self._places is not None
            async with self._places:
                await self._turns.play(conversation, message)
        self._waiting.pop(conversation, None)
        self._workers.pop(conversation, None)
        self.tell(conversation, {"typing": False})
