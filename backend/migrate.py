"""Bringing the database to the newest schema, and asking whether it is there."""

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


def is_current(database: Database) -> bool:
    """Whether the schema is at its newest revision."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
