"""The product's clock as the Rasa process keeps it."""

import asyncio
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from assistant.clock import Clock


def test_without_demo_mode_it_is_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.clock.time.time", lambda: 1000.0)
    clock = Clock()
    asyncio.run(clock.refresh())
    assert clock.now() == 1000.0


def test_the_last_offset_holds_while_the_backend_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    class Backend(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"offset_s": 301}).encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Backend)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    clock = Clock(f"http://127.0.0.1:{server.server_port}/demo/clock")

    async def before_and_after() -> None:
        await clock.refresh()
        server.shutdown()
        server.server_close()
        await clock.refresh()
        await clock.close()

    asyncio.run(before_and_after())
    monkeypatch.setattr("assistant.clock.time.time", lambda: 1000.0)
    assert clock.now() == 1301.0


def test_a_silent_backend_holds_up_the_one_who_asks_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.clock._ASK_TIMEOUT_S", 0.2)
    happened = []

    async def asked(clock: Clock) -> None:
        await clock.refresh()
        happened.append("the silent backend was given up")

    async def others() -> None:
        await asyncio.sleep(0)
        happened.append("somebody else was served")

    async def together() -> None:
        clock = Clock(f"http://127.0.0.1:{silent.getsockname()[1]}/demo/clock")
        await asyncio.gather(asked(clock), others())
        await clock.close()

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        asyncio.run(together())
    assert happened == ["somebody else was served", "the silent backend was given up"]
