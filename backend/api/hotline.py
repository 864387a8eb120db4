"""`/v1/spoken_passwords`: where the hotline channel fetches what it speaks."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, StringConstraints

from backend import spoken
from backend.api.access import ChannelDep, CoreDep, channel, spend
from backend.api.bodies import UnambiguousRoute
from backend.api.models import Strict
from backend.api.writes import REFUSALS
from backend.errors import NotFound
from backend.tasks.hotline_password import HOTLINE

router = APIRouter(prefix="/v1", dependencies=[Depends(channel)], responses=REFUSALS, route_class=UnambiguousRoute)


class Handle(Strict):
    """The handle that the end of `hotline_password` gave."""

    handle: Annotated[str, StringConstraints(max_length=100)]


class Spoken(BaseModel):
    """What to spell, digit by digit, twice."""

    spell: str


@router.post("/spoken_passwords", response_model=Spoken)
def redeem(body: Handle, request: Request, core: CoreDep, sender: ChannelDep) -> Spoken:
    """The new password, once, to the call it was made for. No idempotency key: a second asking gets nothing."""
    spend(core, request)
    if sender.channel != HOTLINE:
        raise NotFound()
    with core.writing() as unit:
        return Spoken(spell=spoken.redeem(core, unit, sender, body.handle))
