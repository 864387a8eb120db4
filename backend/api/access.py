"""Who calls: a signed request of the action server or of a channel, the channel's vouching for a sender, the idempotency key.

Nothing in the dependencies waits, so all of them are `async`: FastAPI would hand plain functions to a thread, each for half
a millisecond. What waits, spending the signature in the database, the handlers do by `spend`.
"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Header, Response
from fastapi import Request as HttpRequest

from backend import assertion, signature
from backend.assertion import Sender
from backend.core import Core
from backend.errors import BadRequest, Unauthorized


async def core_of(request: HttpRequest) -> Core:
    """The parts the application was built with."""
    core = request.app.state.core
    assert isinstance(core, Core)
    return core


CoreDep = Annotated[Core, Depends(core_of)]


async def caller(
    request: HttpRequest,
    response: Response,
    core: CoreDep,
    authorization: Annotated[str, Header()] = "",
    x_sender: Annotated[str, Header()] = "",
    idempotency_key: Annotated[str, Header()] = "",
) -> Sender:
    """The vouched sender of a call signed by the action server; raises Unauthorized."""
    return await _vouched(core.settings.service_credentials(), request, response, core, authorization, x_sender, idempotency_key)


async def channel(
    request: HttpRequest,
    response: Response,
    core: CoreDep,
    authorization: Annotated[str, Header()] = "",
    x_sender: Annotated[str, Header()] = "",
    idempotency_key: Annotated[str, Header()] = "",
) -> Sender:
    """The vouched sender of a call signed by a channel itself; raises Unauthorized."""
    return await _vouched(core.settings.channel_credentials(), request, response, core, authorization, x_sender, idempotency_key)


async def _vouched(
    credentials: Sequence[str],
    request: HttpRequest,
    response: Response,
    core: Core,
    authorization: str,
    x_sender: str,
    key: str,
) -> Sender:
    response.headers["Cache-Control"] = "no-store"
    # As it was sent: what is decoded first could be written in two ways.
    target = request.scope["raw_path"] + (b"?" + request.scope["query_string"] if request.scope["query_string"] else b"")
    asked = signature.Request(request.method, target.decode("latin-1"), await request.body(), x_sender, key)
    request.state.signed = signature.verify(credentials, asked, authorization, core.wall.now())
    sender = assertion.verify(core.settings.channel_credentials(), x_sender, core.clock.now())
    request.state.lang = sender.lang
    if request.scope["query_string"]:
        raise BadRequest(reason="query")  # no route takes one: it could only say something a second time
    return sender


def spend(core: Core, request: HttpRequest) -> None:
    """Accept this signed request once; raises Unauthorized for a repeated one."""
    signed = getattr(request.state, "signed", None)
    if not isinstance(signed, signature.Signed):
        raise Unauthorized()
    signature.spend(core, signed)


async def key(idempotency_key: Annotated[str, Header()] = "") -> str:
    """The key of a write; raises BadRequest when it is missing."""
    if not idempotency_key:
        raise BadRequest(reason="idempotency_key")
    return idempotency_key


SenderDep = Annotated[Sender, Depends(caller)]
ChannelDep = Annotated[Sender, Depends(channel)]
KeyDep = Annotated[str, Depends(key)]
