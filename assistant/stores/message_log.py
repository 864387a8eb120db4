"""What was said: bubbles and choices, on disk, blanked when written; who holds the conversation; what waits for an answer."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple

import sqlalchemy as sa

from assistant.clock import Clock
from assistant.privacy import blank
from assistant.stores import message_tables as sql
from assistant.stores.database import empty_write_ahead_log, open_database
from assistant.stores.deliveries import Deliveries
from assistant.stores.inbox import Inbox
from assistant.stores.sealing import Seal
from assistant.stores.sessions import Sessions
from assistant.stores.takeovers import Takeovers

_OF_A_CONVERSATION = (sql.messages, sql.inbox, sql.deliveries, sql.choices, sql.feedback)


@dataclass(frozen=True)
class Choice:
    """A button the bot offered: what it says and the intent it stands for."""

    label: str
    intent: str


@dataclass(frozen=True)
class Bubble:
    """One message of the bot: text, buttons, links (`{"label","url"}`), the kind of answer it waits for, and on the hotline
    what the telephone does after the text (never a password: a handle).
    """

    text: str
    choices: List[Choice] = field(default_factory=list)
    links: List[Dict[str, str]] = field(default_factory=list)
    input: str = "text"
    voice: Optional[Dict[str, Any]] = None


class MessageLog:
    """The messages of a channel's conversations, and its `sessions`.

    What nobody has answered yet is also in `inbox`, sealed. Where a provider `delivers`, every bubble waits in `deliveries`
    until it has.
    """

    def __init__(self, url: str, clock: Clock, idle_s: float, life_s: float, seal: Seal, delivers: bool = False) -> None:
        self._engine = open_database(url, sql.metadata)
        self.inbox = Inbox(self._engine, seal, clock.now, idle_s)
        self.deliveries = Deliveries(self._engine)
        self._delivers = delivers
        self.sessions = Sessions(self._engine, clock, idle_s, life_s, seal)
        self.takeovers = Takeovers(self._engine, clock)
        self._adopt()
        self._clock = clock

    def forget(self, conversation: str) -> None:
        """Delete a conversation with its session, messages, choices and feedback."""
        with self._engine.begin() as connection:
            for table in (*_OF_A_CONVERSATION, sql.sessions):
                connection.execute(table.delete().where(table.c.conversation == conversation))
        empty_write_ahead_log(self._engine)

    def expire(self, before: float) -> int:
        """Delete what sessions left that were last seen before (seconds since 1970), or have ended; return how many rows."""
        with self._engine.begin() as connection:
            deleted = connection.execute(sql.sessions.delete().where(sql.sessions.c.seen_at < before)).rowcount
            for table in _OF_A_CONVERSATION:
                ended = table.c.conversation.not_in(sa.select(sql.sessions.c.conversation))
                deleted += connection.execute(table.delete().where(ended)).rowcount
            deleted += connection.execute(sql.received.delete().where(sql.received.c.at < before)).rowcount
        self.takeovers.expire()
        return int(deleted)

    def add_user(
        self, conversation: str, client_id: str, text: str, body: Dict[str, Any], once: bool = False
    ) -> Tuple[int, bool]:
        """Write a person's message, blanked, and `body` into the inbox.

        Returns its seq (0 for a repeat that stands in another conversation) and whether it is new: a client_id counts once
        in its conversation, and with `once` in all of them, as a provider repeats a message after a session is over.
        """
        with self._engine.begin() as connection:
            seq = connection.execute(sql.known_client_id, {"this": conversation, "client": client_id}).scalar()
            if seq is not None:
                return seq, False
            if once:
                if connection.execute(sql.received_before, {"client": client_id}).first() is not None:
                    return 0, False
                connection.execute(sql.insert_received, {"client_id": client_id, "at": self._clock.now()})
            seq = self._insert(connection, conversation, "user", text, {}, client_id)["seq"]
            self.inbox.put(connection, conversation, seq, body)
            return seq, True

    def was_received(self, client_id: str) -> bool:
        """Tell whether a message that counts `once` is known, in any conversation."""
        with self._engine.connect() as connection:
            return connection.execute(sql.received_before, {"client": client_id}).first() is not None

    def note_received(self, client_id: str) -> None:
        """Know something again that is no message of a conversation, as `was_received` tells."""
        with self._engine.begin() as connection:
            if connection.execute(sql.received_before, {"client": client_id}).first() is None:
                connection.execute(sql.insert_received, {"client_id": client_id, "at": self._clock.now()})

    def has(self, conversation: str, client_id: str) -> bool:
        """Tell whether something of that id was written."""
        with self._engine.connect() as connection:
            known = connection.execute(sql.known_client_id, {"this": conversation, "client": client_id})
            return known.first() is not None

    def add_bot(self, conversation: str, bubble: Bubble, reply: Optional[str] = None) -> Dict[str, Any]:
        """Write a bubble of the bot and make its choices' tokens; return it as the page gets it.

        `reply` is the id by which a turn that is played again knows the bubble (`has`).
        """
        tokens = [(f"c:{secrets.token_urlsafe(12)}", choice) for choice in bubble.choices]
        extras = {
            "choices": [{"token": token, "label": choice.label} for token, choice in tokens],
            "links": bubble.links,
            "input": bubble.input,
            **({"voice": bubble.voice} if bubble.voice else {}),
        }
        offers = [
            {"token": token, "conversation": conversation, "label": choice.label, "intent": choice.intent}
            for token, choice in tokens
        ]
        with self._engine.begin() as connection:
            if offers:
                connection.execute(sql.insert_choice, offers)
            shown = _as_shown(self._insert(connection, conversation, "bot", bubble.text, extras, reply))
            if self._delivers:
                self.deliveries.put(connection, conversation, shown["seq"])
            return shown

    def choice(self, conversation: str, token: str) -> Optional[Choice]:
        """Return what a token stands for in this conversation, None for any other string."""
        with self._engine.connect() as connection:
            row = connection.execute(sql.offered, {"offered": token, "this": conversation}).first()
        return Choice(row.label, row.intent) if row else None

    def messages(self, conversation: str, after: int = 0) -> List[Dict[str, Any]]:
        """Return the messages with a higher seq than `after`, in order, as the page gets them."""
        with self._engine.connect() as connection:
            rows = connection.execute(sql.messages_after, {"this": conversation, "number": after}).mappings().all()
        return [_as_shown(row) for row in rows]

    def last(self, conversation: str) -> int:
        """Return the seq of the newest message, 0 when there is none."""
        with self._engine.connect() as connection:
            return connection.execute(sql.last_seq, {"this": conversation}).scalar() or 0

    def since_last_said(self, conversation: str) -> List[Dict[str, Any]]:
        """Return the bubbles since the person's last message, in order: what an answer can refer to."""
        with self._engine.connect() as connection:
            said = connection.execute(sql.last_said, {"this": conversation}).scalar() or 0
        return self.messages(conversation, said)

    def waits_for(self, conversation: str) -> str:
        """Return the kind of answer that the newest bubble waits for; "text" when nothing was said yet."""
        with self._engine.connect() as connection:
            row = connection.execute(sql.last_bubble, {"this": conversation}).mappings().first()
        return str(_as_shown(row)["input"]) if row is not None else "text"

    def add_feedback(self, conversation: str, seq: int, up: bool, reason: Optional[str]) -> bool:
        """Write what a person thought of a bubble, blanked; a second opinion replaces the first.

        Returns False when the bot said no such thing.
        """
        bubble = sa.and_(sql.messages.c.conversation == conversation, sql.messages.c.seq == seq, sql.messages.c.sender == "bot")
        same = sa.and_(sql.feedback.c.conversation == conversation, sql.feedback.c.seq == seq)
        with self._engine.begin() as connection:
            if connection.execute(sa.select(sql.messages.c.seq).where(bubble)).first() is None:
                return False
            connection.execute(sql.feedback.delete().where(same))
            connection.execute(
                sql.feedback.insert().values(
                    conversation=conversation, seq=seq, up=up, reason=blank(reason or ""), at=self._clock.iso()
                )
            )
        return True

    def _adopt(self) -> None:
        """Take over a database from before there was an inbox."""
        if "answered" in {column["name"] for column in sa.inspect(self._engine).get_columns(sql.messages.name)}:
            with self._engine.begin() as connection:
                connection.execute(sa.text("ALTER TABLE chat_messages DROP COLUMN answered"))

    def _insert(
        self, connection: Any, conversation: str, sender: str, text: str, extras: Dict[str, Any], client_id: Optional[str]
    ) -> Dict[str, Any]:
        """Write a message."""
        row = {
            "conversation": conversation,
            "seq": (connection.execute(sql.last_seq, {"this": conversation}).scalar() or 0) + 1,
            "sender": sender,
            "text": blank(text, own_words=sender == "bot"),
            "extras": json.dumps(extras, ensure_ascii=False),
            "at": self._clock.iso(),
            "client_id": client_id,
        }
        connection.execute(sql.insert_message, row)
        return row


def _as_shown(row: Mapping[str, Any]) -> Dict[str, Any]:
    """Return a stored message as the page gets it."""
    empty = {"choices": [], "links": [], "input": "text"}
    shown = {"seq": row["seq"], "from": row["sender"], "text": row["text"], **empty, **json.loads(row["extras"])}
    return {**shown, "at": row["at"]}
