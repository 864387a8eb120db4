"""Bubbles that a provider has yet to take: on disk with the bubble itself, gone when the provider has said yes."""

from dataclasses import dataclass
from typing import Any, List, Optional

import sqlalchemy as sa

from assistant.stores.message_tables import deliveries
from assistant.stores.waiting import Waiting

_next = sa.select(deliveries).where(deliveries.c.conversation == sa.bindparam("this")).order_by(deliveries.c.seq).limit(1)
_waiting = sa.select(deliveries.c.conversation).where(deliveries.c.conversation.like(sa.bindparam("prefix"))).distinct()


@dataclass(frozen=True)
class Delivery:
    """A bubble on its way: which one, and how often it was sent without a known end."""

    seq: int
    tries: int


class Deliveries(Waiting):
    """What is to be delivered, conversation by conversation, in order."""

    def __init__(self, engine: sa.engine.Engine) -> None:
        super().__init__(engine, deliveries)
        self._taken = sa.select(deliveries.c.taken).where(self._this)
        self._take = deliveries.update().where(self._this).values(taken=deliveries.c.taken + 1)

    def put(self, connection: Any, conversation: str, seq: int) -> None:
        """Have a bubble delivered, in the transaction that writes it."""
        connection.execute(self._put, {"conversation": conversation, "seq": seq, "tries": 0})

    def next(self, conversation: str) -> Optional[Delivery]:
        """Return the oldest bubble that waits, None when all are delivered."""
        with self._engine.connect() as connection:
            row = connection.execute(_next, {"this": conversation}).first()
        return Delivery(row.seq, row.tries) if row else None

    def taken(self, conversation: str, seq: int) -> int:
        """Return how many parts of a bubble the provider has taken; 0 for one that does not wait."""
        with self._engine.connect() as connection:
            return int(connection.execute(self._taken, {"this": conversation, "number": seq}).scalar() or 0)

    def take(self, conversation: str, seq: int) -> None:
        """Note that the provider has taken one more part of a bubble: it is not sent again."""
        with self._engine.begin() as connection:
            connection.execute(self._take, {"this": conversation, "number": seq})

    def waiting(self, channel: str) -> List[str]:
        """Return the conversations of a channel in which something waits, as after a crash."""
        with self._engine.connect() as connection:
            return list(connection.execute(_waiting, {"prefix": f"{channel}:%"}).scalars())
