"""Calls of a provider that speaks TwiML: form fields signed by HMAC-SHA1 over the public address come in, XML goes out."""

from typing import Dict, Optional
from urllib.parse import parse_qsl
from xml.etree import ElementTree as xml

from twilio.request_validator import RequestValidator

from assistant.channels.calls import CallEvent
from assistant.channels.voice import GATHERS, HINTS, LANGUAGES, VoiceTurn, as_text

ADDED_AFTER_SIGNING = ("CallToken", "StirVerstat")
"""Fields that providers were seen to add to what they had signed; nothing here reads them."""
ENDED = ("busy", "canceled", "completed", "failed", "no-answer")
VOICES = {"vi": "Google.vi-VN-Wavenet-A", "en": "Google.en-US-Wavenet-C"}


def is_genuine(token: str, url: str, body: bytes, signature: str) -> bool:
    """Tell whether who knows `token` sent these fields to this public `url`."""
    fields = read_fields(body)
    validator = RequestValidator(token)
    if validator.validate(url, fields, signature):
        return True
    signed = {name: value for name, value in fields.items() if name not in ADDED_AFTER_SIGNING}
    return signed != fields and bool(validator.validate(url, signed, signature))


def read_fields(body: bytes) -> Dict[str, str]:
    """Return the form's fields.

    Raises:
        ValueError: it is no form.
    """
    return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=100))


def read(body: bytes, turn: Optional[int]) -> CallEvent:
    """Return what happened; `turn` is the number in the address that the last answer gave, None at the first request.

    Raises:
        ValueError, KeyError: it is no event of a call.
    """
    fields = read_fields(body)
    call, caller = fields["CallSid"], fields.get("From", "")
    if fields.get("CallStatus") in ENDED:
        return CallEvent(call, caller, "hangup")
    if turn is None:
        return CallEvent(call, caller, "start", turn=0)
    for field, event in (("Digits", "digits"), ("SpeechResult", "speech")):
        if fields.get(field):
            return CallEvent(call, caller, event, fields[field], turn, ten_at_once=True)
    return CallEvent(call, caller, "silence", turn=turn, ten_at_once=True)


def answer(turn: VoiceTurn, action: str) -> str:
    """Return the turn as TwiML; `action` is the address of the next one."""
    response = xml.Element("Response")
    if turn.gather:
        gather = GATHERS[turn.gather]
        asked = {
            "input": " ".join("dtmf" if one == "digits" else one for one in gather["input"]),
            "numDigits": str(gather["digits"]),
            "timeout": str(gather["timeout_s"]),
            "finishOnKey": "#",
            "speechTimeout": "1",
            "language": LANGUAGES[turn.lang],
            "hints": HINTS[turn.lang],
            "action": action,
            "method": "POST",
            "actionOnEmptyResult": "true",
        }
        _say(xml.SubElement(response, "Gather", asked), turn)
    else:
        _say(response, turn)
        if turn.transfer:
            xml.SubElement(response, "Dial").text = turn.transfer
        xml.SubElement(response, "Hangup")
    return '<?xml version="1.0" encoding="UTF-8"?>' + xml.tostring(response, encoding="unicode")


def _say(parent: xml.Element, turn: VoiceTurn) -> None:
    for place, piece in enumerate(turn.say):
        if place and "spell" in turn.say[place - 1]:
            xml.SubElement(parent, "Pause", {"length": "1"})
        said = xml.SubElement(parent, "Say", {"language": LANGUAGES[turn.lang], "voice": VOICES[turn.lang]})
        said.text = as_text(piece)
