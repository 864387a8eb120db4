"""Rows that wait for something to be done: begun, perhaps again after a crash, and gone when it is done."""

import sqlalchemy as sa


class Waiting:
    """What the inbox and the deliveries share: a table with `conversation`, `seq` and the `tries` that were begun."""

    def __init__(self, engine: sa.engine.Engine, table: sa.Table) -> None:
        self._engine = engine
        self._this = sa.and_(table.c.conversation == sa.bindparam("this"), table.c.seq == sa.bindparam("number"))
        # Built once: SQLAlchemy takes longer to build a statement than SQLite to run it.
        self._put = table.insert()
        self._begin = table.update().where(self._this).values(tries=table.c.tries + 1)
        self._done = table.delete().where(self._this)

    def begin(self, conversation: str, seq: int) -> None:
        """Note that it is being tried: from now on its fate is unknown until `done`."""
        with self._engine.begin() as connection:
            connection.execute(self._begin, {"this": conversation, "number": seq})

    def done(self, conversation: str, seq: int) -> None:
        """Let go of what was done, or given up."""
        with self._engine.begin() as connection:
            connection.execute(self._done, {"this": conversation, "number": seq})
