"""Signatures of requests between our programs: who asks, for what exactly, when; and each of them once.

The credential itself never travels. What is signed covers method, path, body, the sender's assertion and the idempotency
key, so that nothing of it can be changed or moved to another request (security note, rows 65 and 66).
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Executable, bindparam

from backend.core import Core
from backend.database import insert_for
from backend.errors import Unauthorized
from backend.keys import same
from backend.schema import nonces

SCHEME = "VssID-HMAC-SHA256"
WINDOW_S = 60  # how far the time stamp may be off
KEPT_S = 2 * WINDOW_S  # how long a nonce is remembered
_HEADER = re.compile(rf"{SCHEME} t=(?P<t>[0-9]{{1,12}}), n=(?P<n>[A-Za-z0-9_-]{{22}}), s=(?P<s>[0-9a-f]{{64}})")


@dataclass(frozen=True)
class Request:
    """What is signed; `target` is path and query as sent, `body` the raw bytes."""

    method: str
    target: str
    body: bytes
    assertion: str
    key: str


@dataclass(frozen=True)
class Signed:
    """A signature that is right; its nonce is still to be spent."""

    nonce: str
    at: int


def sign(credential: str, request: Request, now: int, nonce: str) -> str:
    """The Authorization header; `now` in seconds since the epoch, `nonce` 16 random bytes in url-safe base64."""
    return f"{SCHEME} t={now}, n={nonce}, s={_mac(credential, request, now, nonce)}"


def verify(credentials: Sequence[str], request: Request, header: str, now: int) -> Signed:
    """What the header says when it is right; raises Unauthorized when it is malformed, forged or out of its time."""
    found = _HEADER.fullmatch(header)
    if found is None:
        raise Unauthorized()
    at, nonce = int(found["t"]), found["n"]
    # Every credential is tried, so that the time does not tell which one is current.
    right = sum([same(_mac(credential, request, at, nonce), found["s"]) for credential in credentials])
    if not right or abs(now - at) > WINDOW_S:
        raise Unauthorized()
    return Signed(nonce, at)


def spend(core: Core, signed: Signed) -> None:
    """Accept the signature once, in all processes; raises Unauthorized the second time. A commit of its own."""
    hashed = hashlib.sha256(signed.nonce.encode()).hexdigest()
    with core.database.write() as conn:
        if conn.execute(_once(conn.dialect.name), {"nonce": hashed, "at": signed.at}).first() is None:
            raise Unauthorized()


@cache
def _once(dialect: str) -> Executable:
    # Kept: SQLAlchemy takes longer to build a statement than SQLite to run it.
    row = insert_for(dialect, nonces).values(nonce=bindparam("nonce"), at=bindparam("at"))
    return row.on_conflict_do_nothing().returning(nonces.c.nonce)


def _mac(credential: str, request: Request, at: int, nonce: str) -> str:
    body = hashlib.sha256(request.body).hexdigest()
    parts = (request.method, request.target, str(at), nonce, body, request.assertion, request.key)
    return hmac.new(credential.encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()
