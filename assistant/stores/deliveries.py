"""Bubbles that a provider has yet to take: on disk with the bubble itself, gone when the provider has said yes."""

from dataclasses import dataclass
from typing import Any, List

import sqlalchemy as sa

from assistant.stores.message_tables import deliveries

_one = sa.and_(deliveries.c.conversation == sa.bindparam("this"), deliveries.c.seq == sa.bindparam("number"))
_put = deliveries.insert()
_begin = deliveries.update().where(_one).values(tries=deliveries.c.tries + 1)
_done = deliveries.delete().where(_one)
_next = sa.select(deliveries).where(deliveries.c.conversation == sa.bindparam("this")).order_by(deliveries.c.seq).limit(1)
_waiting = sa.select(deliveries.c.conversation).distinct()


@dataclass(frozen=True)
class Delivery:
    """A bubble on its way: which one, and how often it was sent without a known end."""

    seq: int
    tries: int


class Deliveries:
    """What is to be delivered, conversation by conversation, in order."""

    def __init__(self, engine: sa.engine.Engine) -> None:
        self._engine = engine

    def put(self, connection: Any, conversation: str, seq: int) -> None:
        """Have a bubble delivered, in the transaction that writes it."""
        connection.execute(_put, {"conversation": conversation, "seq": seq, "tries": 0})

    def next(self, conversation: str) -> "Delivery | None":
        """Return the oldest bubble that waits, None when all are delivered."""
        with self._engine.connect() as connection:
            row = connection.execute(_next, {"this": conversation}).first()
        return Delivery(row.seq, row.tries) if row else None

    def begin(self, conversation: str, seq: int) -> None:
        """Note that a bubble is being sent: from now on its fate is unknown until `done`."""
        with self._engine.begin() as connection:
            connection.execute(_begin, {"this": conversation, "number": seq})

    def done(self, conversation: str, seq: int) -> None:
        """Let go of a bubble that was taken, or given up."""
        with self._engine.begin() as connection:
            connection.execute(_done, {"this": conversation, "number": seq})

    def waiting(self) -> List[str]:
        """Return the conversations in which something waits, as after a crash."""
        with self._engine.connect() as connection:
            return list(connection.execute(_waiting).scalars())
