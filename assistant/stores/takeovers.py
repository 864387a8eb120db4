"""People to whom somebody of ours writes by hand: the bot keeps quiet until they have had their time, over a restart too."""

import sqlalchemy as sa

from assistant.clock import Clock
from assistant.stores.message_tables import takeovers
from assistant.stores.sessions import hashed_holder

_until = sa.select(takeovers.c.until).where(takeovers.c.holder_hash == sa.bindparam("this"))


class Takeovers:
    """Who is being talked to by a human, as a hash, and until when (seconds since 1970); what is over is deleted."""

    def __init__(self, engine: sa.engine.Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def begin(self, channel: str, holder: str, seconds: float) -> None:
        """Keep the bot quiet for somebody for so long from now on."""
        key = hashed_holder(channel, holder)
        with self._engine.begin() as connection:
            over = sa.or_(takeovers.c.until <= self._clock.now(), takeovers.c.holder_hash == key)
            connection.execute(takeovers.delete().where(over))
            connection.execute(takeovers.insert().values(holder_hash=key, until=self._clock.now() + seconds))

    def is_on(self, channel: str, holder: str) -> bool:
        """Tell whether a human is talking to somebody now."""
        with self._engine.connect() as connection:
            until = connection.execute(_until, {"this": hashed_holder(channel, holder)}).scalar()
        return until is not None and until > self._clock.now()

    def expire(self) -> None:
        """Delete what is over."""
        with self._engine.begin() as connection:
            connection.execute(takeovers.delete().where(takeovers.c.until <= self._clock.now()))
