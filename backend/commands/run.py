"""`run`: answer HTTP, in this process or in several that share one port."""

import signal
import socket
import sys
from typing import Annotated

import typer

from backend import logs, surroundings
from backend.errors import BadConfiguration
from backend.lifeline import Lifeline
from backend.settings import Settings, load

MOST_WORKERS = 64
ONE_IN_DEMO = "DEMO=1 runs in one process, which holds the demo's clock and faults: leave out --workers and --no-worker."


def run(
    workers: Annotated[int, typer.Option(min=1, max=MOST_WORKERS, help="Processes that answer HTTP on the one port.")] = 1,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Leave sending and erasing to `worker` elsewhere.")] = False,
    listener: Annotated[int, typer.Option(hidden=True, help="File descriptor of the port, from the starter.")] = -1,
) -> None:
    """Run the service until SIGTERM or Ctrl-C; both end it orderly.

    With several workers a process more sends the messages and erases what is past its time; whichever dies is replaced.
    """
    settings = load()
    logs.configure(settings.log_level)
    if settings.demo and (workers > 1 or no_worker):
        raise BadConfiguration(ONE_IN_DEMO)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    if listener >= 0:
        _serve(settings, socket.socket(fileno=listener), threads=False, lifeline=Lifeline())
        return
    surroundings.ready_folder(settings)
    bound = surroundings.listen(settings)
    if workers > 1:
        _lead(settings, bound, workers, sends=not no_worker)
    else:
        _serve(settings, bound, threads=not no_worker)


def _lead(settings: Settings, listener: socket.socket, workers: int, *, sends: bool) -> None:
    from backend.metrics_port import SharedCounts, tell
    from backend.team import Team

    counts = None
    if settings.metrics_port:
        from backend import app as application
        from backend.store_metrics import StoreMetrics

        counts = SharedCounts()
        try:
            tell(settings, counts.collector, StoreMetrics(application.build_core(settings)))
        except BadConfiguration:
            counts.close()
            raise
    Team(settings, listener, workers, sends=sends, counts=counts).run()


def _serve(settings: Settings, listener: socket.socket, *, threads: bool, lifeline: Lifeline | None = None) -> None:
    from backend import app as application
    from backend import metrics, metrics_port
    from backend import migrate as migration
    from backend.demo import people
    from backend.directory.book import book
    from backend.official.facts import facts
    from backend.serving import serve
    from backend.store_metrics import StoreMetrics

    core = application.build_core(settings)
    # Read before anybody asks: a broken file stops the start, not a conversation.
    facts()
    book()
    if settings.demo:
        migration.upgrade(core.database)
        people.seed(core)
    else:
        surroundings.require_newest_schema(core.database)
    if lifeline is None:
        metrics_port.tell(settings, metrics.registry, StoreMetrics(core))
    serve(application.create_app(core, threads=threads), listener, lifeline)
    core.database.close()
