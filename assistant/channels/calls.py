"""Calls, whatever telephone they come from: an event of the caller goes in, a turn to speak comes out."""

import asyncio
import uuid
from dataclasses import dataclass, replace
from typing import Any, Dict, List, Optional, Text, Tuple

from sanic import Sanic

from assistant.channels.account_backend import AccountBackend
from assistant.channels.channel import Channel
from assistant.channels.incoming import Incoming, meaning
from assistant.channels.keys import other_language, said_digits, said_key
from assistant.channels.rates import QueueFull, TooMany
from assistant.channels.spoken_passwords import FETCHED_WITHIN_S, redeem
from assistant.channels.typed_text import as_typed
from assistant.channels.voice import Say, VoiceTurn, seconds_of

EVENTS = ("start", "digits", "speech", "silence", "hangup")
RESET_KEY = "8"
RESET, NOTHING = "hotline_password", "nlu_fallback"
"""Intents: what key 8 means, and a silence."""
LANGUAGE_KEY = "9"
KEYS = {
    "1": "utter_hotline_menu",
    "2": "utter_hotline_fee",
    "3": "utter_hotline_offices",
    "4": "utter_hotline_email",
    "0": "utter_hotline_person",
}
"""What a key of the menu says; `RESET_KEY` begins the reset, as the agency's own menu has it."""
CODES = {10: "bhxh_code", 12: "personal_id"}
"""What a number of so many digits is."""
LONGEST_UNWRITTEN = 160
"""Characters (about nine seconds) of a text that was not written for the telephone; a longer one is not spoken."""
UNFINISHED = range(3, 9)
"""Digits of a code that was broken off; nine or eleven are a wrong one."""
REPEATED_WITHIN_S = 60.0
"""So long a telephone may ask for a turn again; until then, or the end of the call, what was read out stays in memory."""
ANONYMOUS = "anonymous"
_ELSEWHERE = "utter_hotline_elsewhere"


@dataclass(frozen=True)
class CallEvent:
    """What happened in a call. `caller` is a claim of the network it came from; `turn` numbers it where the telephone does."""

    call: str
    caller: str
    event: str
    value: str = ""
    turn: Optional[int] = None
    ten_at_once: bool = False
    """Whether this telephone ends a number after ten keys, because it cannot wait for ten or twelve."""


class Calls(Channel):
    """Leads calls: a call is a conversation, its number the caller's claim, and it ends when the caller hangs up.

    What a crash has left is not taken up: nobody is there any more to hear it.
    """

    recovers = False

    def __init__(self, settings: Dict[Text, Any]) -> None:
        super().__init__(settings)
        self._transfer_to = str(settings["transfer_to"])
        self._backend = AccountBackend(self._backend_url, self._key, FETCHED_WITHIN_S)
        self._begun: Dict[str, str] = {}
        self._heard: Dict[str, str] = {}
        self._read_out: Dict[Tuple[str, int], VoiceTurn] = {}

    @classmethod
    def name(cls) -> Text:
        """Return the name responses and vouchers know the channel by."""
        return "hotline"

    def rules(self) -> Dict[str, Tuple[int, float]]:
        """Return the rates, those of a calling number too."""
        return {
            **super().rules(),
            "calls_minute": (self._settings["calls_per_minute_per_number"], 60),
            "calls_day": (self._settings["calls_per_day_per_number"], 86400),
        }

    async def take(self, event: CallEvent) -> VoiceTurn:
        """Do what an event asks for and return what is spoken then. A turn that is asked for again is spoken again."""
        await self._clock.refresh()
        session = self._log.sessions.held_by(self.name(), event.call, event.caller or ANONYMOUS)
        conversation = session.conversation
        if event.event == "start":
            for silent in self._log.sessions.over(self.name()):  # calls whose end nobody told
                await self._leave(silent)
        if event.event == "hangup":
            await self._leave(conversation)
            return VoiceTurn(session.lang, is_over=True)
        begun = self._begun.pop(conversation, "")
        if begun:
            event = replace(event, event="digits", value=begun + event.value, ten_at_once=False)
        if event.ten_at_once and event.event == "digits" and len(event.value) == 10 and event.value[0] == "0":
            self._begun[conversation] = event.value
            return VoiceTurn(session.lang, gather="rest", seconds=self._log.sessions.age_s(conversation))
        try:
            message = await self._understood(conversation, event)
            seq = self.receive(conversation, message)
        except (TooMany, QueueFull):
            return await self._said(conversation, "utter_hotline_limit")
        await self._conversations.finish(conversation)
        known = self._read_out.get((conversation, seq))
        if known is not None:
            return known
        turn = self._read_out[conversation, seq] = await self._spoken(conversation, seq)
        asyncio.get_event_loop().call_later(REPEATED_WITHIN_S, self._read_out.pop, (conversation, seq), None)
        return turn

    async def stop(self) -> None:
        """Let go of the road to the passwords too."""
        await super().stop()
        await self._backend.close()

    async def start(self, app: Sanic) -> None:
        """Begin to answer calls; those of before are over."""
        await super().start(app)
        for conversation in self._log.sessions.conversations(self.name()):
            self._log.forget(conversation)
            app.ctx.dialogue.agent.tracker_store.forget(conversation)

    async def _leave(self, conversation: str) -> None:
        self._begun.pop(conversation, None)
        self._heard.pop(conversation, None)
        for key in [key for key in self._read_out if key[0] == conversation]:
            del self._read_out[key]
        await self._conversations.forget(conversation)

    async def _understood(self, conversation: str, event: CallEvent) -> Incoming:
        name = f"{event.call}:{event.turn}" if event.turn is not None else str(uuid.uuid4())
        message_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.name()}:{name}"))
        if event.event == "start":
            self._rates.count("calls_minute", event.caller)
            self._rates.count("calls_day", event.caller)
            return Incoming(None, message_id, "", says="utter_hotline_greeting")
        voice = self._waits_for(conversation)
        heard = self._heard.pop(conversation, "")
        if event.event == "silence":
            if voice.get("gather") == "code":
                return meaning(message_id, "", NOTHING)
            return Incoming(None, message_id, "", says=voice.get("silence", "utter_hotline_menu"))
        if event.event == "digits" and (voice.get("gather") != "code" or event.value == "0"):
            if len(event.value) in CODES:  # keyed ahead, or after a restart of ours
                code = {"entity": CODES[len(event.value)], "value": event.value, "start": 0, "end": len(event.value)}
                return meaning(message_id, event.value, RESET, [code])
            return await self._pressed(conversation, message_id, event.value[-1:])
        if event.event == "speech" and other_language(event.value, self._log.sessions.language(conversation)):
            return await self._pressed(conversation, message_id, LANGUAGE_KEY)
        if voice.get("gather") == "code":
            if event.value == LANGUAGE_KEY:
                await self._pressed(conversation, message_id, LANGUAGE_KEY)
            if event.value in (LANGUAGE_KEY, RESET_KEY):
                return Incoming(None, message_id, "", says="utter_ask_hotline_password_code")
            if digits := said_digits(event.value):
                event = replace(event, value=heard + digits)
                if len(event.value) in UNFINISHED:  # a pause in the middle: the rest comes with the next breath
                    self._heard[conversation] = event.value
                    return Incoming(None, message_id, "", says="utter_hotline_password_more")
        elif event.event == "speech" and (key := said_key(event.value)) is not None:
            return await self._pressed(conversation, message_id, key)
        text = as_typed(f"{voice.get('listens', '')} {event.value}")[: self._max_chars]
        return Incoming(None, message_id, text) if text else meaning(message_id, "", NOTHING)

    async def _pressed(self, conversation: str, message_id: str, key: str) -> Incoming:
        if key == RESET_KEY:
            return meaning(message_id, key, RESET)
        if key == LANGUAGE_KEY:
            lang = "vi" if self._log.sessions.language(conversation) == "en" else "en"
            await self._conversations.speak(conversation, lang)
        return Incoming(None, message_id, key, says=KEYS.get(key, "utter_hotline_menu"))

    def _waits_for(self, conversation: str) -> Dict[str, Any]:
        bubbles = [one for one in self._log.messages(conversation) if one["from"] == "bot"]
        return dict(bubbles[-1].get("voice") or {}) if bubbles else {}

    async def _said(self, conversation: str, response: str) -> VoiceTurn:
        last = self._log.last(conversation)
        await self._conversations.say(conversation, response)
        return await self._spoken(conversation, last)

    async def _spoken(self, conversation: str, after: int) -> VoiceTurn:
        """Return what the bubbles between a message and the caller's next one say."""
        turn = VoiceTurn(self._log.sessions.language(conversation))
        for bubble in self._log.messages(conversation, after):
            if bubble["from"] != "bot":
                break
            voice = bubble.get("voice")
            if voice is None and len(bubble["text"]) > LONGEST_UNWRITTEN:
                return await self._said(conversation, _ELSEWHERE)
            if not await self._add(turn, conversation, bubble["text"], voice or {"gather": "menu"}):
                return await self._said(conversation, "utter_hotline_password_unheard")
        if turn.is_over or turn.transfer is not None:  # nothing may break into a password that is being read out
            turn.gather = None
        turn.is_over = turn.is_over or (turn.gather is None and turn.transfer is None)
        turn.seconds = self._log.sessions.age_s(conversation) + seconds_of(turn.say, turn.lang)
        return turn

    async def _add(self, turn: VoiceTurn, conversation: str, text: str, voice: Dict[str, Any]) -> bool:
        """Add a bubble to a turn; False when it holds the handle of a password that cannot be had."""
        say: List[Say] = [{"text": text}]
        if "handle" in voice:
            spell = await redeem(self._backend, self.voucher(conversation, turn.lang), voice["handle"])
            if spell is None:
                return False
            say += [{"spell": spell}, {"text": voice["again"]}, {"spell": spell}, {"text": voice["last"]}]
        if "spell" in voice:
            say.append({"spell": voice["spell"]})
        turn.say += say
        turn.gather = voice.get("gather", turn.gather)
        turn.is_over = bool(voice.get("hangup"))
        if voice.get("transfer"):
            turn.transfer = self._transfer_to
        return True
