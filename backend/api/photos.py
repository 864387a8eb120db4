"""`/v1/drafts/register_account`: photos that a channel sends by itself, and links for the channels that cannot."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from backend.api.access import ChannelDep, CoreDep, KeyDep, SenderDep, spend
from backend.api.models import Empty, PhotoGone, PhotoView, UploadLink
from backend.api.writes import REFUSALS, once, write
from backend.errors import BadRequest
from backend.photos import Kind, links, uploads
from backend.tasks import TASKS

TASK = TASKS["register_account"]
PATH = f"/drafts/{TASK.name}"
PICTURE = {"required": True, "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}}
router = APIRouter(prefix="/v1", responses=REFUSALS)


async def picture(request: Request) -> bytes:
    """The body as it is; raises BadRequest for one that does not call itself a picture (what it is, its content says)."""
    if not request.headers.get("content-type", "").startswith("image/"):
        raise BadRequest(reason="content_type")
    return await request.body()


@router.put(f"{PATH}/photos/{{kind}}", response_model=PhotoView, openapi_extra={"requestBody": PICTURE})
def put_photo(
    kind: Kind,
    request: Request,
    core: CoreDep,
    sender: ChannelDep,
    key: KeyDep,
    sent: Annotated[bytes, Depends(picture)],
) -> dict[str, object]:
    """Keep a photo in this conversation's open draft, in place of an earlier one of its kind. Signed by the channel."""
    spend(core, request)
    prepared = uploads.prepare(core, sender, TASK, sent)
    body = hashlib.sha256(sent).hexdigest()
    return once(core, request, sender, key, body, lambda unit: uploads.put(core, unit, sender, TASK, kind, prepared))


@router.delete(f"{PATH}/photos/{{kind}}", response_model=PhotoGone)
def delete_photo(kind: Kind, request: Request, core: CoreDep, sender: ChannelDep, key: KeyDep) -> dict[str, object]:
    """Delete one photo of this conversation's open draft. Signed by the channel."""
    return write(core, request, sender, key, "", lambda unit: uploads.remove(core, unit, sender, TASK, kind))


@router.post(f"{PATH}/upload_link", response_model=UploadLink)
def make_link(body: Empty, request: Request, core: CoreDep, sender: SenderDep, key: KeyDep) -> dict[str, object]:
    """A one-time link to the upload page for this conversation's draft; an older one is dead from now on."""
    return write(core, request, sender, key, body.model_dump_json(), lambda unit: links.make(core, unit, sender, TASK))
