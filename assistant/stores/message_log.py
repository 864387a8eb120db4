"""What stands on the chat screen: sessions, bubbles and choices of the web channel, on disk, blanked when written."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Tuple

import sqlalchemy as sa

from assistant.clock import Clock
from assistant.privacy import blank

_metadata = sa.MetaData()
_sessions = sa.Table(
    "chat_sessions",
    _metadata,
    sa.Column("cookie_hash", sa.String(64), primary_key=True),
    sa.Column("conversation", sa.String(64), nullable=False, index=True),
    sa.Column("lang", sa.String(2), nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
)
_messages = sa.Table(
    "chat_messages",
    _metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("sender", sa.String(4), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("extras", sa.Text, nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("client_id", sa.String(64)),
    sa.Column("answered", sa.Boolean, nullable=False),
    sa.UniqueConstraint("conversation", "client_id"),
)
_choices = sa.Table(
    "chat_choices",
    _metadata,
    sa.Column("token", sa.String(64), primary_key=True),
    sa.Column("conversation", sa.String(64), nullable=False, index=True),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("intent", sa.String(64), nullable=False),
)
_feedback = sa.Table(
    "chat_feedback",
    _metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("up", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("at", sa.String(32), nullable=False),
)


@dataclass(frozen=True)
class Session:
    """A browser's hold on one conversation."""

    conversation: str
    lang: str


@dataclass(frozen=True)
class Choice:
    """A button the bot offered: what it says and the intent it stands for."""

    label: str
    intent: str


@dataclass(frozen=True)
class Bubble:
    """One message of the bot: text, buttons, links (`{"label","url"}`) and the kind of answer it waits for."""

    text: str
    choices: List[Choice] = field(default_factory=list)
    links: List[Dict[str, str]] = field(default_factory=list)
    input: str = "text"


class MessageLog:
    """Sessions and messages of the web channel.

    Sessions idle for `idle_s` or older than `life_s` seconds are over. Cookies are stored hashed.
    """

    def __init__(self, url: str, clock: Clock, idle_s: float, life_s: float) -> None:
        self._engine = sa.create_engine(url, connect_args={"check_same_thread": False} if url.startswith("sqlite") else {})
        self._clock = clock
        self._idle_s = idle_s
        self._life_s = life_s
        if url.startswith("sqlite"):
            with self._engine.connect() as connection:
                connection.execute(sa.text("PRAGMA journal_mode=WAL"))
        _metadata.create_all(self._engine)

    def open_session(self, lang: str) -> Tuple[str, Session]:
        """Start a conversation; return the cookie's value (256 random bits) and the session."""
        cookie = secrets.token_urlsafe(32)
        session = Session(f"web:{secrets.token_urlsafe(16)}", lang)
        now = self._clock.now()
        with self._engine.begin() as connection:
            connection.execute(
                _sessions.insert().values(
                    cookie_hash=_hash(cookie), conversation=session.conversation, lang=lang, created_at=now, seen_at=now
                )
            )
        return cookie, session

    def session(self, cookie: Optional[str]) -> Optional[Session]:
        """Return the live session of a cookie and note that it was seen, None when there is none."""
        if not cookie:
            return None
        now = self._clock.now()
        live = sa.and_(
            _sessions.c.cookie_hash == _hash(cookie),
            _sessions.c.seen_at > now - self._idle_s,
            _sessions.c.created_at > now - self._life_s,
        )
        with self._engine.begin() as connection:
            row = connection.execute(sa.select(_sessions.c.conversation, _sessions.c.lang).where(live)).first()
            if row is None:
                return None
            connection.execute(_sessions.update().where(live).values(seen_at=now))
        return Session(row.conversation, row.lang)

    def forget(self, conversation: str) -> None:
        """Delete a conversation with its session, messages, choices and feedback."""
        with self._engine.begin() as connection:
            for table in (_messages, _choices, _feedback, _sessions):
                connection.execute(table.delete().where(table.c.conversation == conversation))

    def add_user(self, conversation: str, client_id: str, text: str) -> Tuple[int, bool]:
        """Write a person's message, blanked; return its seq and whether it is new (a client_id counts once)."""
        with self._engine.begin() as connection:
            known = sa.select(_messages.c.seq).where(_messages.c.conversation == conversation, _messages.c.client_id == client_id)
            seq = connection.execute(known).scalar()
            if seq is not None:
                return seq, False
            return self._insert(connection, conversation, "user", text, {}, client_id, answered=False), True

    def add_bot(self, conversation: str, bubble: Bubble) -> Dict[str, Any]:
        """Write a bubble of the bot and make its choices' tokens; return it as the page gets it."""
        tokens = [(f"c:{secrets.token_urlsafe(12)}", choice) for choice in bubble.choices]
        extras = {
            "choices": [{"token": token, "label": choice.label} for token, choice in tokens],
            "links": bubble.links,
            "input": bubble.input,
        }
        with self._engine.begin() as connection:
            for token, choice in tokens:
                connection.execute(
                    _choices.insert().values(token=token, conversation=conversation, label=choice.label, intent=choice.intent)
                )
            seq = self._insert(connection, conversation, "bot", bubble.text, extras, None, answered=True)
        return self.messages(conversation, after=seq - 1)[0]

    def choice(self, conversation: str, token: str) -> Optional[Choice]:
        """Return what a token stands for in this conversation, None for any other string."""
        wanted = sa.select(_choices.c.label, _choices.c.intent).where(
            _choices.c.token == token, _choices.c.conversation == conversation
        )
        with self._engine.connect() as connection:
            row = connection.execute(wanted).first()
        return Choice(row.label, row.intent) if row else None

    def messages(self, conversation: str, after: int = 0) -> List[Dict[str, Any]]:
        """Return the messages with a higher seq than `after`, in order, as the page gets them."""
        wanted = (
            sa.select(_messages)
            .where(_messages.c.conversation == conversation, _messages.c.seq > after)
            .order_by(_messages.c.seq)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
        return [
            {
                "seq": row.seq,
                "from": row.sender,
                "text": row.text,
                **{"choices": [], "links": [], "input": "text", **json.loads(row.extras)},
                "at": row.at,
            }
            for row in rows
        ]

    def add_feedback(self, conversation: str, seq: int, up: bool, reason: Optional[str]) -> bool:
        """Write what a person thought of a bubble, blanked; a second opinion replaces the first.

        Returns False when the bot said no such thing.
        """
        bubble = sa.and_(_messages.c.conversation == conversation, _messages.c.seq == seq, _messages.c.sender == "bot")
        same = sa.and_(_feedback.c.conversation == conversation, _feedback.c.seq == seq)
        with self._engine.begin() as connection:
            if connection.execute(sa.select(_messages.c.seq).where(bubble)).first() is None:
                return False
            connection.execute(_feedback.delete().where(same))
            connection.execute(
                _feedback.insert().values(
                    conversation=conversation, seq=seq, up=up, reason=blank(reason or ""), at=self._clock.iso()
                )
            )
        return True

    def mark_answered(self, conversation: str, seq: int) -> None:
        """Note that a person's message has had its turn."""
        with self._engine.begin() as connection:
            connection.execute(
                _messages.update().where(_messages.c.conversation == conversation, _messages.c.seq == seq).values(answered=True)
            )

    def unanswered(self) -> List[Tuple[str, int]]:
        """Return (conversation, seq) of messages whose turn never ended, as after a crash."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                sa.select(_messages.c.conversation, _messages.c.seq).where(_messages.c.answered.is_(False))
            ).all()
        return [(row.conversation, row.seq) for row in rows]

    def language(self, conversation: str) -> str:
        """Return the language the conversation was opened in, "vi" when it is unknown."""
        with self._engine.connect() as connection:
            wanted = sa.select(_sessions.c.lang).where(_sessions.c.conversation == conversation)
            return connection.execute(wanted).scalar() or "vi"

    def set_language(self, conversation: str, lang: str) -> None:
        """Remember the language chosen on the page."""
        with self._engine.begin() as connection:
            connection.execute(_sessions.update().where(_sessions.c.conversation == conversation).values(lang=lang))

    def _insert(
        self, connection: Any, conversation: str, sender: str, text: str, extras: Dict[str, Any],
        client_id: Optional[str], answered: bool,
    ) -> int:  # fmt: skip
        last = sa.select(sa.func.max(_messages.c.seq)).where(_messages.c.conversation == conversation)
        seq = (connection.execute(last).scalar() or 0) + 1
        connection.execute(
            _messages.insert().values(
                conversation=conversation, seq=seq, sender=sender, text=blank(text, own_words=sender == "bot"),
                extras=json.dumps(extras, ensure_ascii=False), at=self._clock.iso(), client_id=client_id, answered=answered,
            )
        )  # fmt: skip
        return seq


def _hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
