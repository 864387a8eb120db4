"""What must be there before anything runs: a folder, a port, a schema. Each refuses in one line that says what to do."""

import socket
import tempfile
from pathlib import Path

from backend.database import Database
from backend.errors import BadConfiguration
from backend.settings import Settings


def ready_folder(settings: Settings) -> None:
    """Make the folder of SQLite's file; raises BadConfiguration when it cannot be written to."""
    if not settings.database_url.startswith("sqlite"):
        return
    try:
        Path(settings.var).mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=settings.var):
            pass
    except OSError as error:
        raise BadConfiguration(f"VAR={settings.var} cannot be written to ({error.strerror}): name another folder.") from error


def listen(settings: Settings) -> socket.socket:
    """The public port, bound and listened on; raises BadConfiguration when somebody else has it."""
    host, port = settings.backend_host, settings.backend_port
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        text = f"BACKEND_HOST={host} BACKEND_PORT={port} cannot be listened on ({error.strerror}): is another program using it?"
        raise BadConfiguration(text) from error


def require_newest_schema(database: Database) -> None:
    """Raise BadConfiguration when the schema is not this program's."""
    from backend import migrate

    if not migrate.is_current(database):
        raise BadConfiguration("The database schema is not the newest: run `python -m backend migrate` first.")
