"""Messages that were accepted and not yet answered: on disk before the sender hears of it, gone when answered.

A message whose turn was broken off is played again: its id is the idempotency key of every effect it had. One that was
tried `MOST_TRIES` times, or lay here too long, is given up, and the person is asked to send it again.
"""

from dataclasses import dataclass
from typing import Any, Callable, Dict, List

import sqlalchemy as sa

from assistant.stores.message_tables import inbox
from assistant.stores.sealing import Seal, Unsealable
from assistant.stores.waiting import Waiting

MOST_TRIES = 6
"""More than a process dies in a bad hour for reasons of its own; a message that kills it is played no more often."""
_left = (
    sa.select(inbox)
    .where(inbox.c.conversation.like(sa.bindparam("prefix")))
    .order_by(inbox.c.received_at, inbox.c.conversation, inbox.c.seq)
)


@dataclass(frozen=True)
class Left:
    """A message that a crash has left: what it was, and whether it may be played again."""

    conversation: str
    seq: int
    tries: int
    body: Dict[str, Any]
    is_given_up: bool


class Inbox(Waiting):
    """The waiting messages of all conversations; bodies are sealed."""

    def __init__(self, engine: sa.engine.Engine, seal: Seal, now: Callable[[], float], stale_s: float) -> None:
        super().__init__(engine, inbox)
        self._seal = seal
        self._now = now
        self._stale_s = stale_s

    def put(self, connection: Any, conversation: str, seq: int, body: Dict[str, Any]) -> None:
        """Keep a message, in the transaction that numbers it."""
        sealed = self._seal.close(body)
        row = {"conversation": conversation, "seq": seq, "sealed": sealed, "tries": 0, "received_at": self._now()}
        connection.execute(self._put, row)

    def left(self, channel: str) -> List[Left]:
        """Return what waits in a channel, in the order it came."""
        with self._engine.connect() as connection:
            rows = connection.execute(_left, {"prefix": f"{channel}:%"}).all()
        return [self._read(row) for row in rows]

    def clear(self, channel: str) -> None:
        """Let go of whatever waits in a channel."""
        with self._engine.begin() as connection:
            connection.execute(inbox.delete().where(inbox.c.conversation.like(f"{channel}:%")))

    def _read(self, row: Any) -> Left:
        try:
            body = self._seal.open(row.sealed)
        except Unsealable:
            body = {}
        too_old = row.received_at < self._now() - self._stale_s
        return Left(row.conversation, row.seq, row.tries, body, not body or too_old or row.tries >= MOST_TRIES)
