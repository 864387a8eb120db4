"""The product's clock as the Rasa process keeps it."""

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from assistant.clock import Clock


def test_without_demo_mode_it_is_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.clock.time.time", lambda: 1000.0)
    clock = Clock()
    clock.refresh()
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
    clock.refresh()
    server.shutdown()
    server.server_close()
    clock.refresh()
    monkeypatch.setattr("assistant.clock.time.time", lambda: 1000.0)
    assert clock.now() == 1301.0


def test_a_silent_backend_is_not_asked_at_every_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each ask blocks every conversation until its timeout."""
    monkeypatch.setattr("assistant.clock._ASK_TIMEOUT_S", 0.05)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        silent.settimeout(0.05)
        clock = Clock(f"http://127.0.0.1:{silent.getsockname()[1]}/demo/clock")
        now = time.monotonic()
        monkeypatch.setattr("assistant.clock.time.monotonic", lambda: now)
        for _ in range(5):
            clock.refresh()
        now += 2.1
        clock.refresh()
        asked = 0
        try:
            while True:
                silent.accept()[0].close()
                asked += 1
        except TimeoutError:
            assert asked == 2
