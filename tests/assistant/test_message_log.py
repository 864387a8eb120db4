"""The message log on a real SQLite file: what is read back, and what is not in the file."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from assistant.clock import Clock
from assistant.stores.message_log import Bubble, Choice, MessageLog
from assistant.stores.sealing import Seal

SECRETS = (b"7900000001", b"lan.nguyen", b"123456", b"Nguy\xe1\xbb\x85n Th\xe1\xbb\x8b Lan")


class ClockAt(Clock):
    """A clock that a test moves."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 1_000_000.0

    def now(self) -> float:
        """Return the time the test set."""
        return self.seconds


def leaked(folder: Path) -> bool:
    """Tell whether any secret stands in any file."""
    return any(secret in path.read_bytes() for path in folder.iterdir() for secret in SECRETS)


def message_log(folder: Path, clock: Clock) -> MessageLog:
    """A message log on a file, with the product's half hour and day."""
    return MessageLog(f"sqlite:///{folder / 'chat.db'}", clock, idle_s=1800, life_s=86400, seal=Seal("a secret of the test"))


def test_the_message_log_shows_masked_text_and_stores_no_other(tmp_path: Path) -> None:
    log = message_log(tmp_path, ClockAt())
    cookie, session = log.sessions.open("web", "vi")
    said = "Nguyễn Thị Lan 7900000001 lan.nguyen@example.com 123456"
    log.add_user(session.conversation, "id-1", said, {"text": said})
    assert log.messages(session.conversation)[0]["text"] == "•••• ••••0001 l••••@example.com ••••"
    assert not leaked(tmp_path)
    assert not any(cookie.encode() in path.read_bytes() for path in tmp_path.iterdir()), "the cookie is stored hashed"


def test_a_client_id_is_one_message(tmp_path: Path) -> None:
    log = message_log(tmp_path, ClockAt())
    _, session = log.sessions.open("web", "vi")
    assert log.add_user(session.conversation, "id-1", "a", {}) == (1, True)
    assert log.add_user(session.conversation, "id-1", "a", {}) == (1, False)
    assert log.add_user(session.conversation, "id-2", "a", {}) == (2, True)


def test_a_choice_opens_only_in_its_own_conversation(tmp_path: Path) -> None:
    log = message_log(tmp_path, ClockAt())
    _, mine = log.sessions.open("web", "vi")
    _, other = log.sessions.open("web", "vi")
    shown = log.add_bot(mine.conversation, Bubble("?", [Choice("Có", "affirm")]))
    token = shown["choices"][0]["token"]
    assert log.choice(mine.conversation, token) == Choice("Có", "affirm")
    assert log.choice(other.conversation, token) is None
    assert "affirm" not in str(shown), "the intent stays on the server"


@pytest.mark.parametrize(("idle", "alive"), [(1_799, True), (1_801, False)])
def test_a_session_ends_when_it_is_not_used(tmp_path: Path, idle: int, alive: bool) -> None:
    clock = ClockAt()
    log = message_log(tmp_path, clock)
    cookie, _ = log.sessions.open("web", "vi")
    clock.seconds += idle
    assert (log.sessions.find(cookie) is not None) is alive


def test_a_session_ends_after_a_day_even_in_use(tmp_path: Path) -> None:
    clock = ClockAt()
    log = message_log(tmp_path, clock)
    cookie, _ = log.sessions.open("web", "vi")
    seen = 0
    while log.sessions.find(cookie) is not None:
        clock.seconds += 1_700
        seen += 1
    assert seen == 51


def test_forgetting_a_conversation_deletes_its_session_and_messages(tmp_path: Path) -> None:
    log = message_log(tmp_path, ClockAt())
    cookie, session = log.sessions.open("web", "vi")
    log.add_user(session.conversation, "id-1", "a", {})
    log.forget(session.conversation)
    assert log.sessions.find(cookie) is None and log.messages(session.conversation) == []


def test_a_look_at_the_screen_keeps_a_session_alive_without_a_write_each_time(tmp_path: Path) -> None:
    clock = ClockAt()
    log = message_log(tmp_path, clock)
    cookie, _ = log.sessions.open("web", "vi")
    for _ in range(400):
        clock.seconds += 9
        assert log.sessions.find(cookie) is not None


@contextmanager
def no_file_may_grow() -> Iterator[None]:
    """Let this process write to no file, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_does_not_hide_the_conversation(tmp_path: Path) -> None:
    clock = ClockAt()
    log = message_log(tmp_path, clock)
    cookie, session = log.sessions.open("web", "vi")
    log.add_bot(session.conversation, Bubble("Xin chào"))
    clock.seconds += 1_700
    with no_file_may_grow():
        assert log.sessions.find(cookie) == session
        assert [one["text"] for one in log.messages(session.conversation)] == ["Xin chào"]
        with pytest.raises(OperationalError):
            log.add_user(session.conversation, "id-1", "a", {})
    assert log.sessions.find(cookie) == session, "noted now that there is room"
    clock.seconds += 1_700
    assert log.sessions.find(cookie) == session


def test_old_conversations_are_deleted_by_age_and_young_ones_stay(tmp_path: Path) -> None:
    clock = ClockAt()
    log = message_log(tmp_path, clock)
    _, old = log.sessions.open("web", "vi")
    log.add_user(old.conversation, "id-1", "a", {})
    log.add_bot(old.conversation, Bubble("?", [Choice("Có", "affirm")]))
    clock.seconds += 1_000
    _, young = log.sessions.open("web", "vi")
    log.add_user(young.conversation, "id-1", "b", {})
    assert log.expire(clock.seconds - 500) == 5
    assert log.messages(old.conversation) == []
    assert [one["text"] for one in log.messages(young.conversation)] == ["b"]


def test_what_was_written_after_a_conversation_was_forgotten_goes_too(tmp_path: Path) -> None:
    log = message_log(tmp_path, ClockAt())
    _, session = log.sessions.open("web", "vi")
    log.forget(session.conversation)
    log.add_bot(session.conversation, Bubble("an answer that came too late"))
    log.expire(0)
    assert log.messages(session.conversation) == []


def test_what_was_forgotten_is_in_no_file(tmp_path: Path) -> None:
    log = message_log(tmp_path, ClockAt())
    _, session = log.sessions.open("web", "vi")
    log.add_bot(session.conversation, Bubble("Xin chao Tweety"))
    log.forget(session.conversation)
    left = b"".join(path.read_bytes() for path in tmp_path.glob("chat.db-wal"))
    assert b"Tweety" not in left
