"""Answers calls and leads each by voice turns over HTTP: says what a turn says, gathers what it asks for, and ends."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import httpx

from tests.hotline.rtp import Media
from tests.hotline.sip import CallOverError, Dialog, SipServer
from tests.hotline.voice import rendered, seconds

Event = Literal["start", "digits", "speech", "silence", "hangup"]

BETWEEN_KEYS_S = 3.0
"""How long a number that may go on is waited for, unless the turn says `inter_digit_s`."""

ANSWER_WITHIN_S = 15.0
"""A provider waits no longer for a turn (Twilio's error 11200)."""

LOOK_EVERY_S = 0.02


class TurnError(Exception):
    """A turn that was not answered, or with what nobody can do anything."""


@dataclass
class Turn:
    """What was sent, what came back, and how much of it the caller was told."""

    event: Event
    value: str
    answer: dict[str, Any]
    answered_in_s: float
    began_s: float
    """When it was answered, in seconds since the call was taken."""
    full_s: float = 0.0
    """How long it takes to say everything."""
    said_s: float = 0.0


@dataclass
class Conversation:
    """One call as the answerer saw it; `error` says what went wrong on this side."""

    dialog: Dialog
    turns: list[Turn] = field(default_factory=list)
    taken_at: float = 0.0
    error: str = ""
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Answerer:
    """Takes calls at a free port of this machine. Open it with `async with`."""

    def __init__(self, turn_url: str, headers: Mapping[str, str] | None = None, ring_s: float = 0.0) -> None:
        self.conversations: list[Conversation] = []
        self._turn_url = turn_url
        self._ring_s = ring_s
        self._http = httpx.AsyncClient(headers=dict(headers or {}), timeout=ANSWER_WITHIN_S, trust_env=False)

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await SipServer.opened(self._lead)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Listen no longer."""
        await self._server.close()
        await self._http.aclose()

    @property
    def address(self) -> str:
        """Host and port that a telephone dials."""
        return f"{self._server.host}:{self._server.port}"

    async def _lead(self, dialog: Dialog) -> None:
        conversation = Conversation(dialog)
        self.conversations.append(conversation)
        media = await Media.opened(dialog.offer.event_type or 0, self._server.host)
        try:
            await dialog.ring(self._ring_s)
            await dialog.accept(media.port)
            conversation.taken_at = time.monotonic()
            try:
                await self._talk(conversation, media)
            except CallOverError:
                await self._ask(conversation, "hangup", "")
        except CallOverError:
            pass  # before it was taken: there is nobody to tell
        except Exception as error:  # whatever it is, the call ends and the test is told
            conversation.error = f"{type(error).__name__}: {error}"
            await dialog.hang_up()
        finally:
            media.close()
            conversation.done.set()

    async def _talk(self, conversation: Conversation, media: Media) -> None:
        """Take turns until one ends the call. Raises CallOverError when the caller ends it."""
        dialog = conversation.dialog
        event: Event = "start"
        value = ""
        while True:
            turn = await self._ask(conversation, event, value)
            await self._say(turn, dialog, media)
            if turn.answer["hangup"] or turn.answer["transfer"]:
                # A transfer ends here: where it would have gone stands in the turn.
                await dialog.hang_up()
                return
            if not turn.answer["gather"]:
                raise TurnError(f"the turn after {event!r} neither gathers nor ends the call: {turn.answer}")
            event, value = await gathered(media, turn.answer["gather"], dialog.over.is_set)

    async def _say(self, turn: Turn, dialog: Dialog, media: Media) -> None:
        sound = await asyncio.to_thread(rendered, turn.answer["say"], turn.answer["lang"])
        turn.full_s = seconds(sound)
        may_stop = bool(turn.answer["barge_in"] and turn.answer["gather"])

        def stopped() -> bool:
            return dialog.over.is_set() or (may_stop and media.is_interrupted)

        turn.said_s = await media.say(sound, dialog.offer.address, stopped)
        if dialog.over.is_set():
            raise CallOverError

    async def _ask(self, conversation: Conversation, event: Event, value: str) -> Turn:
        """Take one turn. Raises TurnError when it does not come, CallOverError when the caller has left meanwhile."""
        dialog = conversation.dialog
        message = {"call_id": dialog.call_id, "from": dialog.caller, "event": event, "value": value}
        asked = time.monotonic()
        try:
            response = await self._http.post(self._turn_url, json=message)
        except httpx.HTTPError as error:
            raise TurnError(f"the turn {event!r} was not answered by {self._turn_url}: {type(error).__name__} {error}") from error
        if not response.is_success:
            raise TurnError(f"the turn {event!r} was answered by {self._turn_url} with {response.status_code}: {response.text}")
        now = time.monotonic()
        answer: dict[str, Any] = response.json() if response.content else {}
        turn = Turn(event, value, answer, now - asked, now - conversation.taken_at)
        conversation.turns.append(turn)
        if event != "hangup":
            missing = {"lang", "say", "gather", "barge_in", "transfer", "hangup"} - set(answer)
            if missing:
                raise TurnError(f"the turn {event!r} has no {', '.join(sorted(missing))}: {answer}")
            if dialog.over.is_set():
                raise CallOverError
        return turn


async def gathered(media: Media, gather: Mapping[str, Any], left: Callable[[], bool]) -> tuple[Event, str]:
    """Return the keys that a turn asks for, or the silence that came instead.

    `digits` keys end it, where `or` is given as many as that; after `digits` keys then, and before, a pause of
    `inter_digit_s` or a `#` ends it. Keys that were pressed before count first. Raises CallOverError when the caller leaves.
    """
    wanted, longer = int(gather.get("digits") or 1), int(gather.get("or") or 0)
    value = ""
    while len(value) < max(wanted, longer):
        within_s = float(gather.get("inter_digit_s", BETWEEN_KEYS_S) if value else gather["timeout_s"])
        key = await _next_key(media, within_s, left)
        if not key or (key == "#" and value):
            break
        value += key.replace("#", "")  # one without a key before it ended a number that was long enough already
    return ("digits", value) if value else ("silence", "")


async def _next_key(media: Media, within_s: float, left: Callable[[], bool]) -> str:
    """Return the next key, or an empty text when none has gone down within that many seconds."""
    until = time.monotonic() + within_s
    while not (key := media.next_key()):
        if left():
            raise CallOverError
        if time.monotonic() > until and not media.is_key_held:
            return ""
        await asyncio.sleep(LOOK_EVERY_S)
    return key
