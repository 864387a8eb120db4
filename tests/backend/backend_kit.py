"""What the backend's tests share: a clock that is set, a world with one application, the calls of a channel."""

import itertools
import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from anyio.from_thread import BlockingPortal
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import event, text

from backend import accounts, drafts, migrate, signature
from backend.accounts import Profile
from backend.app import build_core, create_app
from backend.assertion import Sender, mint
from backend.core import Core
from backend.database import Database
from backend.officers import changes
from backend.passwords import PasswordHasher
from backend.photos import KINDS
from backend.schema import photos
from backend.settings import DEMO_SECRETS, Settings
from backend.tasks import TASKS

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

    def __init__(
        self,
        world: "World",
        name: str = "one",
        lang: str = "vi",
        channel: str = "web",
        task: str = "forgot_password",
        sender: str = "",
    ) -> None:
        self.world = world
        self.sender = Sender(channel, sender or f"sender-{name}", f"{channel}:{name}", lang)
        self.task = task

    def headers(
        self,
        method: str,
        url: str,
        body: bytes = b"",
        key: str | None = None,
        *,
        credential: str | None = None,
        assertion: str | None = None,
    ) -> dict[str, str]:
        """What a signed request carries; `credential` and `assertion` other than the right ones are for attacks."""
        core = self.world.core
        vouched = mint(core.settings.channel_credentials()[0], self.sender, core.clock.now()) if assertion is None else assertion
        headers = {"X-Sender": vouched, "Idempotency-Key": f"key-{next(self._keys)}" if key is None else key}
        asked = signature.Request(method, url, body, vouched, headers["Idempotency-Key"])
        signed = signature.sign(credential or core.settings.service_credentials()[0], asked, core.wall.now(), core.keys.token(16))
        return headers | {"Authorization": signed}

    def request(
        self, method: str, url: str, body: Any = None, key: str | None = None, drop: str = "", **otherwise: str
    ) -> Response:
        """Any signed request; `body` None is no body, `drop` names a header that is left out after signing."""
        content = b"" if body is None else json.dumps(body).encode()
        headers = self.headers(method, url, content, key, **otherwise)
        headers.pop(drop, None)
        if content:
            headers["Content-Type"] = "application/json"
        return self.world.client.request(method, url, content=content, headers=headers)

    def call(self, method: str, path: str = "", body: Any = None, key: str | None = None) -> Response:
        if body is None and method not in ("GET", "DELETE"):
            body = {}
        return self.request(method, f"/v1/drafts/{self.task}{path}", body, key)

    def open(self, code: str = LAN[0], email: str = LAN[1]) -> "Talk":
        """A draft with consent and both fields."""
        for path, body in (("", {}), ("/consent", {}), ("/fields/code", {"value": code}), ("/fields/email", {"value": email})):
            answer = self.call("PUT", path, body)
            assert answer.status_code == 200, answer.text
        return self

    def put(self, **fields: str) -> Response:
        """An open draft with these fields; the last answer."""
        answer = self.call("PUT")
        for field, value in fields.items():
            answer = self.call("PUT", f"/fields/{field}", {"value": value})
            assert answer.status_code == 200, answer.text
        return answer

    def fetch_spoken(self, handle: str) -> Response:
        """What the hotline channel does with a handle."""
        credential = self.world.core.settings.channel_credentials()[0]
        return self.request("POST", "/v1/spoken_passwords", {"handle": handle}, credential=credential)

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

    @property
    def url(self) -> str:
        """The database, for another program or instance on it."""
        return self.core.database.engine.url.render_as_string(hide_password=False)

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

    def record(self, code: str) -> dict[str, Any]:
        """What is on file."""
        found: dict[str, Any] = self.client.get(f"/demo/accounts/{code}").json()["record"]
        return found

    def limit(self, **settings: Any) -> None:
        """Other settings from now on."""
        self.core.settings = self.core.settings.model_copy(update=settings)

    def add_photos(self, talk: Talk, kinds: tuple[str, ...] = KINDS) -> None:
        """Photos stand in the talk's open draft (how they come there, test_photo_uploads.py tests)."""
        with self.core.writing() as unit:
            draft = drafts.require_open(self.core, unit, talk.sender, TASKS["register_account"])
            for kind in kinds:
                row = self.core.keys.row_id()
                sealed = self.core.keys.seal_bytes(b"a photo", table="photos", column="content", row=row)
                unit.conn.execute(
                    photos.insert().values(id=row, draft_id=draft.id, kind=kind, content_sealed=sealed, created_at=unit.now)
                )

    def officer_approves_change(self, number: str) -> None:
        """What an officer does on the command line."""
        changes.approve(self.core, number)

    def move(self, email: str | None = None, phone: str | None = None, code: str = LAN[0]) -> None:
        """Another address comes on file, as an officer would put it there."""
        with self.core.writing() as unit:
            account = accounts.find(self.core, unit.conn, code)
            assert account is not None
            given = {"email": email, "phone": phone}
            accounts.change_profile(self.core, unit, account, **{name: value for name, value in given.items() if value})

    def outbox(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.client.get("/demo/outbox.json").json()
        return found

    def code(self, channel: str = "email") -> str:
        """The newest one-time code that went out by mail, or by SMS."""
        for message in self.outbox():
            if message["channel"] != channel:
                continue
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

    def statements(self) -> AbstractContextManager[list[str]]:
        """The SQL statements run inside the block."""
        return self._noted("before_cursor_execute", lambda args: args[2])

    def commits(self) -> AbstractContextManager[list[str]]:
        """The commits of transactions that wrote something inside the block."""
        return self._noted("commit", lambda args: "commit" if args[0].get_execution_options().get("writes") else "")

    @contextmanager
    def _noted(self, happening: str, told: Callable[[Any], str]) -> Iterator[list[str]]:
        seen: list[str] = []

        def note(*args: Any) -> None:
            if told(args):
                seen.append(told(args))

        event.listen(self.core.database.engine, happening, note)
        try:
            yield seen
        finally:
            event.remove(self.core.database.engine, happening, note)


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
