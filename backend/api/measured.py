"""Every request is counted and timed by its route, never by its path: that one is the caller's."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend import metrics

NO_ROUTE = "none"
NO_ANSWER = 499  # the caller went away first


class Measured:
    """The outermost layer, so that the time is the caller's."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = NO_ANSWER
        began = time.monotonic()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            route = getattr(scope.get("route"), "path", NO_ROUTE)
            metrics.requested(scope["method"], route, status, time.monotonic() - began)
