"""The hotline 1900.9068: where telephones ask for turns. `calls.py` leads the call, this module is its doors."""

import json
import logging
import os
import time
from pathlib import Path
from typing import Any, Awaitable, Callable, List, Optional, Tuple

from rasa.core.channels.channel import UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.channels import jambonz, twiml
from assistant.channels.calls import EVENTS, CallEvent, Calls
from assistant.channels.espeak import spoken
from assistant.channels.gate import Refused
from assistant.channels.voice import Say, VoiceTurn

logger = logging.getLogger(__name__)

SIMULATOR = Path(__file__).parent / "telephone"
TWIML_TOKEN, JAMBONZ_SECRET = "HOTLINE_TWIML_TOKEN", "HOTLINE_JAMBONZ_SECRET"
LARGEST_FIELD = 200
LONGEST_PIECE, MOST_PIECES = 500, 10


class HotlineChannel(Calls):
    """Rasa input channel of the hotline: a door for each kind of telephone whose secret is set, and in demo mode a simulator."""

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes."""
        hotline = Blueprint("hotline")
        self.lives_with(hotline)
        self._open_twiml(hotline)
        self._open_jambonz(hotline)
        if os.environ.get("DEMO") == "1":
            self._open_simulator(hotline)
        return hotline

    def _open_twiml(self, hotline: Blueprint) -> None:
        token = _secret(TWIML_TOKEN)
        if not token:
            return

        @hotline.post("/twiml")
        async def by_twiml(request: Request) -> HTTPResponse:
            url = f"{self._public_url}{request.path}" + (f"?{request.query_string}" if request.query_string else "")
            self._require(twiml.is_genuine(token, url, request.body, request.headers.get("X-Twilio-Signature", "")))
            event = _read(twiml.read, request)
            turn = await self._turn(event)
            return response.text(twiml.answer(turn, self._next(request, event)), content_type="text/xml")

    def _open_jambonz(self, hotline: Blueprint) -> None:
        secret = _secret(JAMBONZ_SECRET)
        if not secret:
            return

        @hotline.post("/jambonz")
        async def by_jambonz(request: Request) -> HTTPResponse:
            signature = request.headers.get("Jambonz-Signature", "")
            self._require(jambonz.is_genuine(secret, request.body, signature, time.time()))
            event = _read(jambonz.read, request)
            turn = await self._turn(event)
            return response.json(jambonz.answer(turn, self._next(request, event)))

    def _open_simulator(self, hotline: Blueprint) -> None:
        hotline.static("/telephone", str(SIMULATOR / "index.html"), name="telephone")
        for file in sorted(SIMULATOR.iterdir()):
            hotline.static(f"/telephone/{file.name}", str(file), name=f"telephone_{file.name.replace('.', '_')}")

        @hotline.post("/telephone/voice")
        async def voice(request: Request) -> HTTPResponse:
            say, lang = _to_say(request.body)
            sound = await spoken(say, lang)
            if sound is None:
                raise Refused(501, "no_voice", "espeak-ng is not installed")
            return response.raw(sound, content_type="audio/wav")

        @hotline.post("/simulator")
        async def by_simulator(request: Request) -> HTTPResponse:
            return response.json((await self._turn(_simulated(request.body))).as_json())

    async def _turn(self, event: CallEvent) -> VoiceTurn:
        if not self._conversations.is_ready:
            raise Refused(503, "no_model", "the assistant is starting", retry_after_s=5)
        return await self.take(event)

    def _require(self, is_genuine: bool) -> None:
        if not is_genuine:
            logger.error("the hotline refused a forged request; are its secret and PUBLIC_URL the provider's?")
            raise Refused(403, "forged", "the signature is not the provider's")

    def _next(self, request: Request, event: CallEvent) -> str:
        return f"{self._public_url}{request.path}?turn={(event.turn or 0) + 1}"


def _secret(name: str) -> str:
    secret = os.environ.get(name, "")
    if not secret:
        logger.warning("a door of the hotline is closed: %s is not set", name)
    return secret


def _read(read: Callable[[bytes, Optional[int]], CallEvent], request: Request) -> CallEvent:
    turn = request.args.get("turn")
    try:
        return read(request.body, int(turn) if turn is not None else None)
    except (ValueError, LookupError, TypeError, AttributeError):
        raise Refused(400, "bad_event", "this is no event of a call") from None


def _to_say(body: bytes) -> Tuple[List[Say], str]:
    try:
        sent = json.loads(body)
        say = [
            {kind: str(one[kind])[:LONGEST_PIECE] for kind in ("text", "spell") if kind in one}
            for one in sent["say"][:MOST_PIECES]
        ]
        return [one for one in say if one], "en" if sent["lang"] == "en" else "vi"
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise Refused(400, "bad_text", "send say and lang") from None


def _simulated(body: bytes) -> CallEvent:
    try:
        sent = json.loads(body)
        fields = [sent.get(name, "") for name in ("call_id", "from", "event", "value")]
        turn = sent.get("turn")
    except (ValueError, AttributeError, RecursionError):
        raise Refused(400, "not_json", "the body is not a JSON object") from None
    if not all(isinstance(one, str) for one in fields) or not fields[0] or fields[2] not in EVENTS:
        raise Refused(400, "bad_event", f"send call_id, from, event ({', '.join(EVENTS)}) and value")
    if type(turn) not in (int, type(None)) or any(len(one) > LARGEST_FIELD for one in (fields[0], fields[1])):
        raise Refused(400, "bad_event", "turn is a number, the other fields are short")
    return CallEvent(*fields, turn=turn)
