"""Routes of the upload page. Looking uses nothing up; a post is counted before any of it is read."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.requests import ClientDisconnect

from backend.account_page.texts import language
from backend.api.access import CoreDep
from backend.core import Core
from backend.errors import BadRequest, Busy, NotAnImage, TooLarge, TooSmall
from backend.photos import Kind, links, store, uploads
from backend.upload_page import origin
from backend.upload_page.pictures import Picture, pictures
from backend.upload_page.render import PREFIX, failure, page

RECEIVE_S = 180  # for a whole form; three pictures of 4 MB over a slow mobile network take about two minutes
router = APIRouter(prefix=PREFIX.rstrip("/"), include_in_schema=False)


@router.get("/{token}")
def form(token: str, core: CoreDep, lang: str = "vi") -> Response:
    """The form with what is there already; raises NotFound for whatever is no living link."""
    with core.database.read() as conn:
        there = store.kinds_of(conn, links.draft_id_of(core, conn, token, core.clock.now()))
    return _form(core, language(lang), there, {})


@router.post("/{token}")
async def send(token: str, request: Request, core: CoreDep, lang: str = "vi") -> Response:
    """Keep the pictures that are good, say of the others why not; with all of them there the link ends.

    Raises NotFound, DailyLimit, and whatever makes the form unreadable.
    """
    lang = language(lang)
    await run_in_threadpool(links.count_post, core, token)
    if not origin.is_ours(core, request):
        return failure(lang, demo=core.settings.demo, status=403)
    refused: dict[Kind, str] = {}
    kept = 0
    try:
        async with asyncio.timeout(RECEIVE_S):
            async for picture in _received(core, request):
                why = await run_in_threadpool(_keep, core, token, picture)
                if why:
                    refused[picture.kind] = why
                kept += not why
    except TimeoutError:
        raise BadRequest(reason="slow") from None
    except ClientDisconnect:  # nobody reads the answer; what was kept is shown when the page is opened again
        raise BadRequest(reason="left") from None
    return await run_in_threadpool(_answer, core, token, lang, refused, kept)


async def _received(core: Core, request: Request) -> AsyncIterator[Picture]:
    with core.intake.space() as space:
        async for picture in pictures(request.headers.get("content-type", ""), request.stream(), space):
            yield picture


def _keep(core: Core, token: str, picture: Picture) -> str:
    """Why the picture was not kept, as the name of a text; "" when it was."""
    if picture.content is None:
        return TooLarge.code
    try:
        uploads.put_by_link(core, token, picture.kind, picture.content)
    except (NotAnImage, TooLarge, TooSmall) as error:
        return error.code
    except Busy:
        return "busy_here"
    return ""


def _answer(core: Core, token: str, lang: str, refused: dict[Kind, str], kept: int) -> Response:
    if not refused and kept and uploads.end_when_complete(core, token):
        return page("upload_done", lang, demo=core.settings.demo)
    with core.database.read() as conn:
        there = store.kinds_of(conn, links.draft_id_of(core, conn, token, core.clock.now()))
    if refused:
        return _form(core, lang, there, refused, error="upload_some", status=422)
    if not kept:
        return _form(core, lang, there, refused, error="upload_none", status=422)
    return _form(core, lang, there, refused, note="upload_more")


def _form(
    core: Core, lang: str, there: list[Kind], refused: dict[Kind, str], *, note: str = "", error: str = "", status: int = 200
) -> Response:
    return page("upload", lang, demo=core.settings.demo, status=status, there=there, refused=refused, note=note, error=error)
