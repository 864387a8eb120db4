"""Faults on request: which part fails how for how long (real seconds, not the demo clock's)."""

import asyncio
import time
from collections.abc import Callable
from typing import Literal

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from backend.api.problems import refusal

Part = Literal["smtp", "sms", "database", "backend", "actions"]
Mode = Literal["down", "hang", "slow", "garbage"]
SLOW_S = 10.0
STEP_S = 0.1


class Faults:
    """The active faults; each ends by itself."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._active: dict[Part, tuple[Mode, float]] = {}

    def switch(self, part: Part, mode: Mode, seconds: float) -> None:
        """Begin a fault, replacing the part's earlier one; 0 seconds ends it."""
        self._active[part] = (mode, self._monotonic() + seconds)

    def mode(self, part: Part) -> Mode | None:
        """How the part fails now, None when it works."""
        mode, ends = self._active.get(part, (None, 0.0))
        return mode if self._monotonic() < ends else None

    def active(self) -> dict[str, dict[str, object]]:
        """All active faults with the seconds they have left."""
        now = self._monotonic()
        return {part: {"mode": mode, "left_s": round(ends - now, 1)} for part, (mode, ends) in self._active.items() if ends > now}


class FaultGate:
    """Makes `/v1`, the account page and `/readyz` fail as asked; `/demo` and `/healthz` keep working."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self.app = app
        self.faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or fail it."""
        path = scope.get("path", "")
        part: Part | None = None
        if scope["type"] == "http" and path != "/healthz" and not path.startswith("/demo"):
            if self.faults.mode("backend") and path.startswith("/v1"):
                part = "backend"
            elif self.faults.mode("database"):
                part = "database"
        if part is None:
            await self.app(scope, receive, send)
            return
        mode = self.faults.mode(part)
        if path == "/readyz":  # says so at once, as it does of a database that really hangs
            mode = "down"
        if mode == "garbage" and part == "backend":
            await PlainTextResponse("<<< \ufffd not json", 200)(scope, receive, send)
            return
        if mode == "slow":
            await asyncio.sleep(SLOW_S)
            await self.app(scope, receive, send)
            return
        while mode == "hang" and self.faults.mode(part) == "hang":
            await asyncio.sleep(STEP_S)
        await refusal("busy", scope, 503, retry_after=2)(scope, receive, send)
