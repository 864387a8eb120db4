"""Who holds which conversation: a browser by its cookie, somebody at a provider by the id the provider knows."""

import hashlib
import logging
import secrets
from dataclasses import dataclass
from typing import List, Optional, Tuple

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from assistant.clock import Clock
from assistant.stores import message_tables as sql
from assistant.stores.sealing import Seal, Unsealable

logger = logging.getLogger(__name__)

SEEN_TO_S = 10
"""How exactly it is known when a session was last seen: not every look at the screen is written."""


@dataclass(frozen=True)
class Session:
    """A hold on one conversation."""

    conversation: str
    lang: str


class Sessions:
    """Sessions idle for `idle_s` or older than `life_s` seconds are over. Cookies and provider's ids are stored hashed.

    A conversation's name is random: nothing outside this table says who at which provider it is with, and here it is sealed.
    """

    def __init__(self, engine: sa.engine.Engine, clock: Clock, idle_s: float, life_s: float, seal: Seal) -> None:
        self._engine = engine
        self._clock = clock
        self._idle_s = idle_s
        self._life_s = life_s
        self._seal = seal

    def open(self, channel: str, lang: str) -> Tuple[str, Session]:
        """Start a conversation; return the cookie's value (256 random bits) and the session."""
        cookie = secrets.token_urlsafe(32)
        return cookie, self._open(_hash(cookie), channel, lang, None)

    def find(self, cookie: Optional[str]) -> Optional[Session]:
        """Return the live session of a cookie, None when there is none, and note that it was seen.

        A store that can be read but not written, as on a full disk, still shows what it has: it is noted another time.
        """
        return self._find(_hash(cookie)) if cookie else None

    def held_by(self, channel: str, holder: str, address: Optional[str] = None) -> Session:
        """Return the session that somebody at a provider holds, a new one when there is none or it is over.

        `holder` is the provider's id of the person, or of the call; `address` (the holder, unless another is given) is kept
        sealed: where bubbles go, who the backend hears is speaking.
        """
        key = hashed_holder(channel, holder)
        return self._find(key) or self._open(key, channel, "vi", address or holder)

    def conversation_of(self, channel: str, holder: str) -> Optional[str]:
        """Return the newest conversation with somebody at a provider, over or not; None when none is known."""
        with self._engine.connect() as connection:
            found: Optional[str] = connection.execute(sql.held, {"this": hashed_holder(channel, holder)}).scalar()
        return found

    def address(self, conversation: str) -> Optional[str]:
        """Return the address that `held_by` kept; None when the conversation has none, or is over and gone."""
        with self._engine.connect() as connection:
            sealed = connection.execute(sql.address, {"this": conversation}).scalar()
        try:
            return str(self._seal.open(sealed)["address"]) if sealed else None
        except Unsealable:
            return None

    def seen_at(self, conversation: str) -> Optional[float]:
        """Return when its holder last wrote (seconds since 1970, to `SEEN_TO_S`)."""
        with self._engine.connect() as connection:
            seen: Optional[float] = connection.execute(sql.seen, {"this": conversation}).scalar()
        return seen

    def conversations(self, channel: str) -> List[str]:
        """Return the conversations of a channel that somebody holds or has held."""
        with self._engine.connect() as connection:
            return list(connection.execute(sql.conversations, {"prefix": f"{channel}:%"}).scalars())

    def over(self, channel: str) -> List[str]:
        """Return the conversations of a channel whose sessions have ended by themselves."""
        now = self._clock.now()
        ended = {"prefix": f"{channel}:%", "seen_after": now - self._idle_s, "created_after": now - self._life_s}
        with self._engine.connect() as connection:
            return list(connection.execute(sql.conversations_over, ended).scalars())

    def age_s(self, conversation: str) -> float:
        """Return how many seconds ago the session began; 0 when it is unknown."""
        with self._engine.connect() as connection:
            began = connection.execute(sql.began, {"this": conversation}).scalar()
        return self._clock.now() - began if began is not None else 0.0

    def end(self, conversation: str) -> None:
        """Let nobody into the conversation any more."""
        with self._engine.begin() as connection:
            connection.execute(sql.sessions.delete().where(sql.sessions.c.conversation == conversation))

    def language(self, conversation: str) -> str:
        """Return the language the conversation is held in, "vi" when it is unknown."""
        with self._engine.connect() as connection:
            return connection.execute(sql.language, {"this": conversation}).scalar() or "vi"

    def set_language(self, conversation: str, lang: str) -> None:
        """Remember the language that was chosen, or spoken."""
        with self._engine.begin() as connection:
            connection.execute(sql.speak, {"this": conversation, "spoken": lang})

    def _find(self, key: str) -> Optional[Session]:
        now = self._clock.now()
        live = {"this": key, "seen_after": now - self._idle_s, "created_after": now - self._life_s}
        with self._engine.connect() as connection:
            row = connection.execute(sql.live_session, live).first()
        if row is None:
            return None
        if abs(now - row.seen_at) >= SEEN_TO_S:
            try:
                with self._engine.begin() as connection:
                    connection.execute(sql.see_session, {"this": key, "now": now})
            except SQLAlchemyError as error:
                logger.warning("a session's last look could not be noted: %s", type(error).__name__)
        return Session(row.conversation, row.lang)

    def _open(self, key: str, channel: str, lang: str, address: Optional[str]) -> Session:
        now = self._clock.now()
        row = {
            "cookie_hash": key,
            "conversation": f"{channel}:{secrets.token_urlsafe(16)}",
            "lang": lang,
            "created_at": now,
            "seen_at": now,
            "address": self._seal.close({"address": address}) if address else None,
        }
        with self._engine.begin() as connection:
            connection.execute(sql.end_session, {"this": key})  # one that is over: who comes back begins anew
            connection.execute(sql.open_session, row)
        return Session(str(row["conversation"]), lang)


def hashed_holder(channel: str, holder: str) -> str:
    """Return what stands for somebody at a provider where nobody may read who it is."""
    return _hash(f"{channel}:{holder}")


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
