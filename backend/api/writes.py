"""How every write runs: its signature is spent, then its effect happens once under its idempotency key."""

from collections.abc import Callable

from fastapi import Request

from backend import idempotency
from backend.api.access import spend
from backend.api.models import ProblemView
from backend.assertion import Sender
from backend.core import Core, Unit
from backend.idempotency import Write

REFUSALS: dict[int | str, dict[str, object]] = {
    status: {"model": ProblemView, "content": {"application/problem+json": {}}}
    for status in (400, 401, 404, 405, 409, 413, 422, 429, 500, 503)
}


def write(
    core: Core,
    request: Request,
    sender: Sender,
    key: str,
    body: str,
    effect: Callable[[Unit], dict[str, object]],
) -> dict[str, object]:
    """The answer of the effect, or the stored answer of the same write before; `body` is its canonical JSON."""
    spend(core, request)
    return once(core, request, sender, key, body, effect)


def once(
    core: Core,
    request: Request,
    sender: Sender,
    key: str,
    body: str,
    effect: Callable[[Unit], dict[str, object]],
) -> dict[str, object]:
    """The same for a request whose signature is spent already, because something had to be done before the transaction."""
    asked = Write(sender=sender, key=key, method=request.method, path=request.url.path, body=body)
    return idempotency.once(core, asked, effect)
