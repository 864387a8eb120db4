"""Bounds on what a request may bring, checked before anything parses it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.api.problems import refusal

MAX_BODY = 16_384  # bytes (security note, row 48)


class BodyLimit:
    """Answers 413 to a body that is too long, whether it says so or not, and 400 to one with a NUL."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read at most MAX_BODY bytes, then pass the request on."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        body = b""
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
        if b"\x00" in body or b"\\u0000" in body or b"%00" in body:
            await refusal("bad_request", scope, 400)(scope, receive, send)
            return
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, replay, send)
