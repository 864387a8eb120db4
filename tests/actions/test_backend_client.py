"""How the action server reads the backend's answers, against a real HTTP server that misbehaves."""

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from actions.backend import Backend, BackendUnavailable, Draft, NoDraft, Otp, Rejected

DRAFT = {
    "task": "forgot_password",
    "state": "open",
    "consented": True,
    "fields": {"code": "••••0001"},
    "otp": {"state": "sent", "length": 6, "expires_in_s": 300, "resend_in_s": 60, "resends_left": 2, "tries_left": 3},
}
Reply = tuple[int, bytes]


class Seen:
    """What the server was asked, and what it answers."""

    reply: Reply = (200, b"{}")
    requests: list[tuple[str, str, dict[str, str]]]


@pytest.fixture
def server() -> Iterator[tuple[str, Seen]]:
    """A real HTTP server on loopback."""
    seen = Seen()
    seen.requests = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen.requests.append((self.command, self.path, dict(self.headers)))
            status, body = seen.reply
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = do_DELETE = answer

        def log_message(self, format: str, *args: Any) -> None:
            """Stay quiet."""

    http = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}", seen
    http.shutdown()
    thread.join()
    http.server_close()


def ask(url: str, call: Callable[[Backend], Any], timeout: float = 2.0) -> Any:
    """Make one call as a turn would."""

    async def run() -> Any:
        async with httpx.AsyncClient(base_url=url, timeout=timeout, trust_env=False) as client:
            return await call(Backend(client, "voucher", "message-1:action_x"))

    return asyncio.run(run())


def test_a_draft_is_read_into_its_type(server: tuple[str, Seen]) -> None:
    url, seen = server
    seen.reply = (200, json.dumps(DRAFT).encode())
    assert ask(url, lambda backend: backend.draft("t")) == Draft("open", True, {"code": "••••0001"}, Otp("sent", 3))


def test_every_write_carries_the_voucher_and_a_key_of_its_own(server: tuple[str, Seen]) -> None:
    url, seen = server
    seen.reply = (200, json.dumps(DRAFT).encode())
    for _ in range(2):
        ask(url, lambda backend: backend.put("t", "code", "7900000001"))
        ask(url, lambda backend: backend.put("t", "email", "a@x.vn"))
    keys = [headers["Idempotency-Key"] for _, _, headers in seen.requests]
    assert keys[0] == keys[2] and keys[1] == keys[3] and keys[0] != keys[1]
    assert {headers["X-Sender"] for _, _, headers in seen.requests} == {"voucher"}
    assert "7900000001" not in keys[0]


@pytest.mark.parametrize(
    "reply",
    [
        (500, b'{"code":"internal"}'),
        (503, b'{"code":"busy"}'),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b"{}"),
        (200, b'{"state":"open"}'),
        (401, b'{"code":"unauthorized"}'),
        (409, b'{"code":"in_progress"}'),
        (502, b""),
    ],
)
def test_whatever_cannot_be_read_is_unavailable(server: tuple[str, Seen], reply: Reply) -> None:
    url, seen = server
    seen.reply = reply
    with pytest.raises(BackendUnavailable):
        ask(url, lambda backend: backend.draft("t"))


def test_a_no_is_told_with_its_reason_and_time(server: tuple[str, Seen]) -> None:
    url, seen = server
    seen.reply = (429, b'{"code":"too_soon","retry_after_s":42}')
    with pytest.raises(Rejected) as refused:
        ask(url, lambda backend: backend.send_otp("t"))
    assert (refused.value.code, refused.value.retry_after_s) == ("too_soon", 42)


def test_no_draft_is_no_error_when_cancelling(server: tuple[str, Seen]) -> None:
    url, seen = server
    seen.reply = (404, b'{"code":"no_draft"}')
    ask(url, lambda backend: backend.cancel("t"))
    with pytest.raises(NoDraft):
        ask(url, lambda backend: backend.draft("t"))


def test_a_dead_and_a_silent_backend_are_unavailable_in_time() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(BackendUnavailable):
            ask(url, lambda backend: backend.draft("t"), timeout=0.2)
    with pytest.raises(BackendUnavailable):
        ask(url, lambda backend: backend.draft("t"), timeout=0.2)
