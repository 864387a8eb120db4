"""`worker`: sending and erasing in a process of their own."""

import signal
import threading
from typing import Annotated

import typer

from backend import logs, surroundings
from backend.errors import BadConfiguration
from backend.lifeline import Lifeline
from backend.settings import load


def worker(
    held: Annotated[bool, typer.Option("--held", hidden=True, help="End when the starter ends.")] = False,
) -> None:
    """Send the messages and erase what is past its time, without HTTP, until SIGTERM or Ctrl-C."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    from backend import app as application
    from backend import metrics, metrics_port
    from backend.postman import Postman
    from backend.retention import Sweeper
    from backend.store_metrics import StoreMetrics

    settings = load()
    logs.configure(settings.log_level)
    if settings.demo:
        raise BadConfiguration("DEMO=1 sends and erases in the one process of `run`: no worker is needed beside it.")
    core = application.build_core(settings)
    surroundings.require_newest_schema(core.database)
    if not held:
        metrics_port.tell(settings, metrics.registry, StoreMetrics(core))
    postman = Postman(core, application.transports_of(settings), keep_body=False)
    sweeper = Sweeper(core)
    postman.start()
    sweeper.start()
    if held:
        lifeline = Lifeline()
        lifeline.on_loss(stopping.set)
        lifeline.say_up()
    stopping.wait()
    sweeper.stop()
    postman.stop()
    core.database.close()
