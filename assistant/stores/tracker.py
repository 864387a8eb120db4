"""The tracker store: Rasa's SQL store that blanks personal values when it writes.

Rows are never dropped, only their values: Rasa counts stored rows to know which events are new.
"""

import json
from typing import Any, Dict

from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.constants import SESSION_START_METADATA_SLOT
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT_NAME_KEY

from assistant.privacy import MASK, PUBLIC_KINDS, blank, blank_values

_KEPT_ENTITIES = PUBLIC_KINDS | {"lang"}


class BlankingTrackerStore(SQLTrackerStore):
    """Keeps what maintainers need (intent, confidence, masked text) and nothing that identifies a person."""

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the events that are not stored yet, blanked."""
        await self.stream_events(tracker)
        with self.session_scope() as session:
            for event in self._additional_events(session, tracker):
                data = blank_event(event.as_dict())
                session.add(
                    self.SQLEvent(
                        sender_id=tracker.sender_id,
                        type_name=event.type_name,
                        timestamp=data.get("timestamp"),
                        intent_name=data.get("parse_data", {}).get("intent", {}).get(INTENT_NAME_KEY),
                        action_name=data.get("name"),
                        data=json.dumps(data, ensure_ascii=False),
                    )
                )
            session.commit()

    def forget(self, sender_id: str) -> None:
        """Delete everything that is stored of a conversation."""
        with self.session_scope() as session:
            session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == sender_id).delete()
            session.commit()


def blank_event(event: Dict[str, Any]) -> Dict[str, Any]:
    """Return a copy of a serialised event as it may be stored.

    A user event keeps the intent, the masked text and the kinds of its entities. Metadata is left out: it holds the
    sender's voucher, which Rasa also copies into a slot of its own. Bot texts and slots are masked in case a value
    slipped in.
    """
    kind = event.get("event")
    event = {**event, "metadata": {}} if "metadata" in event else event
    if kind == "slot" and event.get("name") == SESSION_START_METADATA_SLOT:
        return {**event, "value": None}
    if kind == "user":
        parsed = event.get("parse_data") or {}
        text = blank(event.get("text") or "")
        entities = [
            {**entity, "value": entity.get("value") if entity.get("entity") in _KEPT_ENTITIES else MASK}
            for entity in parsed.get("entities") or []
        ]
        return {
            **event,
            "text": text,
            "parse_data": {"intent": parsed.get("intent") or {}, "entities": entities, "text": text},
        }
    if kind in ("bot", "slot"):
        return {**event, **{key: blank_values(event[key]) for key in ("text", "data", "value") if key in event}}
    return dict(event)


def unwrapped(store: TrackerStore) -> TrackerStore:
    """Return the configured store; Rasa wraps it into one that falls back to memory."""
    return getattr(store, "_tracker_store", store)
