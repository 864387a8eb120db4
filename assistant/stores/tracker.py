"""A tracker store whose turns cost the same at the start of a conversation and after a thousand messages.

It reads only what is new: the last turns are kept in memory with the id of their newest event, and each turn asks the
database for events after it. So several Rasa processes can serve one conversation. What is written goes through
`blank_event` first, and so does what is kept: a process that restarts knows as much as one that did not.

Undoing (`action_back`) and reminders reach back into the kept turns only.

In `endpoints.yml` of any Rasa 3.6 project:

    tracker_store:
      type: assistant.stores.tracker.BoundedTrackerStore
      dialect: sqlite                     # or `url: postgresql://user:password@host/db`
      db: tracker.db
      blank_event: module.path.of_a_function    # dict of an event -> dict that may be written
      history_turns: 5                    # at least the largest `max_history` of the policies

Rasa wraps every store into one that goes on in memory, unblanked, when saving fails. To let the turn fail instead:
`agent.tracker_store = agent.processor.tracker_store = unwrapped(agent.tracker_store)` once the agent is loaded.
"""

import importlib
import json
import time
from collections import OrderedDict
from itertools import islice
from typing import Any, Callable, Dict, Iterable, List, Optional, Text

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from assistant.stores import tracker_tables as sql
from assistant.stores.database import empty_write_ahead_log, open_database
from assistant.stores.history import History, read_events


class ConversationMoved(RasaException):
    """Another process wrote to the conversation during this turn; nothing of the turn was stored."""


class BoundedTracker(DialogueStateTracker):
    """A tracker that knows how many of its events the store has written."""

    history: History
    written: int


class BoundedTrackerStore(TrackerStore):
    """Keeps every event on disk, blanked, and hands out trackers with the last `history_turns` user messages."""

    def __init__(
        self,
        domain: Optional[Domain] = None,
        host: Optional[Text] = None,
        event_broker: Optional[EventBroker] = None,
        *,
        blank_event: Text,
        history_turns: int,
        dialect: Text = "sqlite",
        db: Text = "tracker.db",
        cached_conversations: int = 200,
        **connection: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        if history_turns < 1:
            raise RasaException("history_turns of the tracker store must be at least 1")
        self._blank: Callable[[Dict[Text, Any]], Dict[Text, Any]] = _named(blank_event)
        self._turns = history_turns
        self.now: Callable[[], float] = time.time
        self._cached: "OrderedDict[Text, History]" = OrderedDict()
        self._cache_size = cached_conversations
        url = SQLTrackerStore.get_db_url(dialect, host, db=db, **connection)
        self.engine = open_database(url if isinstance(url, str) else url.render_as_string(hide_password=False), sql.metadata)
        self._adopt()

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        """Return the conversation's tracker with its last turns, None when nothing is known of it."""
        with self.engine.connect() as connection:
            history = self._history(connection, sender_id)
        return self._tracker(sender_id, history) if history.events else None

    async def retrieve_full_tracker(self, conversation_id: Text) -> Optional[DialogueStateTracker]:
        """Return a tracker with every event that is stored: for export and inspection, as costly as the conversation."""
        wanted = sa.select(sql.events.c.data).where(sql.events.c.sender_id == conversation_id).order_by(sql.events.c.id)
        with self.engine.connect() as connection:
            rows = [json.loads(row.data) for row in connection.execute(wanted)]
        return DialogueStateTracker.from_dict(conversation_id, rows, self.domain.slots) if rows else None

    def begin_turn(self, sender_id: Text) -> None:
        """Write that a turn begins: one that cannot be remembered must have no effects.

        Raises:
            SQLAlchemyError: the database is locked, full or gone.
        """
        with self.engine.begin() as connection:
            self._touch(connection, sender_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the events that are not stored yet, blanked, and shorten the history.

        Raises:
            ConversationMoved: another process wrote to the conversation in between.
        """
        with self.engine.begin() as connection:
            history, written = self._known(connection, tracker)
            rows = [self._blank(event.as_dict()) for event in islice(tracker.events, written, None)]
            if not rows:
                return
            begun = self._touch(connection, tracker.sender_id)
            connection.execute(sql.insert_events, [sql.row(tracker.sender_id, row) for row in rows])
            ids = connection.execute(sql.ids_from, {"this": tracker.sender_id, "number": history.last_id}).scalars().all()
            if history.last_id:
                if begun or ids[:1] != [history.last_id]:
                    raise ConversationMoved("another process forgot this conversation")
                ids = ids[1:]
            if len(ids) != len(rows):
                raise ConversationMoved("another process wrote to this conversation")
            events = read_events(rows)
            grown = history.grown(zip(ids, events, strict=True))
            kept = grown.shortened(self._turns, self.domain.slots)
            if kept is not grown:
                self._cut(connection, tracker.sender_id, kept)
        self._remember(tracker.sender_id, kept)
        if isinstance(tracker, BoundedTracker):
            tracker.history, tracker.written = kept, len(tracker.events)
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, events, tracker.sender_id)

    async def keys(self) -> Iterable[Text]:
        """Return the ids of all conversations."""
        with self.engine.connect() as connection:
            return list(connection.execute(sa.select(sql.conversations.c.sender_id)).scalars())

    def knows(self, sender_id: Text) -> bool:
        """Tell whether anything is stored of a conversation."""
        with self.engine.connect() as connection:
            return connection.execute(sql.stored_head, {"this": sender_id}).first() is not None

    def forget(self, sender_id: Text) -> None:
        """Delete everything that is stored of a conversation."""
        self._cached.pop(sender_id, None)
        with self.engine.begin() as connection:
            for table in (sql.events, sql.conversations):
                connection.execute(table.delete().where(table.c.sender_id == sender_id))
        empty_write_ahead_log(self.engine)

    def expire(self, before: float) -> int:
        """Delete what is older than `before` (seconds since 1970); return the number of events deleted.

        Conversations that ended before go as a whole. Of living ones the last turns stay, however old they are.
        """
        ended = sa.select(sql.conversations.c.sender_id).where(sql.conversations.c.changed_at < before)
        own = sql.conversations.c.sender_id == sql.events.c.sender_id
        cut = sa.select(sql.conversations.c.cut_id).where(own).scalar_subquery()
        with self.engine.begin() as connection:
            whole = connection.execute(sql.events.delete().where(sql.events.c.sender_id.in_(ended))).rowcount
            old = connection.execute(sql.events.delete().where(sql.events.c.timestamp < before, sql.events.c.id <= cut)).rowcount
            connection.execute(sql.conversations.delete().where(sql.conversations.c.changed_at < before))
        return int(whole + old)

    def _adopt(self) -> None:
        """Take over what Rasa's own store has written: each conversation gets its row."""
        known = sa.select(sql.conversations.c.sender_id).limit(1)
        columns = ["sender_id", "cut_id", "head", "changed_at"]
        found = sa.select(sql.events.c.sender_id, sa.literal(0), sa.literal("[]"), sa.func.max(sql.events.c.timestamp))
        with self.engine.begin() as connection:
            if connection.execute(known).first() is None:
                connection.execute(sql.conversations.insert().from_select(columns, found.group_by(sql.events.c.sender_id)))

    def _history(self, connection: Any, sender_id: Text) -> History:
        """Return what is known of a conversation, reading only the events after those in memory."""
        known = self._cached.get(sender_id, History())
        rows = self._rows_from(connection, sender_id, known.last_id)
        if known.last_id and rows and rows[0].id == known.last_id and rows[0].timestamp == known.tail[-1][1].timestamp:
            rows = rows[1:]
        else:  # never seen here, or forgotten by another process
            known = self._stored_head(connection, sender_id)
            rows = self._rows_from(connection, sender_id, known.cut_id + 1)
        if rows:
            known = known.grown(zip((row.id for row in rows), read_events(json.loads(row.data) for row in rows), strict=True))
            known = known.shortened(self._turns, self.domain.slots)
        self._remember(sender_id, known)
        return known

    def _stored_head(self, connection: Any, sender_id: Text) -> History:
        row = connection.execute(sql.stored_head, {"this": sender_id}).first()
        return History(row.cut_id, tuple(read_events(json.loads(row.head)))) if row else History()

    def _rows_from(self, connection: Any, sender_id: Text, first_id: int) -> List[Any]:
        return list(connection.execute(sql.events_from, {"this": sender_id, "number": first_id}).all())

    def _known(self, connection: Any, tracker: DialogueStateTracker) -> Any:
        """Return the stored history that `tracker` continues, and how many of its events are written."""
        if isinstance(tracker, BoundedTracker):
            return tracker.history, tracker.written
        # A tracker that somebody else built holds the whole conversation.
        written = connection.execute(sql.count, {"this": tracker.sender_id}).scalar()
        return self._history(connection, tracker.sender_id), written

    def _touch(self, connection: Any, sender_id: Text) -> bool:
        """Note when the conversation changed, its row is locked until the transaction ends; tell whether it is a new one."""
        at = self.now()
        if connection.execute(sql.touch, {"this": sender_id, "at": at}).rowcount == 0:
            connection.execute(sql.begin, {"sender_id": sender_id, "cut_id": 0, "head": "[]", "changed_at": at})
            return True
        return False

    def _cut(self, connection: Any, sender_id: Text, history: History) -> None:
        head = json.dumps([event.as_dict() for event in history.head], ensure_ascii=False)
        connection.execute(sql.cut, {"this": sender_id, "number": history.cut_id, "summary": head})

    def _remember(self, sender_id: Text, history: History) -> None:
        self._cached[sender_id] = history
        self._cached.move_to_end(sender_id)
        if len(self._cached) > self._cache_size:
            self._cached.popitem(last=False)

    def _tracker(self, sender_id: Text, history: History) -> BoundedTracker:
        tracker = BoundedTracker.from_events(sender_id, history.events, self.domain.slots)
        assert isinstance(tracker, BoundedTracker)
        tracker.history, tracker.written = history, len(tracker.events)
        return tracker

    def init_tracker(self, sender_id: Text) -> DialogueStateTracker:
        """Return a tracker for a conversation of which nothing is known."""
        return self._tracker(sender_id, History())


def unwrapped(store: TrackerStore) -> TrackerStore:
    """Return the configured store; Rasa wraps it into one that falls back to memory when it fails."""
    return getattr(store, "_tracker_store", store)


def _named(path: Text) -> Callable[[Dict[Text, Any]], Dict[Text, Any]]:
    module, _, name = path.rpartition(".")
    function: Callable[[Dict[Text, Any]], Dict[Text, Any]] = getattr(importlib.import_module(module), name)
    return function
