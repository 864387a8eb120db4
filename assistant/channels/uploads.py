"""Photos of a registration on their way from the page to the backend: bounded, passed on, kept nowhere here."""

from typing import Tuple

from sanic.request import Request, parse_multipart_form

from assistant.channels.account_backend import AccountBackend
from assistant.channels.gate import Refused

KINDS = ("face", "id_front", "id_back")
LARGEST = 8 * 1024 * 1024
"""Bytes of a photo, as the backend has it."""
_AROUND = 4096
"""Bytes that multipart needs around a photo."""
TAKEN_WITHIN_S = 20.0
_REFUSALS = {
    "no_draft": (409, "no_registration", "no registration is under way here"),
    "draft_closed": (409, "no_registration", "no registration is under way here"),
    "not_an_image": (400, "not_an_image", "send a JPEG, PNG or WebP photo"),
    "too_large": (413, "too_large", "a photo has at most 8 MB and 24 megapixels"),
    "too_small": (400, "too_small", "the photo is too small to be read"),
    "daily_limit": (429, "too_many", "too many photos today"),
}
"""The backend's problem codes -> status, code and sentence of the chat's own errors."""


async def read_photo(request: Request) -> Tuple[str, bytes]:
    """Return kind and bytes of the photo in a multipart body, reading no more than a photo may have.

    Raises:
        Refused: 400 for another body, 413 for a larger one.
    """
    boundary = _boundary(request.headers.get("Content-Type", ""))
    body = bytearray()
    while (piece := await request.stream.read()) is not None:
        body += piece
        if len(body) > LARGEST + _AROUND:
            raise Refused(413, "too_large", "a photo has at most 8 MB and 24 megapixels")
    try:
        fields, files = parse_multipart_form(bytes(body), boundary)
    except (ValueError, LookupError):
        raise Refused(400, "bad_upload", "this is no multipart body") from None
    kind, file = fields.get("kind"), files.get("file")
    if kind not in KINDS or file is None or not file.body:
        raise Refused(400, "bad_upload", "send kind (face, id_front or id_back) and file")
    return kind, file.body


async def hand_over(backend: AccountBackend, sender: str, kind: str, photo: bytes) -> str:
    """Keep a photo in the draft of the voucher `sender`; return its id. A repeat replaces the photo.

    Raises:
        Refused: what is wrong with the photo, or that nobody can take it now.
    """
    content = await backend.call("PUT", f"/v1/drafts/register_account/photos/{kind}", sender, photo, "image/*")
    if "id" in content:
        return str(content["id"])
    raise _refusal(content.get("code", ""))


def _refusal(code: str) -> Refused:
    known = _REFUSALS.get(code)
    if known is None:
        return Refused(503, "unavailable", "photos cannot be taken just now", retry_after_s=5)
    return Refused(*known, retry_after_s=3600) if known[0] == 429 else Refused(*known)


def _boundary(content_type: str) -> bytes:
    kind, _, rest = content_type.partition(";")
    name, _, value = rest.strip().partition("=")
    if kind.strip().lower() != "multipart/form-data" or name.strip().lower() != "boundary" or not value:
        raise Refused(400, "not_multipart", "send multipart/form-data")
    return value.strip().strip('"').encode("latin-1", "replace")
