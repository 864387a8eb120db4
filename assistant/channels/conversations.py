"""One conversation after the other: a queue each, one turn at a time, and never silence."""

import asyncio
import logging
import uuid
from collections import deque
from typing import Any, Callable, Deque, Dict, List, Optional, Set

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.events import SlotSet
from sqlalchemy.exc import SQLAlchemyError

from assistant.channels.action_endpoint import BoundedActionEndpoint
from assistant.channels.bubbles import BubbleOutput, to_bubble
from assistant.channels.incoming import Incoming
from assistant.nlu.language import detect
from assistant.stores.message_log import Bubble, MessageLog
from assistant.stores.tracker import ConversationMoved

logger = logging.getLogger(__name__)

LAST_RESORT = {
    "vi": "Hệ thống đang bận nên tôi chưa làm được việc này. Chưa có gì thay đổi. Bạn gửi lại sau ít phút nhé.",
    "en": "The system is busy, so I could not do this yet. Nothing has been changed. Please send it again in a few minutes.",
}
"""Said when not even the domain's `utter_system_busy` can be rendered."""


STORE_AGAIN_S = 1.0
"""So long after a failed write the chat's store is tried again."""


class QueueFull(Exception):
    """As many messages as allowed are waiting in this conversation; nothing was kept."""


class Conversations:
    """Feeds accepted messages to Rasa in order and tells listeners what happens.

    `turn_s` bounds a turn in seconds. A turn that failed or said nothing ends with the busy sentence.
    """

    def __init__(
        self, channel: str, log: MessageLog, queue_length: int, turn_s: float, voucher: Callable[[str, str], str]
    ) -> None:
        self._channel = channel
        self._log = log
        self._queue_length = queue_length
        self._turn_s = turn_s
        self._voucher = voucher
        self._waiting: Dict[str, Deque[Incoming]] = {}
        self._workers: Dict[str, "asyncio.Task[None]"] = {}
        self._listeners: Dict[str, Set["asyncio.Queue[Dict[str, Any]]"]] = {}
        self.agent: Any = None
        self.action_endpoint: Optional[BoundedActionEndpoint] = None

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
        self._waiting.setdefault(conversation, deque()).append(message)
        if conversation not in self._workers:
            self._workers[conversation] = asyncio.get_event_loop().create_task(self._work(conversation))
            self.tell(conversation, {"typing": True})

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
        try:
            await asyncio.wait_for(self._cancel_task(conversation), self._turn_s)
        except Exception as error:  # the backend forgets an abandoned draft by itself
            logger.error("an open task could not be cancelled: %s", type(error).__name__)
        finally:
            if self.action_endpoint is not None:
                self.action_endpoint.take_failure(conversation)
        self.agent.tracker_store.forget(conversation)
        self._log.forget(conversation)

    async def say(self, conversation: str, response: str) -> None:
        """Put a response of the domain onto the screen without a turn."""
        await self._deliver(conversation, await self._render(conversation, response))

    async def speak(self, conversation: str, lang: str) -> None:
        """Let the bot speak the language that was chosen on the screen."""
        self._log.set_language(conversation, lang)
        async with self.agent.lock_store.lock(conversation):
            tracker = await self.agent.processor.get_tracker(conversation)
            tracker.update(SlotSet("lang", lang))
            await self.agent.processor.save_tracker(tracker)

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

    def close_listeners(self) -> None:
        """Tell every listener that the server is going down."""
        for conversation in list(self._listeners):
            self.tell(conversation, {"closed": True})

    async def _work(self, conversation: str) -> None:
        queue = self._waiting[conversation]
        while queue:
            message = queue.popleft()
            await self._turn(conversation, message)
        self._waiting.pop(conversation, None)
        self._workers.pop(conversation, None)
        self.tell(conversation, {"typing": False})

    async def _turn(self, conversation: str, message: Incoming) -> None:
        unwritten: List[Bubble] = []

        async def deliver(bubble: Bubble) -> None:
            # What could not be written is written later, so that Rasa goes on and remembers what it has done.
            if not unwritten:
                try:
                    return await self._deliver(conversation, bubble)
                except Exception as error:
                    logger.error("a bubble could not be written: %s", type(error).__name__)
            unwritten.append(bubble)

        output = BubbleOutput(self._channel, deliver)
        failed = False
        if self.action_endpoint is not None:
            self.action_endpoint.begin_turn(conversation)
        try:
            lang = self._language_of(conversation, message.text)
            self.agent.tracker_store.begin_turn(conversation)
            await asyncio.wait_for(
                self.agent.handle_message(self._user_message(conversation, message, lang, output)), self._turn_s
            )
        except (SQLAlchemyError, ConversationMoved, asyncio.TimeoutError) as error:
            # Answered but not remembered: "nothing has been changed" would be wrong, and the backend's draft knows better.
            failed = not output.texts
            logger.error("a turn could not be ended: %s", type(error).__name__)
        except Exception as error:
            failed = True
            logger.error("a turn failed: %s", type(error).__name__)
        if self.action_endpoint is not None and self.action_endpoint.take_failure(conversation):
            failed = True
        if failed or not output.texts:
            busy = await self._render(conversation, "utter_system_busy")
            if busy.text not in output.texts:
                await deliver(busy)
        await self._write_at_last(conversation, unwritten, message.seq)

    async def _write_at_last(self, conversation: str, bubbles: List[Bubble], seq: Optional[int]) -> None:
        """Write what a turn has left, however long the store is away: an answer that was given must be seen."""
        while True:
            try:
                while bubbles:
                    await self._deliver(conversation, bubbles[0])
                    bubbles.pop(0)
                if seq is not None:
                    self._log.mark_answered(conversation, seq)
                return
            except Exception as error:
                logger.error("the chat's store is away: %s", type(error).__name__)
                await asyncio.sleep(STORE_AGAIN_S)

    def _language_of(self, conversation: str, text: str) -> str:
        """Return the language to answer in: that of the person's last full sentence."""
        known, said = self._log.language(conversation), detect(text)
        if said is None or said == known:
            return known
        self._log.set_language(conversation, said)
        return said

    def _user_message(self, conversation: str, message: Incoming, lang: str, output: Optional[OutputChannel]) -> UserMessage:
        return UserMessage(
            message.text,
            output,
            conversation,
            parse_data=message.parse_data,  # type: ignore[arg-type]
            input_channel=self._channel,
            message_id=message.client_id,
            metadata={"sender": self._voucher(conversation, lang)},
        )

    async def _cancel_task(self, conversation: str) -> None:
        """Let the action server throw an open draft away, in a turn that nobody sees."""
        tracker = await self.agent.processor.get_tracker(conversation)
        if tracker.active_loop is None:
            return
        if self.action_endpoint is not None:
            self.action_endpoint.begin_turn(conversation)
        restart = {"text": "", "intent": {"name": "restart", "confidence": 1.0}, "entities": []}
        message = Incoming(None, uuid.uuid4().hex, "", restart)
        await self.agent.handle_message(self._user_message(conversation, message, self._log.language(conversation), None))

    async def _render(self, conversation: str, response: str) -> Bubble:
        lang = "vi"
        try:
            lang = self._log.language(conversation)
            tracker = await self.agent.processor.get_tracker(conversation)
            message = await self.agent.processor.nlg.generate(response, tracker, self._channel)
            if message:
                return to_bubble(message)
        except Exception as error:
            logger.error("a response could not be rendered: %s", type(error).__name__)
        return Bubble(LAST_RESORT[lang])

    async def _deliver(self, conversation: str, bubble: Bubble) -> None:
        self.tell(conversation, {"message": self._log.add_bot(conversation, bubble)})
