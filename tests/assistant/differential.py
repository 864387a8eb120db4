"""Plays conversations with their whole history and with a bounded one, and tells where they part.

`python tests/assistant/differential.py MODEL TRACKER_DB TURNS...` does it for every conversation in a tracker store's
database and prints one JSON object: conversations, predictions compared, differences.
"""

import asyncio
import json
import logging
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from assistant.without_tensorflow import leave_out_tensorflow  # noqa: E402

leave_out_tensorflow()

from rasa.core.agent import Agent  # noqa: E402
from rasa.shared.core.constants import ACTION_SESSION_START_NAME  # noqa: E402
from rasa.shared.core.events import ActionExecuted, Event, UserUttered  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402
from rasa.utils.log_utils import configure_structlog  # noqa: E402

from assistant.stores.history import History, read_events  # noqa: E402


def predicted(agent: Agent, tracker: DialogueStateTracker) -> str:
    """Return the action the policies choose now."""
    scores = agent.processor.predict_next_with_tracker(tracker)["scores"]  # type: ignore[union-attr,index]
    return str(max(scores, key=lambda one: one["score"])["action"])


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Return what actions and forms see of a conversation besides its events."""
    seen = tracker.current_state()
    loop = {key: value for key, value in seen["active_loop"].items() if key != "trigger_message"}
    message = (seen["latest_message"] or {}).get("text"), (seen["latest_message"] or {}).get("intent")
    return {
        **{key: seen[key] for key in ("slots", "followup_action", "paused", "latest_action_name")},
        "loop": loop,
        "said": message,
    }


def turns(events: list[Event]) -> Iterator[list[Event]]:
    """Split a conversation before every user message."""
    turn: list[Event] = []
    for event in events:
        if isinstance(event, UserUttered) and turn:
            yield turn
            turn = []
        turn.append(event)
    if turn:
        yield turn


def differences(agent: Agent, sender: str, events: list[Event], kept_turns: int) -> tuple[int, list[str]]:
    """Return how many predictions were compared, and what differed."""
    slots = agent.domain.slots  # type: ignore[union-attr]
    whole = DialogueStateTracker(sender, slots)
    history, number, compared, found = History(), 0, 0, []
    for turn in turns(events):
        bounded = DialogueStateTracker.from_events(sender, history.events, slots)
        for event in turn:
            if isinstance(event, ActionExecuted) and isinstance(whole.events[-1] if whole.events else None, Event):
                first, second = predicted(agent, whole), predicted(agent, bounded)
                compared += 1
                if first != second:
                    found.append(f"{sender} event {len(whole.events)}: {first} with all, {second} with the last {kept_turns}")
                if event.action_name not in (first, ACTION_SESSION_START_NAME):
                    found.append(f"{sender} event {len(whole.events)}: played {event.action_name}, now {first}")
            for tracker in (whole, bounded):
                tracker.update(event)
            if state(whole) != state(bounded):
                found.append(f"{sender} event {len(whole.events)}: the states differ")
        history = history.grown((number + index, event) for index, event in enumerate(turn, start=1))
        number += len(turn)
        history = history.shortened(kept_turns, slots)
    return compared, found


def conversations(database: str) -> dict[str, list[Event]]:
    """Return the events of every conversation in a tracker store's database."""
    found: dict[str, list[dict[str, Any]]] = {}
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        for sender, data in connection.execute("SELECT sender_id, data FROM events ORDER BY id"):
            found.setdefault(sender, []).append(json.loads(data))
    return {sender: read_events(rows) for sender, rows in found.items()}


async def main(model: str, database: str, kept: list[int]) -> None:
    """Print what was compared and what differed."""
    configure_structlog(logging.CRITICAL)
    logging.disable(logging.WARNING)
    agent = Agent.load(model)
    result: dict[str, Any] = {"conversations": 0, "predictions": 0, "differences": []}
    for sender, events in conversations(database).items():
        result["conversations"] += 1
        for kept_turns in kept:
            compared, found = differences(agent, sender, events, kept_turns)
            result["predictions"] += compared
            result["differences"] += found
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], [int(turns) for turns in sys.argv[3:]]))
