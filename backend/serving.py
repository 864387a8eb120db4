"""One process that answers HTTP on a listening socket until it is told to stop."""

import asyncio
import signal
import socket

import uvicorn
from fastapi import FastAPI

from backend.errors import BadConfiguration
from backend.lifeline import Lifeline

STOP_S = 5  # seconds that requests in hand may take at shutdown


class _Server(uvicorn.Server):
    """Uvicorn's server, which tells its starter once it accepts."""

    lifeline: Lifeline | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as Uvicorn does."""
        await super().startup(sockets=sockets)
        if self.started and self.lifeline is not None:
            await asyncio.to_thread(self.lifeline.say_up)


def serve(app: FastAPI, listener: socket.socket, lifeline: Lifeline | None = None) -> None:
    """Answer until SIGTERM, SIGINT or the loss of the lifeline; all end orderly. Raises BadConfiguration if it cannot start."""
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_S,
    )
    server = _Server(config)
    server.lifeline = lifeline

    def stop(*_: object) -> None:
        """Let Uvicorn end after the requests in hand."""
        server.should_exit = True

    # Uvicorn raises the signal again after its own orderly stop: then this does nothing more.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    if lifeline is not None:
        lifeline.on_loss(stop)
    server.run(sockets=[listener])
    if not server.started:
        raise BadConfiguration("The program could not start: the lines above say why.")
