"""What every channel is: it accepts a message at once, keeps it, has it answered in order, and goes on after a crash."""

import os
from typing import Any, Dict, Optional, Text, Tuple, Type, TypeVar

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic

from assistant.channels.conversations import Conversations, Event
from assistant.channels.incoming import Incoming
from assistant.channels.rates import Rates
from assistant.channels.startup import channel_credential, one_clock, one_dialogue, require_model
from assistant.channels.voucher import vouch
from assistant.logs import blank_logs
from assistant.stores.message_log import MessageLog
from assistant.stores.retention import Retention
from assistant.stores.sealing import Seal

Made = TypeVar("Made", bound="Channel")


class Channel(InputChannel):
    """The base of all channels; its settings are the channel's block in `credentials.yml`.

    A channel on top of it checks who is at the door, hands what it was sent to `receive`, and shows what is in the log.
    """

    delivers = False
    """Whether bubbles wait until a provider has taken them."""
    recovers = True
    """Whether a message that a crash has left is still worth an answer."""

    def __init__(self, settings: Dict[Text, Any]) -> None:
        blank_logs()
        self._settings = settings
        self._key = channel_credential(os.environ)
        require_model(os.environ)
        demo = os.environ.get("DEMO") == "1"
        self._times = 100 if demo else 1
        self._backend_url = os.environ["BACKEND_URL"]
        self._public_url = (os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{os.environ.get('PORT', '5005')}").rstrip("/")
        self._max_chars = int(settings["max_characters"])
        self._clock = one_clock(f"{self._backend_url}/demo/clock" if demo else None)
        idle_s, life_s = settings["idle_minutes"] * 60, settings["life_hours"] * 3600
        seal = Seal(os.environ["CHANNEL_CREDENTIAL"])
        self._log = MessageLog(settings["message_log"], self._clock, idle_s, life_s, seal, self.delivers)
        self._rates = Rates({name: (count * self._times, window_s) for name, (count, window_s) in self.rules().items()})
        deadline_s = float(settings["turn_deadline_s"])
        self._conversations = Conversations(
            self.name(), self._log, int(settings["queue_length"]), deadline_s, self.voucher, self.happened
        )

    @classmethod
    def from_credentials(cls: Type[Made], credentials: Optional[Dict[Text, Any]]) -> Made:
        """Build the channel from its block in `credentials.yml`."""
        return cls(credentials or {})

    def rules(self) -> Dict[str, Tuple[int, float]]:
        """Return the rates: a rule's name -> how many, in how many seconds. Demo mode allows a hundred times as many."""
        return {
            "message_minute": (self._settings["messages_per_minute"], 60),
            "message_hour": (self._settings["messages_per_hour"], 3600),
        }

    def voucher(self, conversation: str, lang: str) -> str:
        """Return this channel's word to the backend about who speaks: at a provider its person, else the conversation."""
        return vouch(self._key, self.name(), self.speaker(conversation), conversation, lang, self._clock.now())

    def speaker(self, conversation: str) -> str:
        """Return who speaks in a conversation, as the backend hears it."""
        return self._log.sessions.address(conversation) or conversation

    def happened(self, conversation: str, event: Event) -> None:
        """Hear of every new message and of typing."""

    def receive(self, conversation: str, message: Incoming, once: bool = False) -> int:
        """Keep a message and queue its turn; return its seq. A repeat (`once`: in any conversation) is the message it repeats.

        Raises:
            TooMany, QueueFull: nothing was kept.
        """
        self._rates.count("message_minute", conversation)
        self._rates.count("message_hour", conversation)
        return self._conversations.receive(conversation, message, once)

    def lives_with(self, routes: Blueprint) -> None:
        """Start and stop with the server that has these routes."""

        @routes.listener("after_server_start")
        async def begin(app: Sanic, _: Any) -> None:
            await self.start(app)

        @routes.listener("before_server_stop")
        async def end(app: Sanic, _: Any) -> None:
            await self.stop()

    async def start(self, app: Sanic) -> None:
        """Begin to answer: with the process's one dialogue, and first what a crash has left."""
        dialogue = one_dialogue(
            app, self._clock.now, float(self._settings["action_deadline_s"]), int(self._settings["turns_at_once"])
        )
        self._conversations.use(dialogue.agent, dialogue.action_endpoint, dialogue.places)
        await self._clock.refresh()
        if self.recovers:
            await self._conversations.recover()
        else:
            self._log.inbox.clear(self.name())
        expire = [self._log.expire, dialogue.agent.tracker_store.expire]
        retention = Retention(float(self._settings["keep_days"]), self._clock.now, expire)
        app.add_task(retention.run(), name=f"retention of {self.name()}")

    async def stop(self) -> None:
        """Let go of everything that is open."""
        await self._conversations.close()
        await self._clock.close()
