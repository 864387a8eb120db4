"""The routes below `/fake`: what tests and the chat page tell a fake provider to do, and what they read of it."""

import base64
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from tests.fakes import batch
from tests.fakes.failures import Failure, How, Part
from tests.fakes.provider import Impossible, Provider

PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
"""What people send: a PNG of one pixel."""


class Said(BaseModel):
    """Somebody types."""

    user: str
    text: str


class Pressed(BaseModel):
    """Somebody presses what has this label, or else this payload."""

    user: str
    label: str = ""
    payload: str = ""


class FailOrder(BaseModel):
    """The next `n` calls fail."""

    how: How
    n: int = Field(default=1, ge=1)
    part: Part = "send"
    user: str = ""
    code: int = 0


class Advanced(BaseModel):
    """Time passes."""

    seconds: float = Field(ge=0)


class Blocked(BaseModel):
    """Somebody blocks the page or account, or no longer does."""

    user: str
    blocked: bool = True


def add_control(app: FastAPI, provider: Provider) -> None:
    """Give a provider's app its routes below `/fake`."""
    app.include_router(_doing(provider), prefix="/fake")
    app.include_router(_reading(provider), prefix="/fake")

    @app.exception_handler(Impossible)
    async def _impossible(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"impossible": str(error)}, 409)


def _doing(provider: Provider) -> APIRouter:
    routes = APIRouter()

    async def happened(order: batch.EventOrder) -> dict[str, Any]:
        event = provider.happen(order.user, order.kind, order.fields(), shown=not order.forged)
        posts = [post for _ in range(order.times) for post in await provider.tell([event], order.forged)]
        return {"id": event.id, "posts": [post.as_json() for post in posts]}

    @routes.post("/say")
    async def say(said: Said) -> dict[str, Any]:
        return await happened(batch.EventOrder(user=said.user, text=said.text))

    @routes.post("/press")
    async def press(pressed: Pressed) -> dict[str, Any]:
        kind, fields = provider.press(pressed.user, pressed.label, pressed.payload)
        return await happened(batch.EventOrder(user=pressed.user, kind=kind, **fields))

    @routes.post("/event")
    async def event(order: batch.EventOrder) -> dict[str, Any]:
        return await happened(order)

    @routes.post("/batch")
    async def send_batch(order: batch.BatchOrder) -> dict[str, Any]:
        return await batch.send(provider, order)

    @routes.post("/fail")
    async def fail(order: FailOrder) -> dict[str, Any]:
        provider.failures.ordered.append(Failure(order.how, order.n, order.part, order.user, order.code))
        return {"ordered": len(provider.failures.ordered)}

    @routes.post("/advance")
    async def advance(advanced: Advanced) -> dict[str, Any]:
        provider.clock.advance(advanced.seconds)
        return {"now_ms": provider.clock.now_ms()}

    @routes.post("/block")
    async def block(order: Blocked) -> dict[str, Any]:
        provider.people.meet(order.user).blocked = order.blocked
        return {"blocked": order.blocked}

    @routes.post("/verify")
    async def verify() -> dict[str, Any]:
        return await provider.verify()

    @routes.post("/settings")
    async def settings(options: dict[str, Any]) -> dict[str, Any]:
        provider.set(options)
        return provider.about()

    @routes.post("/reset")
    async def reset() -> dict[str, Any]:
        for kept in (provider.people.known, provider.failures.ordered, provider.fetched, provider.webhooks.posts):
            kept.clear()
        provider.journal.faults.clear()
        provider.journal.calls.clear()
        return {}

    return routes


def _reading(provider: Provider) -> APIRouter:
    routes = APIRouter()

    @routes.get("/about")
    async def about() -> dict[str, Any]:
        return provider.about()

    @routes.get("/people")
    async def people() -> list[str]:
        return list(provider.people.known)

    @routes.get("/conversation")
    async def conversation(user: str) -> dict[str, Any]:
        shown = provider.people.meet(user).as_json(provider.clock.now_ms())
        return {**shown, "menu": [one.label for one in provider.menu(user)]}

    @routes.get("/faults")
    async def faults() -> list[dict[str, Any]]:
        return provider.journal.as_json("faults")

    @routes.get("/calls")
    async def calls() -> list[dict[str, Any]]:
        return provider.journal.as_json("calls")

    @routes.get("/webhooks")
    async def webhooks() -> dict[str, Any]:
        posts = [post.as_json() for post in provider.webhooks.posts]
        under_way = sum(post["state"] in ("sending", "waiting") for post in posts)
        return {"on": provider.webhooks.on, "under_way": under_way, "posts": posts}

    @routes.get("/files/{name}")
    async def file(name: str) -> Response:
        provider.fetched.append(name)
        return Response(PICTURE, media_type="image/png" if name.endswith(("png", "jpg")) else "application/octet-stream")

    @routes.get("/fetched")
    async def fetched() -> list[str]:
        return provider.fetched

    return routes
