"""A fake provider on a port of its own, for as long as a block lasts; on loopback only."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI

from tests.fakes.control import add_control
from tests.fakes.page import add_page
from tests.fakes.provider import Provider

LOOPBACK = "127.0.0.1"
STARTED_WITHIN_S = 10


class _Server(uvicorn.Server):
    """Sees within a hundredth of a second that it shall end, not a tenth: tests start and end many."""

    async def main_loop(self) -> None:
        counter = 0
        while not await self.on_tick(counter):
            counter = (counter + 1) % 864_000
            await asyncio.sleep(0.01)


def complete_app(provider: Provider) -> FastAPI:
    """Return the provider's API with its routes below `/fake` and its chat page."""
    if urlsplit(provider.webhooks.url).hostname not in (LOOPBACK, "localhost", "::1"):
        raise ValueError("a fake provider sends to this machine only")
    app = provider.app()
    add_control(app, provider)
    add_page(app)

    @asynccontextmanager
    async def closing(_: FastAPI) -> Any:
        yield
        await provider.webhooks.close()

    app.router.lifespan_context = closing
    return app


def server(provider: Provider, port: int) -> tuple[uvicorn.Server, socket.socket]:
    """Return a server that is not running yet and its socket, which is bound already; port 0 takes a free one."""
    # Named TCP, or asyncio leaves Nagle's algorithm on and every second answer waits 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((LOOPBACK, port))
    provider.own_url = f"http://{LOOPBACK}:{listening.getsockname()[1]}"
    configuration = uvicorn.Config(
        complete_app(provider), log_level="critical", access_log=False, ws="none", timeout_graceful_shutdown=1
    )
    return _Server(configuration), listening


@contextmanager
def running(provider: Provider, port: int = 0) -> Iterator[str]:
    """Run a provider in a thread of its own; the block gets its address."""
    serving, listening = server(provider, port)
    thread = threading.Thread(target=serving.run, args=([listening],), daemon=True)
    thread.start()
    try:
        until = time.monotonic() + STARTED_WITHIN_S
        while not serving.started and time.monotonic() < until:
            time.sleep(0.005)
        yield provider.own_url
    finally:
        serving.should_exit = True
        thread.join(STARTED_WITHIN_S)
        listening.close()
