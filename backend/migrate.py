"""Bringing the database to the newest schema, and asking whether it is there."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from backend.database import Database


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, target: str = "head") -> None:
    """Migrate up to `target`; nothing happens when it is there already."""
    with database.write() as connection:
        command.upgrade(_config(connection), target)


def downgrade(database: Database, target: str = "base") -> None:
    """Migrate down to `target`."""
    with database.write() as connection:
        command.downgrade(_config(connection), target)


def revisions(*, with_base: bool = False) -> list[str]:
    """Every revision this program knows, oldest first; `base` is the one before the first, an empty database."""
    known = [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]
    return [*(["base"] if with_base else []), *reversed(known)]


@cache
def newest() -> str:
    """This program's newest revision; it cannot change while the program runs."""
    return revisions()[-1]


def is_current(database: Database) -> bool:
    """Whether the schema is at its newest revision."""
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest()
