"""A real HTTP server that answers as a test tells it to, where the real backend cannot be made to misbehave so exactly."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, bytes]
DRAFT = {
    "task": "forgot_password",
    "state": "open",
    "consented": True,
    "fields": {"code": "••••0001"},
    "missing": ["email"],
    "photos": [],
    "outcome": None,
    "otp": {
        "state": "sent",
        "purpose": "forgot_password",
        "length": 6,
        "expires_in_s": 300,
        "resend_in_s": 60,
        "resends_left": 2,
        "tries_left": 3,
    },
}


class FakeBackend:
    """Answers every request with `reply`, or with what `replies` holds for "METHOD path"; None hangs for `hang_s`."""

    def __init__(self) -> None:
        self.reply: Reply = (200, b"{}")
        self.replies: dict[str, list[Reply | None]] = {}
        self.hang_s = 1.0
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                fake.requests.append((self.command, self.path, dict(self.headers)))
                planned = fake.replies.get(f"{self.command} {self.path}")
                reply = planned.pop(0) if planned else fake.reply
                if reply is None:
                    time.sleep(fake.hang_s)
                    return
                self.send_response(reply[0])
                self.send_header("Content-Length", str(len(reply[1])))
                self.end_headers()
                self.wfile.write(reply[1])

            do_GET = do_PUT = do_POST = do_DELETE = answer

            def log_message(self, format: str, *args: Any) -> None:
                """Stay quiet."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def stop(self) -> None:
        """End the server."""
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
