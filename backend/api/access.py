"""Who calls: the action server's credential, the channel's vouching for a sender, the idempotency key.

Nothing here waits, so all of it is `async`: FastAPI would hand plain functions to a thread, each for half a millisecond.
"""

from typing import Annotated

from fastapi import Depends, Header, Request, Response

from backend import assertion
from backend.assertion import Sender
from backend.core import Core
from backend.errors import BadRequest, Unauthorized
from backend.keys import same


async def core_of(request: Request) -> Core:
    """The parts the application was built with."""
    core = request.app.state.core
    assert isinstance(core, Core)
    return core


CoreDep = Annotated[Core, Depends(core_of)]


async def caller(
    request: Request,
    response: Response,
    core: CoreDep,
    authorization: Annotated[str, Header()] = "",
    x_sender: Annotated[str, Header()] = "",
) -> Sender:
    """The vouched sender of an authenticated call; raises Unauthorized."""
    response.headers["Cache-Control"] = "no-store"
    scheme, _, given = authorization.partition(" ")
    expected = core.settings.service_credentials()
    # Every credential is compared, so that the time does not tell which one is current.
    known = sum(same(one, given) for one in expected) > 0
    if scheme.lower() != "bearer" or not known:
        raise Unauthorized()
    sender = assertion.verify(core.settings.channel_credentials(), x_sender, core.clock.now())
    request.state.lang = sender.lang
    return sender


async def key(idempotency_key: Annotated[str, Header()] = "") -> str:
    """The key of a write; raises BadRequest when it is missing."""
    if not idempotency_key:
        raise BadRequest(reason="idempotency_key")
    return idempotency_key


SenderDep = Annotated[Sender, Depends(caller)]
KeyDep = Annotated[str, Depends(key)]
