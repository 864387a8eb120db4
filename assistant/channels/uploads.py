"""Photos of a registration on their way from the page to the backend: bounded, passed on, kept nowhere here."""

import asyncio
import uuid
from typing import Optional, Tuple

import aiohttp
from sanic.request import Request, parse_multipart_form

from assistant.channels.gate import Refused
from assistant.channels.signing import signed

KINDS = ("face", "id_front", "id_back")
LARGEST = 8 * 1024 * 1024
"""Bytes of a photo, as the backend has it."""
_AROUND = 4096
"""Bytes that multipart needs around a photo."""
_WITHIN_S = 20.0
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


class Uploads:
    """Hands photos to the backend, as the channel: with its own credential, for one sender's draft."""

    def __init__(self, backend_url: str, credential: str) -> None:
        self._backend_url = backend_url
        self._credential = credential
        self._http: Optional[aiohttp.ClientSession] = None

    async def put(self, sender: str, kind: str, photo: bytes) -> str:
        """Keep a photo in the draft of the voucher `sender`; return its id.

        Raises:
            Refused: what is wrong with the photo, or that nobody can take it now.
        """
        path = f"/v1/drafts/register_account/photos/{kind}"
        headers = signed(self._credential, "PUT", path, photo, sender, f"photo:{uuid.uuid4()}")  # a repeat replaces the photo
        headers["Content-Type"] = "image/*"
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_WITHIN_S))
        try:
            async with self._http.put(self._backend_url + path, data=photo, headers=headers) as answer:
                content = await answer.json(content_type=None)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError):
            content = None
        content = content if isinstance(content, dict) else {}
        if "id" in content:
            return str(content["id"])
        raise _refusal(content.get("code", ""))

    async def close(self) -> None:
        """Close the connection to the backend."""
        if self._http is not None:
            await self._http.close()


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
