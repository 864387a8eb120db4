"""Opens the databases of the Rasa process: SQLite on disk, or PostgreSQL."""

from pathlib import Path
from typing import Any, Tuple

import sqlalchemy as sa
from rasa.shared.exceptions import RasaException
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import CreateColumn

BUSY_S = 1
"""Seconds to wait for a lock or a connection: longer would hold up every conversation of the process."""


_IMPATIENT = {
    "connect_timeout": 2,  # seconds, the least libpq knows
    "options": f"-c lock_timeout={BUSY_S}s -c statement_timeout={2 * BUSY_S}s",
    "tcp_user_timeout": 2000 * BUSY_S,
}
"""For PostgreSQL. A server that is frozen while its machine still acknowledges packets is not noticed by any of these."""


class DatabaseGone(SQLAlchemyError):
    """The database's file was deleted or replaced while it was open."""


class DatabaseUnusable(RasaException):
    """A database cannot be opened; the text says which and why."""


def open_database(url: str, metadata: sa.MetaData) -> sa.engine.Engine:
    """Return an engine on `url` in which the tables, columns and indexes of `metadata` exist.

    SQLite files are opened in write-ahead mode, so readers never wait for a writer and a killed process loses nothing
    that was committed. Values of statements are kept out of error texts. When a file is deleted or replaced, SQLite would
    go on with the old one and lose everything at the next start: here every use fails with `DatabaseGone` until the file
    is put back or the program started again.

    Raises:
        DatabaseUnusable: the database cannot be reached, read or written.
    """
    sqlite = url.startswith("sqlite")
    try:
        engine = sa.create_engine(
            url,
            hide_parameters=True,
            poolclass=QueuePool,
            pool_timeout=BUSY_S,
            pool_pre_ping=not sqlite,
            connect_args={"timeout": BUSY_S, "check_same_thread": False} if sqlite else _IMPATIENT,
        )
    except (SQLAlchemyError, ImportError):
        raise DatabaseUnusable("the URL of a database cannot be used: it is sqlite:///path or postgresql://...") from None
    try:
        if sqlite:
            sa.event.listen(engine, "connect", _write_ahead)
        try:
            _create(engine, metadata)
        except ProgrammingError:  # processes that start together create the same tables
            _create(engine, metadata)
        if sqlite:
            _require_same_file(engine, Path(str(engine.url.database)))
    except (SQLAlchemyError, OSError) as error:
        place = Path(str(engine.url.database)).resolve() if sqlite else engine.url.render_as_string(hide_password=True)
        raise DatabaseUnusable(f"the database {place} cannot be used ({getattr(error, 'orig', error)})") from None
    return engine


def empty_write_ahead_log(engine: sa.engine.Engine) -> None:
    """Take what was deleted out of SQLite's write-ahead log too, as far as nobody reads it now."""
    if engine.name == "sqlite":
        with engine.connect() as connection:
            connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _create(engine: sa.engine.Engine, metadata: sa.MetaData) -> None:
    """Create what is missing: tables, their later columns (which may be empty, or have a server default), indexes."""
    metadata.create_all(engine)
    there = sa.inspect(engine)
    for table in metadata.sorted_tables:
        names = {column["name"] for column in there.get_columns(table.name)}
        with engine.begin() as connection:
            for column in table.columns:
                if column.name not in names:
                    added = CreateColumn(column).compile(dialect=engine.dialect)
                    connection.execute(sa.text(f"ALTER TABLE {table.name} ADD COLUMN {added}"))
        for index in table.indexes:
            index.create(engine, checkfirst=True)


def _write_ahead(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _require_same_file(engine: sa.engine.Engine, file: Path) -> None:
    opened = _identity(file)

    def check(*_: Any) -> None:
        if _identity(file) != opened:
            raise DatabaseGone(f"{file.name} is gone or another file; put it back, or start the program again")

    sa.event.listen(engine, "checkout", check)
    # Before anything else is done with a new connection: the first statement would create the file.
    sa.event.listen(engine, "connect", check, insert=True)


def _identity(file: Path) -> Tuple[int, int]:
    try:
        found = file.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino
