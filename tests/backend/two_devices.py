"""Two browsers with one account: what the tests of one device at a time share."""

import argon2
import pytest
from account_visitor import ORIGIN, Visitor
from backend_kit import LAN, World
from httpx import Response
from sqlalchemy import text

from backend import accounts
from backend.passwords import PasswordHasher

GOOD = "một câu dài dễ nhớ"
NEW = "ngày mai trời lại sáng"
DEVICE = "/account/device"
PHONE = "+84900000001"


class QuickHasher(PasswordHasher):
    """The product's hasher at the least price argon2 takes."""

    def __init__(self) -> None:
        super().__init__()
        self._argon2 = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


QUICK = QuickHasher()


def set_password(world: World, temporary: bool = False, expires_at: int | None = None) -> None:
    """Lan's password, set anew: the same words, another hash."""
    with world.core.writing() as unit:
        account = accounts.find(world.core, unit.conn, LAN[0])
        assert account
        encoded = world.core.hasher.hash(GOOD)
        accounts.set_password(world.core, unit, account.id, encoded, temporary=temporary, expires_at=expires_at)


@pytest.fixture
def visitor(world: World) -> Visitor:
    """A browser that holds no session; Lan's password is known."""
    world.core.hasher = QUICK
    set_password(world)
    return Visitor(world)


@pytest.fixture
def first(visitor: Visitor) -> Visitor:
    """A browser that holds Lan's session."""
    assert visitor.login(LAN[0], GOOD).headers["location"].startswith("/account/?")
    return visitor


@pytest.fixture
def second(world: World, first: Visitor) -> Visitor:
    """Another browser, which knows the password and is asked for the code."""
    return waiting(world)


def waiting(world: World, password: str = GOOD) -> Visitor:
    """A fresh browser that is asked for the code."""
    browser = Visitor(world)
    assert browser.login(LAN[0], password).headers["location"].startswith(DEVICE)
    return browser


def device_of(browser: Visitor) -> str:
    """The browser's device id."""
    return str(browser.client.cookies["device"].partition(".")[0])


def answer(browser: Visitor, code: str, token: str = "") -> Response:
    """Type the code; `token` is one that an earlier page gave."""
    return browser.client.post(DEVICE, data={"csrf": token or browser.token(DEVICE), "otp": code}, headers={"Origin": ORIGIN})


def again(browser: Visitor, token: str = "") -> Response:
    """Ask for a new code."""
    return browser.client.post(f"{DEVICE}/code", data={"csrf": token or browser.token(DEVICE)}, headers={"Origin": ORIGIN})


def is_in(browser: Visitor) -> bool:
    """Whether the browser holds a living session; this keeps it alive, as any click does."""
    return bool(browser.get("/account/password").status_code == 200)


def where(browser: Visitor, path: str = "/account/") -> str:
    """Where that page sends the browser."""
    return str(browser.get(path).headers.get("location", ""))


def codes_sent(world: World) -> list[tuple[str, str]]:
    """Channel and address of every code for a new device that really went out, newest first."""
    words = ("tren thiet bi moi", "trên thiết bị mới", "on a new device")
    return [(one["channel"], one["to"]) for one in world.outbox() if any(word in one["body"] for word in words)]


def execute(world: World, statement: str) -> None:
    """Change the database as nothing in the program does."""
    with world.core.database.write() as conn:
        conn.execute(text(statement))


def spoken_password(world: World) -> str:
    """A reset on the hotline; what the call was told."""
    call = world.talk("call", channel="hotline", sender=PHONE, task="hotline_password")
    call.put(code=LAN[0])
    return str(call.fetch_spoken(call.submit().json()["outcome"]["handle"]).json()["spell"])
