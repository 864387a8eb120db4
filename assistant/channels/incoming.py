"""What a person sent: typed text or a pressed choice, never an intent or a command of their own."""

import uuid
from dataclasses import dataclass
from typing import Any, Callable, Dict, Optional, Sequence

from assistant.channels.gate import Refused
from assistant.channels.typed_text import as_typed
from assistant.stores.message_log import Choice


@dataclass(frozen=True)
class Incoming:
    """A message that was accepted: text as typed (NFC), or the parse data of a pressed choice."""

    seq: Optional[int]
    client_id: str
    text: str
    parse_data: Optional[Dict[str, Any]] = None
    tries: int = 0
    """How often its turn was begun before, and broken off."""
    says: Optional[str] = None
    """The response that answers it by itself: Rasa need not be asked."""

    def body(self) -> Dict[str, Any]:
        """Return what the inbox keeps of it."""
        return {"client_id": self.client_id, "text": self.text, "parse_data": self.parse_data, "says": self.says}


def meaning(client_id: str, text: str, intent: str, entities: Sequence[Dict[str, Any]] = ()) -> Incoming:
    """Return a message that needs no understanding: it is known what it means."""
    return Incoming(
        None, client_id, text, {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": list(entities)}
    )


def greeting(lang: str, message_id: Optional[str] = None) -> Incoming:
    """Return what a person says by coming in."""
    return meaning(message_id or str(uuid.uuid4()), "", "greet", [{"entity": "lang", "value": lang, "start": 0, "end": 0}])


def pressed(client_id: str, choice: Choice) -> Incoming:
    """Return what a person says by pressing a choice."""
    return meaning(client_id, choice.label, choice.intent)


def read_message(body: Dict[str, Any], max_chars: int, offered: Callable[[str], Optional[Choice]]) -> Incoming:
    """Return the message in a posted body; `offered` finds what a choice's token stands for.

    Raises:
        Refused: 400 for what is no message, 413 for a text of more than `max_chars` characters.
    """
    client_id = _uuid(body.get("client_id"))
    text, token = body.get("text"), body.get("choice")
    if (text is None) == (token is None):
        raise Refused(400, "bad_message", "send either text or choice")
    if token is not None:
        choice = offered(token) if isinstance(token, str) else None
        if choice is None:
            raise Refused(400, "unknown_choice", "this choice was not offered here")
        return pressed(client_id, choice)
    if not isinstance(text, str):
        raise Refused(400, "bad_message", "text is a string")
    text = as_typed(text)
    if not text:
        raise Refused(400, "empty", "the message is empty")
    if len(text) > max_chars:
        raise Refused(413, "too_long", f"at most {max_chars} characters")
    return Incoming(None, client_id, text)


def _uuid(value: Any) -> str:
    try:
        return str(uuid.UUID(value))
    except (ValueError, TypeError, AttributeError):
        raise Refused(400, "bad_client_id", "client_id is a UUID") from None
