"""A channel of a provider that exists in tests only, on a server, beside an action server and the provider itself."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic
from sanic.response import text

from assistant.channels.gate import Gate
from assistant.channels.layout import Layout, Room
from assistant.channels.refusals import NeedsUs, PersonGone
from assistant.channels.sent import Sent
from assistant.channels.webhook import WebhookChannel
from tests.assistant.action_server import ActionServer, with_new_stores

SECRET = b"a secret of the test"
SETTINGS = {
    "max_characters": 1000,
    "idle_minutes": 30,
    "life_hours": 24,
    "keep_days": 30,
    "messages_per_minute": 20,
    "messages_per_hour": 200,
    "queue_length": 20,
    "turns_at_once": 8,
    "action_deadline_s": 30,
    "turn_deadline_s": 40,
    "window_hours": 24,
    "human_minutes": 30,
}
BUSY = "Hệ thống đang bận"
AT_MOST_S = 30
names = iter(range(1000))


class Postbox(WebhookChannel):
    """A provider that signs with HMAC and says who sent what; it is told bubbles at `/bubbles`."""

    secrets = ("POSTBOX_SECRET",)

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__(settings)
        choices = settings.get("choices", 13)
        self.room = Room(choices, choice_title=40, links=3, link_title=20, together=16, text_beside_links=640, calls=False)
        self.typing: list[str] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name."""
        return "postbox"

    def is_genuine(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Hold the signature against the bytes."""
        return hmac.compare_digest(headers.get("X-Signature", ""), signature(body))

    def read(self, body: bytes) -> Iterable[Sent]:
        """Events are what `Sent` is made of."""
        return (Sent(**event) for event in json.loads(body)["events"])

    def messages(self, layout: Layout) -> list[dict[str, Any]]:
        """Every line a message of its own where the test wants many; choices with the last one."""
        lines = layout.text.split("\n") if self._settings.get("lines") else [layout.text]
        return [{"text": line, "choices": layout.choices if line is lines[-1] else []} for line in lines]

    async def show_typing(self, address: str) -> None:
        """Note it, and fail."""
        self.typing.append(address)
        raise ConnectionError("the provider shows no typing now")

    async def post(self, address: str, message: dict[str, Any]) -> None:
        """Post a message to the provider."""
        async with self.http.post(self._settings["provider"], json={"to": address, **message}) as answer:
            if answer.status == 410:
                raise PersonGone()
            if answer.status == 401:
                raise NeedsUs("the token is old")
            assert answer.status == 200


def signature(body: bytes) -> str:
    """What the provider signs with."""
    return hmac.new(SECRET, body, hashlib.sha256).hexdigest()


HTTP = {
    "type": "http",
    "http_version": "1.1",
    "scheme": "http",
    "query_string": b"",
    "server": ("127.0.0.1", 80),
    "client": ("127.0.0.1", 81),
}


def given(*messages: dict[str, Any]) -> Callable[[], Awaitable[dict[str, Any]]]:
    """What an ASGI application receives."""
    left = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(left)

    return receive


def collected(messages: list[dict[str, Any]]) -> Callable[[dict[str, Any]], Awaitable[None]]:
    """Where an ASGI application's messages go."""

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    return send


class Street:
    """The provider, and the people who write by it."""

    def __init__(self, app: Sanic, actions: ActionServer, channel: Postbox) -> None:
        self.app = app
        self.actions = actions
        self.channel = channel
        self.taken: list[dict[str, Any]] = []
        self.refuses = 0
        self.answers: list[int] = []
        """The statuses with which the next messages are answered; 599 stands for taking one and losing the answer."""

    async def take(self, request: web.Request) -> web.Response:
        """Take a bubble, or refuse it for now."""
        if self.refuses:
            self.refuses -= 1
            return web.Response(status=503)
        status = self.answers.pop(0) if self.answers else 200
        if status in (200, 599):
            self.taken.append(await request.json())
        return web.Response(status=500 if status == 599 else status)

    async def post(self, *events: dict[str, Any], forged: bool = False, body: bytes | None = None) -> int:
        """Post events; return the status they were answered with."""
        body = json.dumps({"events": events}).encode() if body is None else body
        signed = signature(b"other bytes" if forged else body)
        answers: list[dict[str, Any]] = []
        scope = {
            **HTTP,
            "method": "POST",
            "path": "/webhooks/postbox/webhook",
            "headers": [(b"x-signature", signed.encode()), (b"content-length", str(len(body)).encode())],
        }
        await self.app(scope, given({"type": "http.request", "body": body, "more_body": False}), collected(answers))
        return int(answers[0]["status"])

    async def told(self, holder: str, count: int) -> list[str]:
        """Wait until somebody has got so many bubbles, and return them all."""
        for _ in range(AT_MOST_S * 100):
            texts = [one["text"] for one in self.taken if one["to"] == holder]
            if len(texts) >= count and not self.is_busy():
                return texts
            await asyncio.sleep(0.01)
        raise AssertionError(f"{holder} was told {texts}")

    def is_busy(self) -> bool:
        """Tell whether a turn or a delivery is under way."""
        return bool(self.channel._conversations._workers or self.channel._delivery._workers or self.channel._asides.are_under_way)

    async def quiet(self) -> None:
        """Wait until everything has been done."""
        while self.is_busy():
            await asyncio.sleep(0.01)


def said(holder: str, number: int, text: str, **more: Any) -> dict[str, Any]:
    """An event of the provider."""
    return {"holder": holder, "id": f"m{number}", "text": text, **more}


@asynccontextmanager
async def street(agent: Any, folder: Path, **settings: Any) -> AsyncIterator[Street]:
    """Open the channel on a server of its own, over stores on files, beside an action server and a provider."""
    actions = ActionServer()
    there: list[Street] = []
    outside = web.Application()
    outside.router.add_post("/webhook", actions.answer)
    outside.router.add_post("/bubbles", lambda request: there[0].take(request))
    runner = web.AppRunner(outside)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    beside = f"http://127.0.0.1:{runner.addresses[0][1]}"
    with_new_stores(agent, folder, EndpointConfig(f"{beside}/webhook"))
    log = f"sqlite:///{folder / 'chat.db'}"
    channel = Postbox.from_credentials({**SETTINGS, "message_log": log, "provider": f"{beside}/bubbles", **settings})
    app = Sanic(f"street{next(names)}", register=False)
    app.asgi = True
    app.ctx.agent = agent
    Gate(secure=False, max_body=8192, trusted_proxies=0).guard(app)
    app.blueprint(channel.blueprint(lambda message: asyncio.sleep(0)), url_prefix="/webhooks/postbox")
    app.add_route(lambda request: text("ok"), "/other")
    there.append(Street(app, actions, channel))
    Sanic.test_mode = True  # it rewrites its classes when a server starts, and else stumbles over the second one of a process
    await app._startup()
    try:
        for moment in ("before", "after"):
            await app._server_event("init", moment)
        yield there[0]
    finally:
        actions.goes_on.set()
        await app._server_event("shutdown", "before")
        await runner.cleanup()


def played(agent: Agent, folder: Path, story: Callable[[Street], Awaitable[None]], **settings: Any) -> None:
    """Play a story."""

    async def play() -> None:
        async with street(agent, folder, **settings) as there:
            await asyncio.wait_for(story(there), AT_MOST_S)

    asyncio.run(play())
