"""How the action server proves itself: every request is signed, for what it is, once, and for a minute.

The backend's side is `backend/signature.py`; a contract test holds the two together.
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Generator

import httpx

SCHEME = "VssID-HMAC-SHA256"


def _nonce() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode("ascii")


class Signature(httpx.Auth):
    """Signs method, path, body, the sender's assertion and the idempotency key; the credential never travels."""

    requires_request_body = True

    def __init__(self, credential: str, clock: Callable[[], float] = time.time, nonce: Callable[[], str] = _nonce) -> None:
        self._credential = credential.encode()
        self._clock = clock
        self._nonce = nonce

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Put the signature on the request."""
        at, nonce = int(self._clock()), self._nonce()
        headers = request.headers
        parts = (
            request.method,
            request.url.raw_path.decode("ascii"),
            str(at),
            nonce,
            hashlib.sha256(request.content).hexdigest(),
            headers.get("X-Sender", ""),
            headers.get("Idempotency-Key", ""),
        )
        signed = hmac.new(self._credential, "\n".join(parts).encode(), hashlib.sha256).hexdigest()
        headers["Authorization"] = f"{SCHEME} t={at}, n={nonce}, s={signed}"
        yield request
