"""What of an event may be written: intents and masked texts, no value that identifies a person."""

import re
from typing import Any, Dict, List

from rasa.shared.core.constants import REQUESTED_SLOT, SESSION_START_METADATA_SLOT

from assistant.privacy import MASK, PUBLIC_KINDS, blank, blank_values

LANGUAGES = ("vi", "en")
_ENTITY_KEYS = ("entity", "start", "end", "role", "group", "extractor", "confidence_entity")
_SLOTS_OF_NAMES = (REQUESTED_SLOT, "suspended_task", "last_task")
"""Slots that hold the name of another slot or of a task."""
_NAME = re.compile(r"[a-z_]+")
_COUNTS_BELOW = 1000
"""A larger number may be a year of birth, a one-time code, a phone."""


def blank_event(event: Dict[str, Any]) -> Dict[str, Any]:
    """Return a copy of a serialised event as it may be stored.

    A user event keeps the intent, the masked text and the kinds of its entities. Of a slot's value only what says
    nothing about a person is kept: yes or no, a count, the name of a slot or a task, a text that is masked already. Metadata is
    left out: it holds the sender's voucher, which Rasa also copies into a slot of its own. Bot texts are masked in case a value
    slipped in.
    """
    kind = event.get("event")
    event = {**event, "metadata": {}} if "metadata" in event else dict(event)
    if kind == "user":
        parsed = event.get("parse_data") or {}
        text = blank(event.get("text") or "")
        kept = {"intent": parsed.get("intent") or {}, "entities": _blank_entities(parsed.get("entities")), "text": text}
        return {**event, "text": text, "parse_data": kept}
    if kind == "bot":
        return {**event, **{key: blank_values(event[key]) for key in ("text", "data") if key in event}}
    if kind == "slot":
        return {**event, "value": _blank_slot(str(event.get("name")), event.get("value"))}
    if "entities" in event:
        event["entities"] = _blank_entities(event["entities"])
    if event.get("action_text"):
        event["action_text"] = blank_values(event["action_text"])
    return event


def _blank_entities(entities: Any) -> List[Dict[str, Any]]:
    found = [entity for entity in entities or [] if isinstance(entity, dict)]
    return [{**{key: entity[key] for key in _ENTITY_KEYS if key in entity}, "value": _blank_entity(entity)} for entity in found]


def _blank_entity(entity: Dict[str, Any]) -> str:
    kind, value = entity.get("entity"), str(entity.get("value"))
    return value if (kind == "lang" and value in LANGUAGES) or (kind in PUBLIC_KINDS and blank(value) == value) else MASK


def _blank_slot(name: str, value: Any) -> Any:
    if name == SESSION_START_METADATA_SLOT:
        return None
    if value is None or isinstance(value, bool) or value in LANGUAGES:
        return value
    if name in _SLOTS_OF_NAMES and _NAME.fullmatch(str(value)):
        return value
    if isinstance(value, (int, float)) and abs(value) < _COUNTS_BELOW:
        return value
    return blank(value) if isinstance(value, str) and MASK in value else MASK
