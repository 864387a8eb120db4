"""The account page at its edges: patient guessers, old temporary passwords, odd requests, races."""

import unicodedata
from typing import Any

import pytest
from account_visitor import ORIGIN, Visitor
from backend_kit import LAN, World
from test_account_page import GOOD
from test_account_page import visitor as visitor  # the fixture

from backend import account_own, accounts, login, messages

NEW = "ngày mai trời lại sáng"
DEVICE = "d" * 22


class Hasher:
    """Answers at once, after an errand."""

    dummy = ""

    def __init__(self, fits: bool, errand: Any = lambda: None) -> None:
        self.fits, self.errand = fits, errand

    def verify(self, *_: str) -> bool:
        self.errand()
        return self.fits


@pytest.mark.parametrize("code", [LAN[0], "7911111111"])
def test_a_patient_guesser_gets_a_hundred_guesses_a_day(world: World, code: str) -> None:
    world.core.hasher = Hasher(False)  # type: ignore[assignment]
    guesses, waits, end = 0, [], world.clock.moment + 86_400
    while world.clock.moment < end:
        result = login.attempt(world.core, code, "x", DEVICE, "")
        guesses += result.outcome == "wrong"
        waits.append(result.wait_s)
        world.clock.advance(result.wait_s)
    assert guesses <= 110 and max(waits) == world.core.settings.login_delay_max_s
    assert waits[-1] == max(waits) or waits[-2] == max(waits)


def test_a_success_ends_the_growing_of_the_wait(world: World, visitor: Visitor) -> None:
    for outcome in ("wrong",) * 4 + ("in",) + ("wrong",) * 5 + ("wait",):
        assert login.attempt(world.core, LAN[0], GOOD if outcome == "in" else "x", DEVICE, "").outcome == outcome


def test_a_password_reset_while_the_old_one_is_hashed_lets_nobody_in(world: World, visitor: Visitor) -> None:
    def reset() -> None:
        with world.core.writing() as unit:
            account = accounts.find(world.core, unit.conn, LAN[0])
            assert account
            accounts.set_password(world.core, unit, account.id, "another", temporary=False, expires_at=None)

    world.core.hasher = Hasher(True, reset)  # type: ignore[assignment]
    assert login.attempt(world.core, LAN[0], GOOD, DEVICE, "").outcome == "wrong"
    assert world.rows("SELECT count(*) FROM sessions") == [(0,)]


def test_changing_the_password_ends_every_session(world: World, visitor: Visitor) -> None:
    visitor.login(LAN[0], GOOD)
    kept = visitor.client.cookies["account"]
    assert visitor.change(NEW, current=GOOD).status_code == 303
    visitor.client.cookies.set("account", kept, domain="127.0.0.1")
    assert visitor.get("/account/").headers["location"].startswith("/account/login")
    assert world.rows("SELECT count(*) FROM sessions") == [(0,)]


def test_a_session_of_a_temporary_password_ends_with_it(world: World) -> None:
    password = world.reset()
    with world.core.database.read() as conn:
        account = accounts.find(world.core, conn, LAN[0])
    assert account
    world.clock.advance(86_399)
    visitor = Visitor(world)
    assert visitor.login(LAN[0], password).status_code == 303
    token = visitor.token("/account/password")
    world.clock.advance(1)
    assert visitor.get("/account/password").headers["location"].startswith("/account/login")
    answer = visitor.client.post("/account/password", data={"csrf": token, "new": NEW, "again": NEW}, headers={"Origin": ORIGIN})
    assert answer.headers["location"].startswith("/account/login")
    # The hashing may outlast the life: the transaction looks again.
    change = account_own.PasswordChange("", NEW, NEW)
    assert account_own.change_password(world.core, account, change) == account_own.Refusal("ended")
    assert world.rows("SELECT password_temporary FROM accounts") == [(1,)]


def test_the_current_password_cannot_be_guessed_from_an_open_session(world: World, visitor: Visitor) -> None:
    visitor.login(LAN[0], GOOD)
    assert [visitor.change(NEW, current=f"bad {number}").status_code for number in range(5)] == [422] * 5
    refused = visitor.change(NEW, current=GOOD)
    assert refused.status_code == 429 and refused.headers["retry-after"] == "30" and "30 giây" in refused.text
    assert Visitor(world).login(LAN[0], "wrong one").status_code == 401
    world.clock.advance(30)
    assert visitor.change(NEW, current=GOOD).status_code == 303


def test_the_change_is_told_in_the_language_of_the_page(world: World, visitor: Visitor) -> None:
    visitor.login(LAN[0], GOOD)
    visitor.post("/account/password?lang=en", {"new": NEW, "again": NEW, "current": GOOD})
    sms, mail = world.outbox()[:2]
    assert mail["subject"] == "Your VssID password was changed" and sms["body"].startswith("Your VssID password was just changed")


def test_letters_beyond_ascii_in_token_and_cookie_are_wrong_and_no_failure(world: World) -> None:
    visitor = Visitor(world)
    assert visitor.post("/account/login", {"csrf": "é", "code": "1", "password": "x"}).status_code == 403
    visitor.get("/account/login")
    device = visitor.client.cookies["device"].partition(".")[0]
    fields = {"csrf": world.core.keys.mac("csrf", device, ""), "code": LAN[0], "password": "x"}
    headers = [(b"origin", ORIGIN.encode()), (b"cookie", f"device={device}.\xe9".encode("latin-1"))]
    assert Visitor(world).client.post("/account/login", data=fields, headers=headers).status_code == 401


@pytest.mark.parametrize(("path", "status"), [("/account", 303), ("/account/login/", 404), ("/healthz/", 404)])
def test_no_redirect_is_built_from_the_host_header(world: World, path: str, status: int) -> None:
    answer = world.client.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == status and answer.headers.get("location", "/account/") == "/account/"


@pytest.mark.parametrize(
    ("method", "path", "data", "status", "words"),
    [
        ("GET", "/account/nowhere", None, 404, "no such page"),
        ("GET", "/account/logout", None, 405, "could not be read"),
        ("POST", "/account/login", {"code": "1" * 1025}, 422, "could not be read"),
        ("POST", "/account/login", {"code": "1" * 20_000}, 413, "could not be read"),
        ("POST", "/account/login", {"code": "1\x00"}, 400, "could not be read"),
    ],
)
def test_people_get_a_page_in_their_language(world: World, method: str, path: str, data: Any, status: int, words: str) -> None:
    answer = world.client.request(method, f"{path}?lang=en", data=data)
    assert answer.status_code == status and answer.headers["content-type"].startswith("text/html")
    assert words in answer.text and '<html lang="en">' in answer.text and "demonstration" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert '<html lang="vi">' in world.client.request(method, path, data=data).text


def test_people_get_a_page_when_something_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError(LAN[1])

    monkeypatch.setattr("backend.account_page.guard.visitor", fail)
    answer = world.client.get("/account/login?lang=en")
    assert answer.status_code == 500 and "our side" in answer.text and LAN[1] not in answer.text


@pytest.mark.parametrize(
    ("seconds", "vietnamese", "english"),
    [
        (30, "30 giây", "30 seconds"),
        (60, "1 phút", "1 minute"),
        (300, "5 phút", "5 minutes"),
        (600, "10 phút", "10 minutes"),
        (3600, "1 giờ", "1 hour"),
        (5400, "90 phút", "90 minutes"),
        (86_400, "24 giờ", "24 hours"),
    ],
)
def test_a_life_is_said_in_units_that_are_not_zero(seconds: int, vietnamese: str, english: str) -> None:
    assert vietnamese in messages.one_time_code("vi", "email", "a", "forgot_password", "123456", seconds).body
    assert f"valid for {english}." in messages.temporary_password("en", "a", "p", seconds, "u").body
    assert unicodedata.is_normalized("NFC", vietnamese)
