"""Bounds on what a request may bring, checked before anything parses it."""

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.api.problems import refusal
from backend.errors import Busy
from backend.photos.images import MAX_BYTES
from backend.photos.intake import Intake

MAX_BODY = 16_384  # bytes (security note, row 48)
# The one route that takes a picture as its body, and the one that reads a form of pictures piece by piece itself.
PICTURE = ("PUT", re.compile(r"/v1/drafts/register_account/photos/[^/]+"))
IN_PIECES = ("POST", re.compile(r"/account/photos/[^/]+"))


class BodyLimit:
    """Answers 413 to a body that is too long, whether it says so or not, and 400 to one with a NUL."""

    def __init__(self, app: ASGIApp, intake: Intake) -> None:
        self.app = app
        self.intake = intake

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read at most what the route may have, then pass the request on."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD") or _is(scope, IN_PIECES):
            await self.app(scope, receive, send)
        elif _is(scope, PICTURE):
            await self._picture(scope, receive, send)
        else:
            await self._text(scope, receive, send)

    async def _text(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if len(body) > MAX_BODY:
                await refusal("bad_request", scope, 413, extras={"limit": MAX_BODY})(scope, receive, send)
                return
            if not message.get("more_body", False):
                break
        is_text = not PICTURE[1].fullmatch(scope["path"])  # another method there is refused for that, not for its bytes
        if is_text and (b"\x00" in body or b"\\u0000" in body or b"%00" in body):
            await refusal("bad_request", scope, 400)(scope, receive, send)
            return
        await self.app(scope, _replay(bytes(body), receive), send)

    async def _picture(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self.intake.space() as space:
            pieces: list[bytes] = []
            length = 0
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                piece = message.get("body", b"")
                length += len(piece)
                if length > MAX_BYTES:
                    await refusal("too_large", scope, 413, extras={"limit": MAX_BYTES})(scope, receive, send)
                    return
                try:
                    space.take(len(piece))
                except Busy as busy:
                    await refusal("busy", scope, 503, retry_after=busy.retry_after)(scope, receive, send)
                    return
                pieces.append(piece)
                if not message.get("more_body", False):
                    break
            body = b"".join(pieces)
            pieces.clear()
            await self.app(scope, _replay(body, receive), send)


def _is(scope: Scope, route: tuple[str, re.Pattern[str]]) -> bool:
    method, path = route
    return bool(scope["method"] == method and path.fullmatch(scope["path"]))


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
