"""A clock that is set back in the middle of a conversation: the dialogue forgets nothing and nobody is logged out."""

import asyncio
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.channels.rates import Rates
from assistant.clock import Clock
from assistant.stores.message_log import Bubble, MessageLog
from assistant.stores.sealing import Seal
from assistant.stores.tracker import BoundedTrackerStore

NOW, EARLIER = 10_000.0, 6_400.0


def test_what_was_said_after_the_correction_is_remembered(tmp_path: Path) -> None:
    """Rasa's own SQL store takes what lies before the session's timestamp for another session."""
    store = BoundedTrackerStore(Domain.empty(), db=str(tmp_path / "tracker.db"), blank_event="builtins.dict", history_turns=3)
    started = [ActionExecuted("action_session_start", timestamp=NOW), SessionStarted(timestamp=NOW)]
    tracker = DialogueStateTracker.from_events("web:1", started, domain=Domain.empty())
    asyncio.run(store.save(tracker))
    for said in ("one", "two"):
        tracker = asyncio.run(store.retrieve("web:1")) or tracker
        tracker.update(UserUttered(said, {"name": "inform"}, timestamp=EARLIER))
        asyncio.run(store.save(tracker))
    back = asyncio.run(store.retrieve("web:1"))
    store.engine.dispose()
    assert back is not None
    assert [event.text for event in back.events if isinstance(event, UserUttered)] == ["one", "two"]


def test_a_session_and_the_order_of_its_messages_survive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.clock.time.time", lambda: NOW)
    log = MessageLog(f"sqlite:///{tmp_path}/chat.db", Clock(), idle_s=1800, life_s=86400, seal=Seal("a"))
    cookie, session = log.sessions.open("web", "vi")
    log.add_bot(session.conversation, Bubble("before"))
    monkeypatch.setattr("assistant.clock.time.time", lambda: EARLIER)
    assert log.sessions.find(cookie) == session
    log.add_bot(session.conversation, Bubble("after"))
    assert [one["text"] for one in log.messages(session.conversation)] == ["before", "after"]


def test_rates_do_not_look_at_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: NOW)
    rates = Rates({"minute": (1, 60)}, monotonic=lambda: 5.0)
    assert rates.wait_s("minute", "a") is None
    monkeypatch.setattr("time.time", lambda: EARLIER)
    assert rates.wait_s("minute", "a") == 60
