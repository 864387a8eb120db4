"""Demo mode's faults of the action server (`POST /demo/fail {"part":"actions",...}`), to try what people would see."""

import asyncio
from contextlib import suppress
from typing import Any

import httpx
from sanic import Request, Sanic, response
from sanic.response import HTTPResponse

SLOW_S = 10.0


def install(app: Sanic[Any, Any], backend_url: str) -> None:
    """Let the app ask the backend for a fault before each action; without an answer the last one holds."""
    fault: dict[str, str] | None = None
    client = httpx.AsyncClient(timeout=1.0, trust_env=False)  # one for good: making one reads all certificates of the machine

    async def ask() -> dict[str, str] | None:
        nonlocal fault
        with suppress(httpx.HTTPError, ValueError):
            fault = (await client.get(f"{backend_url}/demo/fail")).json().get("actions")
        return fault

    @app.on_request
    async def misbehave(request: Request) -> HTTPResponse | None:
        active = await ask() if request.path == "/webhook" else None
        if active is None:
            return None
        if active["mode"] == "garbage":
            return response.text("<html>not an action's result</html>")
        if active["mode"] == "slow":
            await asyncio.sleep(SLOW_S)
            return None
        if active["mode"] == "hang":
            await asyncio.sleep(3600)
        return response.empty(503)
