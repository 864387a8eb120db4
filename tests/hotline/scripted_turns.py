"""A voice turn over HTTP that plays a script, for tests of the kit alone."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[[str, str], dict[str, Any]]
"""Event and value in, turn out."""


def turn(*say: dict[str, str], digits: int = 0, longer: int = 0, **more: Any) -> dict[str, Any]:
    """Return a turn: it asks for `digits` keys (or `longer`), or, without, ends the call."""
    gather: dict[str, Any] | None = {"input": ["digits", "speech"], "digits": digits, "timeout_s": 6} if digits else None
    if gather and longer:
        gather["or"] = longer
    usual = {"lang": "vi", "gather": gather, "barge_in": True, "transfer": None, "hangup": not digits, "seconds": 0, "fee_vnd": 0}
    return {**usual, "say": list(say), **more}


@contextmanager
def scripted_turns(script: Script) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Serve a script at a free port; give its address and the list of what is asked. What it raises is a 500."""
    asked: list[dict[str, Any]] = []

    class Turns(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            try:
                status, answer = 200, json.dumps(script(asked[-1]["event"], asked[-1]["value"])).encode()
            except Exception as error:
                status, answer = 500, repr(error).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Turns) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/webhooks/hotline/simulator", asked
        finally:
            server.shutdown()
            thread.join()
