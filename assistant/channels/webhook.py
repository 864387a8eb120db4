"""A channel whose provider posts to us what people write, and takes our bubbles over HTTP."""

import logging
import os
import uuid
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Dict, Iterable, Mapping, Optional, Text, Tuple

import aiohttp
from rasa.core.channels.channel import UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.channels.channel import Channel
from assistant.channels.conversations import Event
from assistant.channels.delivery import Delivery
from assistant.channels.gate import Refused
from assistant.channels.incoming import Incoming, greeting, pressed
from assistant.channels.rates import QueueFull, TooMany
from assistant.channels.typed_text import as_typed

logger = logging.getLogger(__name__)

SEND_WITHIN_S = 10.0


@dataclass(frozen=True)
class Sent:
    """What somebody at a provider has sent: a text, the token of a choice (`text` is its label), or neither and `says`.

    `id` is the provider's id of the message, by which a repeat is known. `says` names the response that answers it.
    """

    holder: str
    id: str
    text: str = ""
    token: Optional[str] = None
    says: Optional[str] = None
    comes_in: bool = False


class WebhookChannel(Channel):
    """Base of the channels with a provider. Whatever of a provider's is not genuine is refused; what is, is answered 200 at
    once when it is kept, and processed afterwards; a repeat is processed once.
    """

    delivers = True
    secrets: Tuple[str, ...] = ()
    """The environment's variables without which the channel is off."""

    def __init__(self, settings: Dict[Text, Any]) -> None:
        super().__init__(settings)
        self._delivery = Delivery(self._log, self.send)
        self._http: Optional[aiohttp.ClientSession] = None

    @property
    def missing(self) -> Tuple[str, ...]:
        """Return the secrets that are not set."""
        return tuple(name for name in self.secrets if not os.environ.get(name))

    @abstractmethod
    def is_genuine(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Tell whether the provider sent exactly these bytes."""

    @abstractmethod
    def read(self, body: bytes) -> Iterable[Sent]:
        """Return what people sent, of a genuine body; what is nobody's message is left out."""

    @abstractmethod
    async def send(self, conversation: str, shown: Dict[str, Any]) -> None:
        """Hand a bubble to the provider.

        Raises:
            GivenUp: it will never be taken. Anything else: it is tried again.
        """

    def confirm(self, request: Request) -> HTTPResponse:
        """Answer the provider's question whether we are here."""
        return response.text("ok")

    def rules(self) -> Dict[str, Tuple[int, float]]:
        """Return the rates; whoever is over them is told so once a minute."""
        return {**super().rules(), "told_minute": (1, 60)}

    def happened(self, conversation: str, event: Event) -> None:
        """Send what the bot says."""
        if event.get("message", {}).get("from") == "bot":
            self._delivery.start(conversation)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the webhook; without its secrets a channel has none."""
        hook = Blueprint(f"{self.name()}_webhook")
        if self.missing:
            logger.warning("the channel %s is off: %s is not set", self.name(), " and ".join(self.missing))
            return hook
        self.lives_with(hook)

        @hook.get("/webhook")
        async def ask(request: Request) -> HTTPResponse:
            return self.confirm(request)

        @hook.post("/webhook")
        async def post(request: Request) -> HTTPResponse:
            if not self.is_genuine(request.body, request.headers):
                logger.error("the channel %s refused a forged request; is its secret the provider's?", self.name())
                raise Refused(403, "forged", "the signature is not the provider's")
            if not self._conversations.is_ready:
                raise Refused(503, "no_model", "the assistant is starting", retry_after_s=5)
            await self._clock.refresh()
            for sent in self._read(request.body):
                await self._take(sent)
            return response.text("ok")

        return hook

    async def start(self, app: Sanic) -> None:
        """Begin to answer, and to send what a crash has left."""
        await super().start(app)
        self._delivery.recover(self.name())

    async def stop(self) -> None:
        """Let go of the provider too."""
        await super().stop()
        await self._delivery.close()
        if self._http is not None:
            await self._http.close()

    @property
    def http(self) -> aiohttp.ClientSession:
        """Return the connections to the provider."""
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SEND_WITHIN_S))
        return self._http

    def _read(self, body: bytes) -> Iterable[Sent]:
        try:
            return list(self.read(body))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            # Genuine and not understood: asked to repeat it, the provider would send the same again.
            logger.error("an event of %s could not be read: %s", self.name(), type(error).__name__)
            return []

    async def _take(self, sent: Sent) -> None:
        conversation = self._log.sessions.held_by(self.name(), sent.holder).conversation
        # The provider's id names the message in the whole product: its effects happen once.
        message_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.name()}:{sent.id}"))
        message = self._understood(conversation, message_id, sent)
        if message is None or self._log.was_received(message_id):
            return
        try:
            self.receive(conversation, message, once=True)
        except (TooMany, QueueFull):
            if self._rates.wait_s("told_minute", conversation) is None:
                await self._conversations.say(conversation, "utter_too_many_messages")

    def _understood(self, conversation: str, message_id: str, sent: Sent) -> Optional[Incoming]:
        choice = self._log.choice(conversation, sent.token) if sent.token else None
        text = as_typed(sent.text)
        if choice is not None:
            return pressed(message_id, choice)
        if sent.comes_in:
            return greeting(self._log.sessions.language(conversation), message_id)
        if sent.says or (sent.token and not text):
            return Incoming(None, message_id, text[: self._max_chars], says=sent.says or "utter_choice_is_old")
        if len(text) > self._max_chars:
            return Incoming(None, message_id, "", says="utter_message_too_long")
        return Incoming(None, message_id, text) if text else None
