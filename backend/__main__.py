"""Commands: `python -m backend serve | migrate | openapi`."""

import json
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path

from backend import logs
from backend.errors import BadConfiguration, Busy
from backend.settings import Settings, load

USAGE = "usage: python -m backend serve | migrate | openapi"
STOP_S = 5  # seconds that requests in hand may take at shutdown


def _ready_folder(settings: Settings) -> None:
    if not settings.database_url.startswith("sqlite"):
        return
    try:
        Path(settings.var).mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=settings.var):
            pass
    except OSError as error:
        raise BadConfiguration(f"VAR={settings.var} cannot be written to ({error.strerror}): name another folder.") from error


def _listen(settings: Settings) -> socket.socket:
    host, port = settings.backend_host, settings.backend_port
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        text = f"BACKEND_HOST={host} BACKEND_PORT={port} cannot be listened on ({error.strerror}): is another program using it?"
        raise BadConfiguration(text) from error


def migrate(settings: Settings) -> None:
    """Bring the database to the newest schema."""
    from backend import migrate as migration
    from backend.database import Database

    _ready_folder(settings)
    database = Database(settings.database_url)
    migration.upgrade(database)
    database.close()


def serve(settings: Settings) -> None:
    """Run the program until SIGTERM or SIGINT; both end it orderly."""
    logs.configure(settings.log_level)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    _ready_folder(settings)
    listener = _listen(settings)
    import uvicorn

    from backend import app as application
    from backend import migrate as migration
    from backend.demo import people
    from backend.directory.book import book
    from backend.official.facts import facts

    core = application.build_core(settings)
    # Read before anybody asks: a broken file stops the start, not a conversation.
    facts()
    book()
    if settings.demo:
        migration.upgrade(core.database)
        people.seed(core)
    elif not migration.is_current(core.database):
        raise BadConfiguration("The database schema is not the newest: run `python -m backend migrate` first.")
    config = uvicorn.Config(
        application.create_app(core),
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_S,
    )
    server = uvicorn.Server(config)

    def stop(*_: object) -> None:
        """Let Uvicorn end after the requests in hand."""
        server.should_exit = True

    # Uvicorn raises the signal again after its own orderly stop: then this does nothing more.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    server.run(sockets=[listener])
    core.database.close()
    if not server.started:
        raise BadConfiguration("The program could not start: the lines above say why.")


def openapi() -> str:
    """The schema as text, the same on every machine; needs no database and no setting."""
    from backend import app as application

    settings = Settings.model_construct(**{name: field.default for name, field in Settings.model_fields.items()}).model_copy(
        update={"database_url": "sqlite:///unused.db", "smtp_url": "smtp://127.0.0.1", "backend_key": "-"}
    )
    app = application.create_app(application.build_core(settings), threads=False)
    return json.dumps(app.openapi(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def main(arguments: list[str]) -> int:
    """Run one command; 1 with one line when it cannot start, 2 for an unknown command."""
    logs.configure("WARNING")
    command = arguments[0] if len(arguments) == 1 else ""
    try:
        if command == "openapi":
            sys.stdout.write(openapi())
            return 0
        if command == "migrate":
            migrate(load())
            return 0
        if command == "serve":
            serve(load())
            return 0
    except BadConfiguration as error:
        sys.stderr.write(f"backend: {error}\n")
        return 1
    except Busy:
        sys.stderr.write("backend: the database of DATABASE_URL cannot be reached: is it running?\n")
        return 1
    sys.stderr.write(USAGE + os.linesep)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
