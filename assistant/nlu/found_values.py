"""Values among a parsed message's entities: how an extractor reads what others found, and adds its own."""

from typing import Any, Dict, List, Sequence, Text, Tuple

from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.nlu.corrections import settle
from assistant.nlu.values import Identifier, without_overlaps

LANGUAGE = "lang"
"""An entity that is no value of the message."""


def spans(message: Message) -> List[Tuple[int, int]]:
    """Return the parts of the text that are values already."""
    return [(one["start"], one["end"]) for one in message.get(ENTITIES) or [] if one["entity"] != LANGUAGE]


def add(message: Message, found: Sequence[Identifier], extractor: Text) -> None:
    """Add what is finally meant of `found` to a message's entities; values that others found stay where they overlap."""
    text = message.get(TEXT) or ""
    free = without_overlaps(found, spans(message))
    entities = [
        {"entity": one.kind, "value": one.value, "start": one.start, "end": one.end, "extractor": extractor}
        for one in settle(text, free)
    ]
    message.set(ENTITIES, (message.get(ENTITIES) or []) + entities, add_to_output=True)


def of(entities: Sequence[Dict[Text, Any]]) -> List[Identifier]:
    """Return the values among a parsed message's entities, in order of mention."""
    found = [Identifier(one["entity"], one["value"], one["start"], one["end"]) for one in entities if one["entity"] != LANGUAGE]
    return sorted(found, key=lambda one: one.start)
