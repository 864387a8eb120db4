"""What the backend's tests share: a clock that is set, a world with one application, the calls of a channel."""

import itertools
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from anyio.from_thread import BlockingPortal
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import event, text

from backend import accounts, migrate
from backend.accounts import Profile
from backend.app import build_core, create_app
from backend.assertion import Sender, mint
from backend.core import Core
from backend.database import Database
from backend.passwords import PasswordHasher
from backend.settings import DEMO_SECRETS, Settings

START = 1_800_000_000  # an arbitrary moment: 2027-01-15
LAN = ("7900000001", "lan.nguyen@example.com")

HASHER = PasswordHasher()


class SHARED:
    """What the whole test run shares; the portal is put here by a fixture."""

    portal: BlockingPortal | None = None


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: int = START) -> None:
        self.moment = now

    def now(self) -> int:
        return self.moment

    def advance(self, seconds: int) -> None:
        self.moment += seconds


def demo_settings(**changes: Any) -> Settings:
    """Completed demo settings without looking at the environment."""
    plain = {name: field.default for name, field in Settings.model_fields.items()}
    secrets = {name.lower(): value for name, value in DEMO_SECRETS.items()}
    return Settings.model_construct(**{**plain, **secrets, "demo": True, **changes}).completed()


class Talk:
    """One conversation with the backend, as the action server holds it."""

    _keys = itertools.count()

    def __init__(self, world: "World", name: str = "one", lang: str = "vi", channel: str = "web") -> None:
        self.world = world
        self.sender = Sender(channel, f"sender-{name}", f"{channel}:{name}", lang)

    def headers(self, key: str | None = None) -> dict[str, str]:
        core = self.world.core
        return {
            "Authorization": f"Bearer {core.settings.service_credentials()[0]}",
            "X-Sender": mint(core.settings.channel_credentials()[0], self.sender, core.clock.now()),
            "Idempotency-Key": key or f"key-{next(self._keys)}",
        }

    def call(self, method: str, path: str = "", body: Any = None, key: str | None = None) -> Response:
        url = f"/v1/drafts/forgot_password{path}"
        json = body if body is not None or method in ("GET", "DELETE") else {}
        return self.world.client.request(method, url, json=json, headers=self.headers(key))

    def open(self, code: str = LAN[0], email: str = LAN[1]) -> "Talk":
        """A draft with consent and both fields."""
        for path, body in (("", {}), ("/consent", {}), ("/fields/code", {"value": code}), ("/fields/email", {"value": email})):
            answer = self.call("PUT", path, body)
            assert answer.status_code == 200, answer.text
        return self

    def send(self) -> Response:
        return self.call("POST", "/otp")

    def answer(self, code: str, key: str | None = None) -> str:
        answer = self.call("POST", "/otp/answers", {"code": code}, key)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["result"])

    def draft(self) -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET").json()
        return found

    def submit(self) -> Response:
        return self.call("POST", "/submit")


class World:
    """One application on one database."""

    def __init__(self, core: Core, clock: SetClock) -> None:
        self.core = core
        self.clock = clock
        self.app = create_app(core, threads=False)
        self.client = TestClient(
            self.app,
            base_url="http://127.0.0.1:8000",
            client=("127.0.0.1", 50000),
            follow_redirects=False,
            raise_server_exceptions=False,
        )
        # One event loop for the whole run: without it every request would start one of its own.
        self.client.portal = SHARED.portal

    def close(self) -> None:
        """Let go of the database."""
        self.core.database.close()

    def talk(self, name: str = "one", **kwargs: Any) -> Talk:
        return Talk(self, name, **kwargs)

    def account(self, **fields: Any) -> dict[str, Any]:
        answer = self.client.post("/demo/accounts", json=fields)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def outbox(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.client.get("/demo/outbox.json").json()
        return found

    def code(self) -> str:
        """The newest mailed one-time code."""
        for message in self.outbox():
            found = re.findall(r"(?<!\d)\d{6}(?!\d)", message["body"])
            if found:
                return str(found[0])
        raise AssertionError("no code in the outbox")

    def password(self) -> str:
        """The newest mailed temporary password."""
        for message in self.outbox():
            if "mật khẩu tạm thời" in message["subject"].lower() or "temporary" in message["subject"]:
                return message["body"].split("\n\n")[1].strip()
        raise AssertionError("no password in the outbox")

    def verified(self, name: str = "one", **kwargs: Any) -> Talk:
        """A conversation whose code was answered right."""
        talk = self.talk(name).open(**kwargs)
        assert talk.send().status_code == 200
        assert talk.answer(self.code()) == "right"
        return talk

    def reset(self, name: str = "one", **kwargs: Any) -> str:
        """A whole reset; returns the temporary password."""
        assert self.verified(name, **kwargs).submit().status_code == 200
        return self.password()

    def rows(self, query: str) -> list[Any]:
        with self.core.database.read() as conn:
            return list(conn.execute(text(query)))

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """The SQL statements run inside the block."""
        seen: list[str] = []

        def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        event.listen(self.core.database.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(self.core.database.engine, "before_cursor_execute", note)


def build_world(url: str, *, migrate_first: bool = True, **changes: Any) -> World:
    """A demo world on that database, without the seeded people."""
    clock = SetClock()
    database = Database(url)
    if migrate_first:
        migrate.upgrade(database)
    return World(build_core(demo_settings(**changes), clock, database=database, hasher=HASHER), clock)


def put_lan(world: World) -> None:
    """Lan with a password nobody knows, without the price of hashing one."""
    profile = Profile(LAN[0], "Nguyễn Thị Lan", "1990-05-14", "079190000001", "+84900000001", LAN[1], "79")
    with world.core.writing() as unit:
        accounts.create(world.core, unit, profile, "active", world.core.hasher.dummy)


def wrong(code: str) -> str:
    """Another six digits."""
    return f"{(int(code) + 1) % 10**6:06d}"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
