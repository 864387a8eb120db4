"""A lock store that wakes the next turn of a conversation at once, in order.

Rasa's own asks every second whether it is its turn, and lets two turns run together when one takes longer than a
minute. Here a turn holds its conversation until it ends; those behind it wait in line, `LOCK_LIFETIME` seconds at most.

One process needs nothing but the type. Several processes that may serve the same conversation share a database:

    lock_store:
      type: assistant.stores.lock.FairLockStore
      url: postgresql://user:password@host/db

A lease in it names the process whose turn it is, which renews it. The lease of a process that died ends after
`LEASE_S` seconds; a process waits for another one's turn by asking every 20 ms, which happens only when one person
writes through two processes at once.
"""

import asyncio
import time
import uuid
from contextlib import asynccontextmanager
from typing import AsyncGenerator, Callable, Dict, Optional, Text

import sqlalchemy as sa
from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy.exc import IntegrityError

from assistant.stores.database import open_database

ASK_EVERY_S = 0.02
LEASE_S = 5.0

_metadata = sa.MetaData()
_leases = sa.Table(
    "leases",
    _metadata,
    sa.Column("conversation", sa.String(255), primary_key=True),
    sa.Column("owner", sa.String(32), nullable=False),
    sa.Column("ends_at", sa.Float(53), nullable=False),
)


class FairLockStore(LockStore):
    """One turn of a conversation at a time, first come, first served."""

    def __init__(
        self,
        endpoint_config: Optional[EndpointConfig] = None,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        url = endpoint_config.url if endpoint_config is not None else None
        self._engine = open_database(url, _metadata) if url else None
        self._now = now
        self._monotonic = monotonic
        self._lines: Dict[Text, asyncio.Lock] = {}
        self._waiting: Dict[Text, int] = {}

    @asynccontextmanager
    async def lock(
        self, conversation_id: Text, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = ASK_EVERY_S
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the conversation for the block.

        Raises:
            LockError: it was not free within `lock_lifetime` seconds.
        """
        line = self._lines.setdefault(conversation_id, asyncio.Lock())
        self._waiting[conversation_id] = self._waiting.get(conversation_id, 0) + 1
        deadline = self._monotonic() + lock_lifetime
        try:
            try:
                await asyncio.wait_for(line.acquire(), lock_lifetime)
            except asyncio.TimeoutError:
                raise LockError("another turn of this conversation did not end") from None
            try:
                async with self._leased(conversation_id, deadline, wait_time_in_seconds):
                    yield TicketLock(conversation_id)
            finally:
                line.release()
        finally:
            self._waiting[conversation_id] -= 1
            if not self._waiting[conversation_id]:
                del self._waiting[conversation_id], self._lines[conversation_id]

    @asynccontextmanager
    async def _leased(self, conversation: Text, deadline: float, pause: float) -> AsyncGenerator[None, None]:
        if self._engine is None:
            yield
            return
        owner = uuid.uuid4().hex
        while not self._take(conversation, owner):
            if self._monotonic() >= deadline:
                raise LockError("another process did not end its turn of this conversation")
            await asyncio.sleep(pause)
        renewing = asyncio.ensure_future(self._renew(conversation, owner))
        try:
            yield
        finally:
            renewing.cancel()
            self._give_back(conversation, owner)

    async def _renew(self, conversation: Text, owner: Text) -> None:
        assert self._engine is not None
        mine = sa.and_(_leases.c.conversation == conversation, _leases.c.owner == owner)
        while True:
            await asyncio.sleep(LEASE_S / 3)
            with self._engine.begin() as connection:
                connection.execute(_leases.update().where(mine).values(ends_at=self._now() + LEASE_S))

    def _take(self, conversation: Text, owner: Text) -> bool:
        assert self._engine is not None
        values = {"owner": owner, "ends_at": self._now() + LEASE_S}
        over = sa.and_(_leases.c.conversation == conversation, _leases.c.ends_at <= self._now())
        try:
            with self._engine.begin() as connection:
                if connection.execute(_leases.update().where(over).values(**values)).rowcount == 0:
                    connection.execute(_leases.insert().values(conversation=conversation, **values))
        except IntegrityError:
            return False
        return True

    def _give_back(self, conversation: Text, owner: Text) -> None:
        assert self._engine is not None
        mine = sa.and_(_leases.c.conversation == conversation, _leases.c.owner == owner)
        with self._engine.begin() as connection:
            connection.execute(_leases.delete().where(mine))
