"""The database connection: SQLite by default, any SQLAlchemy URL by setting."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from backend.errors import BadConfiguration, Busy

BUSY_TIMEOUT_MS = 5_000  # longer than 50 queued writers take on a slow disk, shorter than the caller's patience
LOST_MS = 10_000  # without any sign from the server
MAPPED_BYTES = (
    2 << 30
)  # SQLite's own ceiling; without it a look-up among a million people takes 1.5 times as long as among 10,000

log = logging.getLogger("backend.database")
NO_DATABASE = "DATABASE_URL cannot be used: it must be sqlite:///path or postgresql://user:password@host/name."


class Database:
    """Hands out transactions; a writing one holds SQLite's write lock from its first statement."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise BadConfiguration(NO_DATABASE) from error
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        # hide_parameters: an error text must never carry a personal value into a log.
        options: dict[str, Any] = {
            "hide_parameters": True,
            "pool_size": 20,
            "max_overflow": 40,
            "pool_timeout": 10,
        }
        if self.is_sqlite:
            options["connect_args"] = {"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000}
        elif parsed.get_backend_name() == "postgresql":
            options["connect_args"] = {
                "options": f"-c lock_timeout={BUSY_TIMEOUT_MS}",
                "connect_timeout": 3,
                # A server that vanished without a word is given up, not waited for by the operating system's two hours.
                "tcp_user_timeout": LOST_MS,
                "keepalives_idle": LOST_MS // 1000,
                "keepalives_interval": 2,
                "keepalives_count": 3,
            }
            options["pool_pre_ping"] = True
        try:
            self.engine: Engine = create_engine(parsed, **options)
        except (ArgumentError, ImportError) as error:  # no such kind of database, or no driver for it
            raise BadConfiguration(NO_DATABASE) from error
        self._file = Path(parsed.database) if self.is_sqlite and parsed.database not in (None, "", ":memory:") else None
        self._opened: tuple[int, int] | None = None
        # SQLite takes one writer at a time and lets the others try again and again, not in turn: here they queue.
        self._writers = threading.Lock() if self.is_sqlite else None
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A writing transaction, committed at the end of the block; raises Busy when the database cannot take it."""
        with self._turn(), self._open(writes=True) as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A reading transaction; raises Busy when the database is not there."""
        with self._open(writes=False) as connection:
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._writers is None:
            yield
            return
        if not self._writers.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            raise Busy(retry_after=2)
        try:
            yield
        finally:
            self._writers.release()

    @contextmanager
    def _open(self, *, writes: bool) -> Iterator[Connection]:
        self._require_same_file()
        try:
            with self.engine.connect() as connection:
                connection = connection.execution_options(writes=writes)
                with connection.begin():
                    yield connection
        except IntegrityError as error:
            raise Busy(retry_after=1) from error  # a parallel request won a unique row: repeat
        except (OperationalError, PoolTimeout) as error:
            raise Busy(retry_after=2) from error

    def _require_same_file(self) -> None:
        # SQLite goes on with a file that was deleted or replaced under it: whatever it promised then would be lost.
        if self._file is None:
            return
        found = _identity(self._file)
        if self._opened is None:
            self._opened = found
        elif found != self._opened:
            log.error("the database's file is gone or another one: put it back, or start the program again")
            raise Busy(retry_after=2)

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, for the connection's dialect."""
    return insert_for(connection.dialect.name, table)


def insert_for(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The same for a dialect, where the statement is built once and kept."""
    if dialect == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.isolation_level = None  # the driver must not begin transactions on its own
    cursor = dbapi_connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE: a read that later becomes a write would fail with "locked" instead of waiting.
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
