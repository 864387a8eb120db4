"""Calls of a jambonz server: JSON signed with a time and HMAC-SHA256 comes in, verbs go out."""

import hashlib
import hmac
import json
import re
from typing import Any, Dict, List, Optional

from assistant.channels.calls import CallEvent
from assistant.channels.voice import GATHERS, HINTS, LANGUAGES, VoiceTurn, as_text

TOLERANCE_S = 300
"""How old a signature may be (@jambonz/sdk 0.10.1)."""
VOICES = {"vi": "vi-VN-Wavenet-A", "en": "en-US-Wavenet-C"}
ENDED = ("completed", "failed", "busy", "no-answer")
_SIGNATURE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


def is_genuine(secret: str, body: bytes, signature: str, now: float) -> bool:
    """Tell whether who knows `secret` sent this body within the last minutes (`now` in seconds since 1970)."""
    found = _SIGNATURE.fullmatch(signature)
    if found is None or abs(now - int(found[1])) > TOLERANCE_S:
        return False
    expected = hmac.new(secret.encode(), found[1].encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, found[2])


def read(body: bytes, turn: Optional[int]) -> CallEvent:
    """Return what happened; `turn` is the number in the address that the last answer gave, None at the first request.

    Raises:
        ValueError, KeyError, TypeError: it is no event of a call.
    """
    sent: Dict[str, Any] = json.loads(body)
    call, caller = str(sent["call_sid"]), _caller(sent)
    if sent.get("call_status") in ENDED:
        return CallEvent(call, caller, "hangup")
    if turn is None:
        return CallEvent(call, caller, "start", turn=0)
    if sent.get("digits"):
        return CallEvent(call, caller, "digits", str(sent["digits"]), turn)
    heard = (sent.get("speech") or {}).get("alternatives") or []
    if sent.get("reason") == "speechDetected" and heard:
        return CallEvent(call, caller, "speech", str(heard[0]["transcript"]), turn)
    return CallEvent(call, caller, "silence", turn=turn)


def answer(turn: VoiceTurn, action: str) -> List[Dict[str, Any]]:
    """Return the turn as verbs; `action` is the address of the next one."""
    say = {"text": " ... ".join(as_text(piece) for piece in turn.say), "synthesizer": _voice(turn.lang)}
    if turn.gather:
        gather = GATHERS[turn.gather]
        verb: Dict[str, Any] = {
            "verb": "gather",
            "input": gather["input"],
            "timeout": gather["timeout_s"],
            "minDigits": gather["digits"],
            "maxDigits": gather.get("or", gather["digits"]),
            "interDigitTimeout": gather.get("inter_digit_s", 2),
            "finishOnKey": "#",
            "dtmfBargein": True,
            "bargein": True,
            "actionHook": {"url": action, "method": "POST"},
            "recognizer": {"vendor": "google", "language": LANGUAGES[turn.lang], "hints": HINTS[turn.lang].split(", ")},
        }
        return [{**verb, "say": say} if turn.say else verb, {"verb": "hangup"}]
    last = [{"verb": "dial", "target": [{"type": "phone", "number": turn.transfer}]}] if turn.transfer else [{"verb": "hangup"}]
    return [{"verb": "say", **say}, *last]


def _caller(sent: Dict[str, Any]) -> str:
    """Return the calling number: what the trunk asserts, where it does, before what the caller's telephone says."""
    headers = (sent.get("sip") or {}).get("headers") or {}
    asserted = re.search(
        r"(?:sip|tel):(\+?\d{6,15})", str(headers.get("p-asserted-identity") or headers.get("P-Asserted-Identity") or "")
    )
    return asserted[1] if asserted else str(sent.get("from") or "")


def _voice(lang: str) -> Dict[str, str]:
    return {"vendor": "google", "language": LANGUAGES[lang], "voice": VOICES[lang]}
