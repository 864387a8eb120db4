"""A registration on a channel that takes no photos itself, with the real backend."""

import itertools
import time
from typing import Any

import httpx

from actions.signing import Signature
from backend.assertion import Sender, mint
from tests.programs import Programs

numbers = itertools.count()


class Registration:
    """A conversation that registers on a channel without photos, as the action server holds it."""

    def __init__(self, programs: Programs) -> None:
        self._settings = programs.environment
        name = f"registration-{next(numbers)}-{time.time_ns()}"
        self._sender = Sender("zalo", name, f"zalo:{name}", "vi")
        auth = Signature(self._settings["SERVICE_CREDENTIAL"], time.time)
        self._http = httpx.Client(base_url=programs.backend_url, auth=auth, trust_env=False)
        self.call("PUT", "", {})

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """One call about the draft."""
        headers = {"X-Sender": self.voucher(), "Idempotency-Key": f"{self._sender.sender}-{next(numbers)}"}
        answer = self._http.request(method, f"/v1/drafts/register_account{path}", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def voucher(self) -> str:
        """The channel's word for this conversation."""
        return mint(self._settings["CHANNEL_CREDENTIAL"], self._sender, int(time.time()) + self.ahead())

    def ahead(self) -> int:
        """How far another test moved the clock of the programs, in seconds."""
        return int(self._http.get("/demo/clock", auth=None).json()["offset_s"])

    def link(self) -> str:
        """A new upload link."""
        return str(self.call("POST", "/upload_link", {})["url"])

    def close(self) -> None:
        """End its connections."""
        self._http.close()
