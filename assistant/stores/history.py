"""A conversation cut short: its last turns, and the few events that stand for everything before them.

Rasa replays all events of a conversation several times a turn, so a turn costs as much as the conversation is long.
Policies look at a few turns only. What they, forms and actions need of the rest is a state: slots, the active form
and what it asked for, a pause. `summary` writes that state as events; `History` keeps it in front of the last turns.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Dict, Iterable, List, Tuple, Type

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker


@dataclass(frozen=True)
class History:
    """What is kept of a conversation: the state before a cut, and every event since.

    `cut_id` is the stored id of the last event that was cut away (0: none was), `tail` holds pairs of id and event.
    """

    cut_id: int = 0
    head: Tuple[Event, ...] = ()
    tail: Tuple[Tuple[int, Event], ...] = field(default=())

    @property
    def last_id(self) -> int:
        """Return the id of the newest event, 0 when there is none."""
        return self.tail[-1][0] if self.tail else self.cut_id

    @property
    def events(self) -> List[Event]:
        """Return the events that bring a tracker into the conversation's state."""
        return [*self.head, *(event for _, event in self.tail)]

    def grown(self, more: Iterable[Tuple[int, Event]]) -> "History":
        """Return the history with more events at its end."""
        return History(self.cut_id, self.head, (*self.tail, *more))

    def shortened(self, turns: int, slots: List[Slot]) -> "History":
        """Return the history with the last `turns` user messages at most, cut right before a user message."""
        starts = [index for index, (_, event) in enumerate(self.tail) if isinstance(event, UserUttered)]
        if len(starts) <= turns:
            return self
        start = starts[-turns]
        dropped = [event for _, event in self.tail[:start]]
        before = DialogueStateTracker.from_events("", [*self.head, *dropped], slots)
        return History(self.tail[start - 1][0] if start else self.cut_id, summary(before), self.tail[start:])


def summary(tracker: DialogueStateTracker) -> Tuple[Event, ...]:
    """Return events that bring a new tracker into the state of `tracker`, which waits for a user message.

    The active form is executed once in it: Rasa tells a form's first execution, which its rules start, from later ones
    by looking for an earlier execution.
    """
    at = tracker.events[-1].timestamp if tracker.events else None
    events: List[Event] = [ActionExecuted(ACTION_SESSION_START_NAME, timestamp=at), SessionStarted(timestamp=at)]
    events += [SlotSet(slot.name, slot.value, timestamp=at) for slot in tracker.slots.values() if slot.has_been_set]
    if tracker.active_loop_name is not None:
        events += [ActionExecuted(tracker.active_loop_name, timestamp=at), ActiveLoop(tracker.active_loop_name, timestamp=at)]
    if tracker.is_active_loop_rejected and tracker.active_loop_name is not None:
        events.append(ActionExecutionRejected(tracker.active_loop_name, timestamp=at))
    if tracker.is_paused():
        events.append(ConversationPaused(timestamp=at))
    events.append(ActionExecuted(ACTION_LISTEN_NAME, timestamp=at))
    return tuple(events)


def read_events(rows: Iterable[Dict[str, Any]]) -> List[Event]:
    """Return the events that were written as dictionaries."""
    return [_type(row["event"])._from_parameters(row) for row in rows]


@lru_cache(maxsize=None)
def _type(name: str) -> Type[Event]:
    """Return the class of events of this name; Rasa looks through all of them every time."""
    return Event.resolve_by_type(name)
