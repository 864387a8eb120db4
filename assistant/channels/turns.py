"""One turn: a message goes to Rasa, its answers onto the screen, and never silence, whatever fails on the way."""

import asyncio
import hashlib
import logging
import uuid
from typing import Any, Callable, Dict, List, Optional, Tuple

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from sqlalchemy.exc import SQLAlchemyError

from assistant.channels.action_endpoint import BoundedActionEndpoint
from assistant.channels.bubbles import BubbleOutput, to_bubble
from assistant.channels.incoming import Incoming, meaning
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


class Turns:
    """Plays turns for one channel. `turn_s` bounds one in seconds; `tell` hears of every bubble that is written.

    A turn that failed or said nothing ends with the busy sentence. One that was broken off by a crash is played again: the
    message's id makes every effect happen once, and each bubble is written once.
    """

    def __init__(
        self,
        channel: str,
        log: MessageLog,
        turn_s: float,
        voucher: Callable[[str, str], str],
        tell: Callable[[str, Dict[str, Any]], None],
    ) -> None:
        self._channel = channel
        self._log = log
        self._turn_s = turn_s
        self._voucher = voucher
        self._tell = tell
        self.agent: Any = None
        self.action_endpoint: Optional[BoundedActionEndpoint] = None

    async def play(self, conversation: str, message: Incoming) -> None:
        """Answer one message; the inbox lets go of it when everything is written."""
        unwritten: List[Tuple[str, Bubble]] = []

        async def deliver(bubble: Bubble) -> None:
            # What could not be written is written later, so that Rasa goes on and remembers what it has done.
            reply = f"{message.client_id}:{len(output.texts)}:{hashlib.sha256(bubble.text.encode()).hexdigest()[:12]}"
            if not unwritten:
                try:
                    return self._write(conversation, message, reply, bubble)
                except Exception as error:
                    logger.error("a bubble could not be written: %s", type(error).__name__)
            unwritten.append((reply, bubble))

        output = BubbleOutput(self._channel, deliver)
        failed = False
        if self.action_endpoint is not None:
            self.action_endpoint.begin_turn(conversation)
        try:
            await asyncio.wait_for(self._play(conversation, message, output), self._turn_s)
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
        await self._write_at_last(conversation, message, unwritten)

    async def say(self, conversation: str, response: str) -> None:
        """Put a response of the domain onto the screen without a turn."""
        self._tell(conversation, {"message": self._log.add_bot(conversation, await self._render(conversation, response))})

    async def cancel_task(self, conversation: str) -> None:
        """Let the action server throw an open draft away, in a turn that nobody sees."""
        try:
            await asyncio.wait_for(self._restart(conversation), self._turn_s)
        except Exception as error:  # the backend forgets an abandoned draft by itself
            logger.error("an open task could not be cancelled: %s", type(error).__name__)
        finally:
            if self.action_endpoint is not None:
                self.action_endpoint.take_failure(conversation)

    async def _play(self, conversation: str, message: Incoming, output: BubbleOutput) -> None:
        if message.tries and await self._say_again(conversation, message, output):
            return
        lang = self._language_of(conversation, message.text)
        if message.seq is not None:
            self._log.inbox.begin(conversation, message.seq)
        if message.says is not None:
            return await output.say(await self._render(conversation, message.says))
        self.agent.tracker_store.begin_turn(conversation)
        await self.agent.handle_message(self._user_message(conversation, message, lang, output))

    async def _say_again(self, conversation: str, message: Incoming, output: BubbleOutput) -> bool:
        """Say what the tracker remembers to have answered; False when it does not know the message."""
        tracker = await self.agent.tracker_store.retrieve(conversation)
        events = list(tracker.events) if tracker is not None else []
        ids = [event.message_id if isinstance(event, UserUttered) else None for event in events]
        if message.client_id not in ids:
            return False
        for event in events[ids.index(message.client_id) + 1 :]:
            if isinstance(event, UserUttered):
                break
            if isinstance(event, BotUttered):
                await output.send_response(conversation, {"text": event.text, **event.data})
        return True

    async def _restart(self, conversation: str) -> None:
        tracker = await self.agent.processor.get_tracker(conversation)
        if tracker.active_loop is None:
            return
        if self.action_endpoint is not None:
            self.action_endpoint.begin_turn(conversation)
        message = meaning(uuid.uuid4().hex, "", "restart")
        await self.agent.handle_message(
            self._user_message(conversation, message, self._log.sessions.language(conversation), None)
        )

    def _language_of(self, conversation: str, text: str) -> str:
        """Return the language to answer in: that of the person's last full sentence."""
        known, said = self._log.sessions.language(conversation), detect(text)
        if said is None or said == known:
            return known
        self._log.sessions.set_language(conversation, said)
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

    async def _render(self, conversation: str, response: str) -> Bubble:
        lang = "vi"
        try:
            lang = self._log.sessions.language(conversation)
            tracker = await self.agent.processor.get_tracker(conversation)
            message = await self.agent.processor.nlg.generate(response, tracker, self._channel)
            if message:
                return to_bubble(message)
        except Exception as error:
            logger.error("a response could not be rendered: %s", type(error).__name__)
        return Bubble(LAST_RESORT[lang])

    def _write(self, conversation: str, message: Incoming, reply: str, bubble: Bubble) -> None:
        if message.tries and self._log.has(conversation, reply):
            return
        self._tell(conversation, {"message": self._log.add_bot(conversation, bubble, reply)})

    async def _write_at_last(self, conversation: str, message: Incoming, bubbles: List[Tuple[str, Bubble]]) -> None:
        """Write what a turn has left, however long the store is away: an answer that was given must be seen."""
        while True:
            try:
                while bubbles:
                    self._write(conversation, message, *bubbles[0])
                    bubbles.pop(0)
                if message.seq is not None:
                    self._log.inbox.done(conversation, message.seq)
                return
            except Exception as error:
                logger.error("the chat's store is away: %s", type(error).__name__)
                await asyncio.sleep(STORE_AGAIN_S)
