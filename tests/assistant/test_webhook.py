"""A channel with a provider: a real agent, real stores, real HTTP to a provider; it posts to us as to an ASGI application."""

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic
from sanic.response import text

from assistant.channels.gate import Gate
from assistant.channels.layout import Layout, Room
from assistant.channels.refusals import NeedsUs, PersonGone
from assistant.channels.sent import Sent
from assistant.channels.startup import one_clock
from assistant.channels.webhook import WebhookChannel
from assistant.stores.lock import FairLockStore
from tests.assistant.test_conversations import FORGOT, MODEL, VALIDATE, ActionServer, tracker_store

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


@pytest.fixture(scope="module")
def agent() -> Agent:
    """The trained assistant."""
    return Agent.load(str(MODEL))


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the channel finds in its environment."""
    one_clock.cache_clear()
    for name, value in {
        "CHANNEL_CREDENTIAL": "c" * 32,
        "BACKEND_URL": "http://127.0.0.1:1",
        "POSTBOX_SECRET": SECRET.decode(),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("DEMO", raising=False)
    monkeypatch.delenv("MODEL", raising=False)


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
    agent.tracker_store = agent.processor.tracker_store = tracker_store(agent, folder)
    agent.lock_store = agent.processor.lock_store = FairLockStore()
    agent.action_endpoint = EndpointConfig(f"{beside}/webhook")
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


pytestmark = pytest.mark.usefixtures("environment")


def test_a_message_is_accepted_at_once_and_answered_to_whom_it_came_from(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        there.actions.held = VALIDATE
        assert await there.post(said("lan", 1, FORGOT), said("mai", 2, "xin chào")) == 200
        await asyncio.wait_for(there.actions.waits.wait(), AT_MOST_S)
        assert not [one for one in there.taken if one["to"] == "lan"], "accepted long before it was answered"
        there.actions.goes_on.set()
        assert await there.told("lan", 1) and await there.told("mai", 1)

    played(agent, tmp_path, story)


def test_what_the_provider_did_not_sign_is_refused_and_nothing_of_it_is_kept(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        assert await there.post(said("lan", 1, "xin chào"), forged=True) == 403
        assert await there.post(said("lan", 2, "xin chào")) == 200
        assert len(await there.told("lan", 1)) == 1

    played(agent, tmp_path, story)


def test_a_repeat_is_answered_once_in_the_same_request_or_later_or_after_the_session(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        once = said("lan", 1, "xin chào")
        assert await there.post(once, once) == 200
        first = await there.told("lan", 1)
        assert await there.post(once) == 200
        there.channel._clock._offset_s += 31 * 60  # the session is over, and the provider tries for an hour
        assert await there.post(once) == 200
        await there.quiet()
        assert await there.told("lan", 1) == first

    played(agent, tmp_path, story)


def test_messages_of_one_person_are_answered_in_order(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        events = [said("lan", number, text) for number, text in enumerate(["xin chào", "cảm ơn", "tạm biệt"])]
        assert await there.post(*events) == 200
        apart = [(await there.post(said(f"p{number}", 10 + number, one["text"])), one) for number, one in enumerate(events)]
        assert all(status == 200 for status, _ in apart)
        await there.quiet()
        alone = [text for number in range(3) for text in await there.told(f"p{number}", 1)]
        assert [text[:12] for text in await there.told("lan", 3)] == [text[:12] for text in alone]

    played(agent, tmp_path, story)


def test_a_choice_comes_back_as_its_token_and_an_old_one_says_so(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        await there.post(said("lan", 1, "", comes_in=True))
        await there.told("lan", 1)
        choices = there.taken[-1]["choices"]
        await there.post(said("lan", 2, "", token=choices[0]["token"]))
        await there.told("lan", 2)
        user = [
            one["text"] for one in there.channel._log.messages(there.channel._log.sessions.held_by("postbox", "lan").conversation)
        ]
        assert choices[0]["label"] in user
        await there.post(said("mai", 3, "", token=choices[0]["token"]), said("mai", 4, "Không có", token="c:x"))
        texts = await there.told("mai", 2)
        assert texts[0].startswith("Lựa chọn này"), "offered to somebody else"
        assert not texts[1].startswith("Lựa chọn này"), "an old one with a label is what the label says"

    played(agent, tmp_path, story)


def test_a_picture_a_long_text_and_a_slash_are_what_they_are(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        await there.post(said("lan", 1, "", says="utter_message_lost"), said("lan", 2, "a" * 1001), said("lan", 3, "/restart"))
        texts = await there.told("lan", 3)
        assert texts[0].startswith("Tôi vừa khởi động lại") and "dài quá" in texts[1]
        assert ("action_restart", "/restart") not in there.actions.heard and RESTARTED not in texts[2]

    played(agent, tmp_path, story)


RESTARTED = "bắt đầu lại từ đầu"


def test_who_writes_too_much_is_told_once_and_the_rest_is_answered(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        assert await there.post(*(said("lan", number, "xin chào") for number in range(9))) == 200
        assert await there.post(said("mai", 100, "xin chào")) == 200
        await there.quiet()
        texts = await there.told("lan", 4)
        assert len([one for one in texts if "quá nhanh" in one]) == 1 and len(texts) == 4
        assert "quá nhanh" not in (await there.told("mai", 1))[0]

    played(agent, tmp_path, story, messages_per_minute=3)


def test_genuine_nonsense_is_taken_lest_it_be_repeated_for_ever(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        for body in (b"", b"{", b"[]", b'{"events": 5}', b'{"events": [{"holder": "lan"}]}', b"\xff"):
            assert await there.post(body=body) == 200, "it would be repeated for ever"
        assert there.taken == []

    played(agent, tmp_path, story)


def test_while_the_store_is_away_the_provider_is_asked_to_repeat(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        database, away = tmp_path / "chat.db", tmp_path / "away.db"
        database.rename(away)
        assert await there.post(said("lan", 1, "xin chào")) == 503
        away.rename(database)
        assert await there.post(said("lan", 1, "xin chào")) == 200
        assert len(await there.told("lan", 1)) == 1

    played(agent, tmp_path, story)


def test_a_provider_that_is_away_gets_the_bubble_later(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        there.refuses = 1
        await there.post(said("lan", 1, "xin chào"))
        assert len(await there.told("lan", 1)) == 1 and there.channel._delivery.repeated == 1

    played(agent, tmp_path, story)


def test_after_a_crash_what_was_kept_is_answered_and_what_was_written_is_sent(agent: Agent, tmp_path: Path) -> None:
    async def breaks(there: Street) -> None:
        there.refuses = 1000
        await there.post(said("lan", 1, "xin chào"))
        while not there.channel._log.deliveries.waiting("postbox"):
            await asyncio.sleep(0.01)
        there.actions.held = VALIDATE
        await there.post(said("mai", 2, FORGOT))
        await asyncio.wait_for(there.actions.waits.wait(), AT_MOST_S)
        for worker in there.channel._conversations._workers.values():
            worker.cancel()  # as the process's end would

    async def goes_on(there: Street) -> None:
        assert len(await there.told("lan", 1)) == 1
        assert len(await there.told("mai", 1)) == 1

    played(agent, tmp_path, breaks)
    played(agent, tmp_path, goes_on)


def test_nothing_outside_the_sealed_column_says_who_it_is_with(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        await there.post(said("0912345678-lan", 1, "xin chào"))
        await there.told("0912345678-lan", 1)

    played(agent, tmp_path, story)
    for file in tmp_path.iterdir():
        assert b"0912345678-lan" not in file.read_bytes(), file.name


def test_without_its_secret_a_channel_is_off_and_says_so(
    agent: Agent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("POSTBOX_SECRET")

    async def story(there: Street) -> None:
        assert await there.post(said("lan", 1, "xin chào")) == 404

    with caplog.at_level(logging.WARNING):
        played(agent, tmp_path, story)
    assert "the channel postbox is off: POSTBOX_SECRET is not set" in caplog.text
