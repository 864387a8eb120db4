"""The inbox on a real file: what a crash leaves, and what is in no file."""

from pathlib import Path

from assistant.stores.inbox import MOST_TRIES
from assistant.stores.message_log import MessageLog
from assistant.stores.sealing import Seal
from tests.assistant.test_message_log import ClockAt, leaked, message_log

SAID = "Nguyễn Thị Lan 7900000001 lan.nguyen@example.com 123456"
BODY = {"client_id": "id-1", "text": SAID, "parse_data": None}


def put(log: MessageLog, *client_ids: str) -> str:
    """Let somebody send messages; return the conversation."""
    _, session = log.sessions.open("web", "vi")
    for client_id in client_ids:
        log.add_user(session.conversation, client_id, SAID, {**BODY, "client_id": client_id})
    return session.conversation


def test_what_was_never_answered_is_known_after_a_crash_in_order(tmp_path: Path) -> None:
    log = message_log(tmp_path, ClockAt())
    conversation = put(log, "id-1", "id-2", "id-3")
    log.inbox.done(conversation, 1)
    left = message_log(tmp_path, ClockAt()).inbox.left("web")
    assert [(one.conversation, one.seq, one.body["client_id"]) for one in left] == [
        (conversation, 2, "id-2"),
        (conversation, 3, "id-3"),
    ]
    assert left[0].body["text"] == SAID and not left[0].is_given_up


def test_a_message_that_waits_is_in_no_file_readable(tmp_path: Path) -> None:
    put(message_log(tmp_path, ClockAt()), "id-1")
    assert not leaked(tmp_path)


def test_a_repeat_is_kept_once(tmp_path: Path) -> None:
    log = message_log(tmp_path, ClockAt())
    put(log, "id-1", "id-1")
    assert len(log.inbox.left("web")) == 1


def test_a_message_that_was_tried_too_often_or_lies_too_long_is_given_up(tmp_path: Path) -> None:
    clock = ClockAt()
    log = message_log(tmp_path, clock)
    conversation = put(log, "id-1", "id-2")
    for _ in range(MOST_TRIES):
        assert not log.inbox.left("web")[0].is_given_up
        log.inbox.begin(conversation, 1)
    assert [one.is_given_up for one in log.inbox.left("web")] == [True, False]
    clock.seconds += 1_801
    assert [one.is_given_up for one in log.inbox.left("web")] == [True, True]


def test_a_message_of_another_key_is_given_up_and_an_older_key_still_opens(tmp_path: Path) -> None:
    put(message_log(tmp_path, ClockAt()), "id-1")

    def left(secrets: str) -> bool:
        url = f"sqlite:///{tmp_path / 'chat.db'}"
        return MessageLog(url, ClockAt(), 1800, 86400, Seal(secrets)).inbox.left("web")[0].is_given_up

    assert left("another secret")
    assert not left("a newer secret,a secret of the test")


def test_a_forgotten_conversation_waits_for_nothing(tmp_path: Path) -> None:
    log = message_log(tmp_path, ClockAt())
    log.forget(put(log, "id-1"))
    assert log.inbox.left("web") == []


def test_a_database_from_before_there_was_an_inbox_is_taken_over(tmp_path: Path) -> None:
    log = message_log(tmp_path, ClockAt())
    with log._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE chat_messages ADD COLUMN answered BOOLEAN NOT NULL DEFAULT 0")
        connection.exec_driver_sql("DROP TABLE chat_inbox")
    put(message_log(tmp_path, ClockAt()), "id-1")


def test_a_database_from_before_some_columns_is_taken_over_with_its_rows(tmp_path: Path) -> None:
    log = message_log(tmp_path, ClockAt())
    _, before = log.sessions.open("zalo", "vi")
    with log._engine.begin() as connection:
        log.deliveries.put(connection, before.conversation, 7)
        connection.exec_driver_sql("ALTER TABLE chat_sessions DROP COLUMN address")
        connection.exec_driver_sql("ALTER TABLE chat_deliveries DROP COLUMN taken")
    later = message_log(tmp_path, ClockAt())
    assert later.sessions.address(before.conversation) is None
    assert later.sessions.address(later.sessions.held_by("zalo", "p1").conversation) == "p1"
    later.deliveries.take(before.conversation, 7)
    assert later.deliveries.taken(before.conversation, 7) == 1
