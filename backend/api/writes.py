"""How a route writes: once a key, its body and its path bound to it."""

from collections.abc import Callable

from fastapi import Request

from backend import idempotency
from backend.assertion import Sender
from backend.core import Core, Unit
from backend.idempotency import Write


def write(
    core: Core,
    request: Request,
    sender: Sender,
    key: str,
    body: str,
    effect: Callable[[Unit], dict[str, object]],
) -> dict[str, object]:
    """Run `effect` once for this key, or give the answer of the same write; raises what `idempotency.once` raises."""
    asked = Write(sender=sender, key=key, method=request.method, path=request.url.path, body=body)
    return idempotency.once(core, asked, effect)
