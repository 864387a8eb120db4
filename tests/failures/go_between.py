"""A real HTTP server in front of a program: it passes requests on, and fails exactly those a test names, as a test says."""

import http.client
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE_S = 60
"""A bound for what a test is bound to end; nothing is timed by it."""


class Asked:
    """One request at the go-between: what it asks, the ways to answer it, and the way to the program behind."""

    def __init__(
        self,
        handler: BaseHTTPRequestHandler,
        body: bytes,
        target: tuple[str, int],
        over: threading.Event,
        held: threading.Event,
    ) -> None:
        self.method = handler.command
        self.path = handler.path
        self.body = body
        self._handler = handler
        self._target = target
        self._over = over
        self._held = held

    def hold(self) -> None:
        """Wait until the failure is over."""
        self._held.set()
        self._over.wait(PATIENCE_S)

    def pass_on(self) -> tuple[int, str, bytes]:
        """Have the program behind answer; return status, content type and body."""
        connection = http.client.HTTPConnection(*self._target, timeout=PATIENCE_S)
        try:
            headers = {name: value for name, value in self._handler.headers.items() if name.lower() not in ("host", "connection")}
            connection.request(self.method, self.path, self.body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type") or "", answer.read()
        finally:
            connection.close()

    def answer(self, status: int, kind: str, body: bytes, said_length: int | None = None) -> None:
        """Send an answer; `said_length` announces another length than it has."""
        self._handler.send_response(status)
        if kind:
            self._handler.send_header("Content-Type", kind)
        self._handler.send_header("Content-Length", str(len(body) if said_length is None else said_length))
        self._handler.send_header("Connection", "close")
        self._handler.end_headers()
        self._handler.wfile.write(body)
        self._handler.wfile.flush()

    def keep_talking(self, chunk: bytes, times: int) -> None:
        """Send more of an answer that is under way."""
        for _ in range(times):
            self._handler.wfile.write(chunk)

    def reset(self) -> None:
        """Break the connection off, as the death of a program does."""
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._handler.connection.close()


Failure = Callable[[Asked], None]


class GoBetween:
    """Listens on a port of its own for the program on port `to`."""

    def __init__(self, to: int) -> None:
        self.target_port = to
        self._target = ("127.0.0.1", to)
        self._failure: Failure | None = None
        self._fails: Callable[[Asked], bool] = lambda _: True
        self._over = threading.Event()
        self._held = threading.Event()
        self._busy: set[threading.Thread] = set()
        between = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.close_connection = True
                between._handle(Asked(self, body, between._target, between._over, between._held))

            do_GET = do_PUT = do_POST = do_DELETE = handle_one

            def log_message(self, format: str, *args: Any) -> None:
                """Stay quiet."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Callers hang up on us: that is what these tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @contextmanager
    def failing(self, failure: Failure, when: Callable[[Asked], bool] = lambda _: True) -> Iterator[threading.Event]:
        """Run a block in which requests fail for which `when` holds; at its end whoever waits is released and awaited.

        The block is given an event that tells when a request is being held.
        """
        self._over, self._held = threading.Event(), threading.Event()
        self._failure, self._fails = failure, when
        try:
            yield self._held
        finally:
            self._failure = None
            self._over.set()
            for thread in list(self._busy):
                thread.join(PATIENCE_S)

    def release(self) -> None:
        """Let the requests go that are held."""
        self._failure = None
        self._over.set()

    def close(self) -> None:
        """End the server."""
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def _handle(self, asked: Asked) -> None:
        thread = threading.current_thread()
        self._busy.add(thread)
        try:
            failure = self._failure
            if failure is not None and not asked.path.startswith("/demo") and asked.path != "/health" and self._fails(asked):
                failure(asked)
            else:
                asked.answer(*asked.pass_on())
        except OSError:
            asked.reset()
        finally:
            self._busy.discard(thread)
