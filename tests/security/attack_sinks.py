"""What plays the mail server and the SMS gateway under attack: takes messages, or fails, or holds them as long as told."""

import asyncio
import email
import email.policy
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from aiosmtpd.controller import Controller

from tests.programs import free_port

Mode = Literal["takes", "refuses", "holds", "dies"]


@dataclass(frozen=True)
class Letter:
    """One message as its provider got it; `raw` is the mail with its headers, or the gateway's JSON."""

    to: str
    subject: str
    body: str
    id: str
    raw: str

    @property
    def codes(self) -> list[str]:
        """The runs of exactly six digits."""
        return re.findall(r"(?<!\d)\d{6}(?!\d)", self.body)


class Sink:
    """Keeps what was taken; `attempts` counts what was brought, taken or not."""

    def __init__(self) -> None:
        self.mode: Mode = "takes"
        self.attempts = 0
        self.taken: list[Letter] = []
        self._lock = threading.Lock()

    def to(self, address: str) -> list[Letter]:
        """The messages to one address, oldest first."""
        with self._lock:
            return [letter for letter in self.taken if letter.to == address]

    def keep(self, letter: Letter) -> None:
        """The provider's yes."""
        with self._lock:
            self.taken.append(letter)

    @contextmanager
    def that(self, mode: Mode) -> Iterator[None]:
        """A provider that refuses, holds or dies inside the block."""
        self.mode = mode
        try:
            yield
        finally:
            self.mode = "takes"


class MailServer(Sink):
    """SMTP on loopback."""

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=30)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take one letter."""
        self.attempts += 1
        while self.mode == "holds":
            await asyncio.sleep(0.01)
        if self.mode in ("refuses", "dies"):
            return "451 later"
        raw = envelope.content.decode("ascii")
        parsed = email.message_from_string(raw, policy=email.policy.default)
        self.keep(Letter(envelope.rcpt_tos[0], str(parsed["Subject"]), str(parsed.get_content()), str(parsed["Message-ID"]), raw))
        return "250 taken"

    def start(self) -> None:
        """Listen."""
        self._controller.start()

    def stop(self) -> None:
        """End."""
        self._controller.stop()


class SmsGateway(Sink):
    """HTTP on loopback."""

    def __init__(self, token: str) -> None:
        super().__init__()
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
                sink.attempts += 1
                while sink.mode == "holds":
                    threading.Event().wait(0.01)
                if sink.mode == "dies":
                    self.close_connection = True
                    return
                known = self.headers["Authorization"] == f"Bearer {token}"
                if known and sink.mode == "takes":
                    body = json.loads(raw)
                    sink.keep(Letter(body["to"], "", body["text"], body["id"], raw))
                self.send_response(200 if known and sink.mode == "takes" else 500)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A sender that was killed in the middle is part of the play."""

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def start(self) -> None:
        """Listen."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
