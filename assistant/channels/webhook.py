"""A channel whose provider posts to us what people write, and takes our bubbles over HTTP."""

import asyncio
import logging
import os
import uuid
from abc import abstractmethod
from typing import Any, Awaitable, Callable, Dict, Iterable, List, Mapping, Optional, Text, Tuple

import aiohttp
from rasa.core.channels.channel import UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.channels.asides import Asides
from assistant.channels.channel import Channel
from assistant.channels.conversations import Event
from assistant.channels.delivery import Delivery, GivenUp
from assistant.channels.gate import Refused
from assistant.channels.layout import Layout, Room, fits, lay_out
from assistant.channels.rates import QueueFull, TooMany
from assistant.channels.refusals import Alarm, NeedsUs, PersonGone
from assistant.channels.sent import Sent, understood

logger = logging.getLogger(__name__)

SEND_WITHIN_S = 10.0


class WebhookChannel(Channel):
    """Base of the channels with a provider. Whatever of a provider's is not genuine is refused; what is, is answered 200 at
    once when it is kept, and processed afterwards; a repeat is processed once.

    A bubble becomes one or several messages of the provider's. Those it has taken are noted, so that after a failure or a crash
    only the missing ones are sent; the one whose fate is unknown is sent again.
    """

    delivers = True
    secrets: Tuple[str, ...] = ()
    """The environment's variables without which the channel is off."""
    room: Room
    """What the provider has room for beside a text."""

    def __init__(self, settings: Dict[Text, Any]) -> None:
        super().__init__(settings)
        self._delivery = Delivery(self._log, self.send)
        self._http: Optional[aiohttp.ClientSession] = None
        self._alarm = Alarm(self.name())
        self._asides = Asides(self.name())
        self._leaving: Dict[str, str] = {}

    @property
    def missing(self) -> Tuple[str, ...]:
        """Return the secrets that are not set; outside demo mode a demo secret is none."""
        demo = os.environ.get("DEMO") == "1"
        values = {name: os.environ.get(name, "") for name in self.secrets}
        return tuple(name for name, value in values.items() if not value or (value.startswith("demo-") and not demo))

    @abstractmethod
    def is_genuine(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Tell whether the provider sent exactly these bytes."""

    @abstractmethod
    def read(self, body: bytes) -> Iterable[Sent]:
        """Return what people sent, of a genuine body, in order; what is nobody's message is left out."""

    @abstractmethod
    def messages(self, layout: Layout) -> List[Dict[str, Any]]:
        """Return the provider's messages that show a bubble."""

    @abstractmethod
    async def post(self, address: str, message: Dict[str, Any]) -> None:
        """Hand one message to the provider.

        Raises:
            PersonGone, NeedsUs, GivenUp: it will never be taken. Anything else: it is tried again.
        """

    async def show_typing(self, address: str) -> None:
        """Let somebody see that an answer is being written, where the provider can show it; it may fail."""

    def is_numbered(self, shown: Dict[str, Any]) -> bool:
        """Tell whether a bubble's choices are a numbered list."""
        return bool(shown["choices"]) and not fits(shown["choices"], self.room)

    def confirm(self, request: Request) -> HTTPResponse:
        """Answer the provider's question whether we are here."""
        return response.text("ok")

    def rules(self) -> Dict[str, Tuple[int, float]]:
        """Return the rates; whoever is over them is told so once a minute."""
        return {**super().rules(), "told_minute": (1, 60)}

    def speaker(self, conversation: str) -> str:
        """Return who speaks; somebody who is leaving too, so that their open task is found and cancelled."""
        return self._leaving.get(conversation) or super().speaker(conversation)

    def happened(self, conversation: str, event: Event) -> None:
        """Send what the bot says, and show that it is at work."""
        if event.get("message", {}).get("from") == "bot":
            self._delivery.start(conversation)
        if event.get("typing"):
            self._asides.do(self._show_typing(conversation))

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
                await asyncio.sleep(0)  # a batch may hold a thousand
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
        self._asides.stop()
        if self._http is not None:
            await self._http.close()

    @property
    def http(self) -> aiohttp.ClientSession:
        """Return the connections to the provider."""
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SEND_WITHIN_S))
        return self._http

    async def send(self, conversation: str, shown: Dict[str, Any]) -> None:
        """Hand a bubble to the provider, or what is missing of it.

        Raises:
            GivenUp: it will never be taken. Anything else: it is tried again.
        """
        address, seen_at = self._log.sessions.address(conversation), self._log.sessions.seen_at(conversation)
        if address is None or seen_at is None or self._clock.now() - seen_at > float(self._settings["window_hours"]) * 3600:
            raise GivenUp()  # over and gone, or later than the provider lets a bot write
        if self._log.takeovers.is_on(self.name(), address):
            return
        deliveries, seq = self._log.deliveries, shown["seq"]
        messages = self.messages(self.laid_out(conversation, shown))
        try:
            for number in range(deliveries.taken(conversation, seq), len(messages)):
                await self.post(address, messages[number])
                if number + 1 < len(messages):
                    deliveries.take(conversation, seq)
        except PersonGone:
            self._let_go(conversation, address)
            raise
        except NeedsUs as error:
            self._alarm.ring(error.why)
            raise
        self._alarm.rest()

    def laid_out(self, conversation: str, shown: Dict[str, Any]) -> Layout:
        """Return how a bubble looks here."""
        variants = self._conversations.domain.responses["utter_answer_by_number"]
        lang = self._log.sessions.language(conversation)
        asks = next(one["text"] for one in variants if ("condition" in one) == (lang == "en"))
        return lay_out(shown, self.room, self._public_url, asks)

    def _read(self, body: bytes) -> Iterable[Sent]:
        try:
            return list(self.read(body))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            # Genuine and not understood: asked to repeat it, the provider would send the same again.
            logger.error("an event of %s could not be read: %s", self.name(), type(error).__name__)
            return []

    async def _take(self, sent: Sent) -> None:
        # The provider's id names the message in the whole product: its effects happen once.
        message_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.name()}:{sent.id}"))
        if self._log.was_received(message_id):
            return
        if sent.leaves or sent.is_human or self._log.takeovers.is_on(self.name(), sent.holder):
            self._take_aside(sent)
            self._log.note_received(message_id)
            return
        conversation = self._log.sessions.held_by(self.name(), sent.holder).conversation
        message = understood(self._log, conversation, message_id, sent, self._max_chars, self.is_numbered)
        if message is None:
            return
        try:
            self.receive(conversation, message, once=True)
        except (TooMany, QueueFull):
            if self._rates.wait_s("told_minute", conversation) is None:
                await self._conversations.say(conversation, "utter_too_many_messages")

    def _take_aside(self, sent: Sent) -> None:
        """Do what is due for something that is no message to the bot."""
        if sent.is_human:
            logger.info("somebody of ours writes by hand on %s: the bot keeps quiet for that person", self.name())
            self._log.takeovers.begin(self.name(), sent.holder, float(self._settings["human_minutes"]) * 60)
        conversation = self._log.sessions.conversation_of(self.name(), sent.holder) if sent.leaves else None
        if conversation is not None:
            self._let_go(conversation, sent.holder)

    async def _show_typing(self, conversation: str) -> None:
        address = self._log.sessions.address(conversation)
        if address is not None and not self._log.takeovers.is_on(self.name(), address):
            await self.show_typing(address)

    def _let_go(self, conversation: str, address: str) -> None:
        """Forget a conversation whose person is gone: at once nothing is sent into it, the stores follow."""
        self._leaving[conversation] = address
        self._log.sessions.end(conversation)
        self._asides.do(self._forget(conversation))

    async def _forget(self, conversation: str) -> None:
        try:
            await self._conversations.forget(conversation)
        finally:
            self._leaving.pop(conversation, None)
