"""Old conversations go by age, one conversation goes by command."""

from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from assistant.clock import Clock
from assistant.forget import forget
from assistant.stores.message_log import Bubble, MessageLog
from assistant.stores.retention import DAY_S, Retention
from assistant.stores.sealing import Seal


def test_every_store_is_told_the_age() -> None:
    told: list[float] = []
    assert Retention(30, lambda: 100 * DAY_S, [lambda before: told.append(before) or 2, lambda before: 3]).sweep() == 5
    assert told == [70 * DAY_S]


def test_a_store_that_fails_does_not_keep_the_others_from_forgetting() -> None:
    def fails(_: float) -> int:
        raise OperationalError("DELETE", {}, Exception("locked"))

    assert Retention(30, lambda: 0.0, [fails, lambda before: 3]).sweep() == 3


def test_one_conversation_is_forgotten_by_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR", str(tmp_path))
    monkeypatch.setenv("ACTIONS_PORT", "1")
    monkeypatch.setenv("ACTION_DEADLINE_S", "5")
    log = MessageLog(f"sqlite:///{tmp_path}/chat.db", Clock(), 1800, 86400, Seal("a"))
    conversations = [log.sessions.open("web", "vi")[1].conversation for _ in range(2)]
    for conversation in conversations:
        log.add_bot(conversation, Bubble("Xin chào"))
    assert forget(conversations[0])
    assert not forget(conversations[0])
    assert log.messages(conversations[0]) == []
    assert log.messages(conversations[1])
