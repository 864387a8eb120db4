"""One session an account: what the displaced device and the owner are told, forced changes, tokens in a stranger's hands."""

from collections.abc import Iterator

import pytest
from account_visitor import ORIGIN, Visitor
from backend_kit import LAN, START, World, build_world
from two_devices import (
    DEVICE,
    GOOD,
    NEW,
    answer,
    codes_sent,
    execute,
    is_in,
    spoken_password,
    waiting,
    where,
)
from two_devices import first as first  # the fixtures
from two_devices import second as second
from two_devices import visitor as visitor

from backend import retention

# What the two devices and the owner are told


def test_the_displaced_device_is_told_why_and_nothing_is_counted(world: World, first: Visitor, second: Visitor) -> None:
    old = first.client.cookies["account"]
    page_token = first.token("/account/password")
    assert answer(second, world.code("sms")).status_code == 303
    before = world.rows("SELECT subject, purpose, kind, at FROM tallies ORDER BY id")
    assert "note=displaced" in where(first)
    assert "note=displaced" in where(first, "/account/password")
    sent = {"csrf": page_token, "new": NEW, "again": NEW, "current": GOOD}
    refused = first.client.post("/account/password", data=sent, headers={"Origin": ORIGIN})
    assert "note=displaced" in refused.headers["location"]
    assert "vừa đăng nhập trên thiết bị khác" in first.get("/account/login?note=displaced").text
    assert "just opened on another device" in first.get("/account/login?note=displaced&lang=en").text
    assert world.rows("SELECT subject, purpose, kind, at FROM tallies ORDER BY id") == before
    assert world.rows("SELECT count(*) FROM tallies WHERE purpose = 'login'") == [(0,)]
    assert old not in str(world.rows("SELECT * FROM displaced_sessions")) and is_in(second)


def test_every_displaced_device_is_told_also_after_the_next_one_and_a_reset(
    world: World, first: Visitor, second: Visitor
) -> None:
    assert answer(second, world.code("sms")).status_code == 303
    third = waiting(world)
    assert answer(third, world.code("sms")).status_code == 303
    world.reset()
    assert "note=displaced" in where(first) and "note=displaced" in where(second)
    assert "note=ended" in where(third)


def test_an_idle_end_is_not_called_displaced(world: World, first: Visitor) -> None:
    world.clock.advance(900)
    other = Visitor(world)
    other.login(LAN[0], GOOD)
    assert is_in(other) and "note=ended" in where(first)
    assert world.rows("SELECT count(*) FROM displaced_sessions") == [(0,)]


def test_displaced_sessions_are_forgotten_after_a_day(world: World, first: Visitor, second: Visitor) -> None:
    answer(second, world.code("sms"))
    world.clock.advance(86_399)
    retention.sweep(world.core)
    assert world.rows("SELECT count(*) FROM displaced_sessions") == [(1,)]
    world.clock.advance(1)
    retention.sweep(world.core)
    assert world.rows("SELECT count(*) FROM displaced_sessions") == [(0,)]


def test_the_owner_is_told_on_every_address_and_no_secret_is_in_it(world: World, second: Visitor) -> None:
    code = world.code("sms")
    assert answer(second, code).status_code == 303
    told = world.outbox()[:2]
    assert {(one["channel"], one["to"]) for one in told} == {("sms", "0900000001"), ("email", LAN[1])}
    for one in told:
        assert "thiet bi khac" in one["body"] or "thiết bị khác" in one["body"]
        assert code not in one["body"] and "1900 9068" in one["body"]


def test_a_waiting_login_leaves_nothing_to_read(world: World, second: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    attempt, device = second.client.cookies["attempt"], second.client.cookies["device"].partition(".")[0]
    answer(second, world.code("sms"))
    stored = str(
        [world.rows(f"SELECT * FROM {table}") for table in ("drafts", "challenges", "sessions", "displaced_sessions", "audit")]
    )
    for secret in (attempt, device, second.client.cookies["account"], world.code("sms"), LAN[0], "900000001"):
        assert secret not in stored and secret not in caplog.text


def test_the_cookie_of_a_waiting_login_is_for_this_site_alone_and_ends_with_it(world: World, first: Visitor) -> None:
    cookies = Visitor(world).login(LAN[0], GOOD).headers.get_list("set-cookie")
    mine = next(cookie for cookie in cookies if cookie.startswith("attempt="))
    assert all(word in mine for word in ("HttpOnly", "SameSite=strict", "Path=/", "Max-Age=600"))
    world.limit(public_url="https://account.example.com")
    browser = Visitor(world)
    fields = {"code": LAN[0], "password": GOOD, "csrf": browser.token("/account/login")}
    browser.client.cookies.set("__Host-device", "A" * 22 + ".", domain="127.0.0.1")
    fields["csrf"] = world.core.keys.mac("csrf", "A" * 22, "")
    secure = browser.client.post("/account/login", data=fields, headers={"Origin": "https://account.example.com"})
    mine = next(cookie for cookie in secure.headers.get_list("set-cookie") if "attempt=" in cookie)
    assert mine.startswith("__Host-attempt=") and "Secure" in mine and "Domain" not in mine


@pytest.mark.parametrize("path", [DEVICE, f"{DEVICE}/code"])
@pytest.mark.parametrize("forged", ["token", "origin"])
def test_forms_from_another_place_are_refused_and_judge_nothing(world: World, second: Visitor, path: str, forged: str) -> None:
    world.clock.advance(60)
    fields = {"otp": world.code("sms")} | ({"csrf": "x"} if forged == "token" else {})
    origin = "https://evil.example" if forged == "origin" else ORIGIN
    assert second.post(path, fields, page=DEVICE, origin=origin).status_code == 403
    assert not is_in(second) and len(codes_sent(world)) == 1
    assert world.rows("SELECT wrong, state FROM challenges") == [(0, "sent")]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_helps_to_type_the_code_and_needs_no_script(world: World, second: Visitor, lang: str) -> None:
    page = second.get(f"{DEVICE}?lang={lang}")
    assert 'inputmode="numeric"' in page.text and 'autocomplete="one-time-code"' in page.text
    assert "<script" not in page.text and page.headers["cache-control"] == "no-store"
    assert ("Gửi lại mã" if lang == "vi" else "Send a new code") in page.text
    assert ("60 giây" if lang == "vi" else "60 seconds") in page.text
    typed = second.post(f"{DEVICE}?lang={lang}", {"otp": "not a code"})
    assert typed.status_code == 422 and f'<html lang="{lang}">' in typed.text
    spaced = " ".join(world.code("sms"))
    assert answer(second, spaced).status_code == 303


def test_a_browser_without_a_waiting_login_is_sent_to_the_login_page(world: World, first: Visitor) -> None:
    assert "note=attempt_over" in where(Visitor(world), DEVICE)
    assert where(first, DEVICE) == "/account/?lang=vi"
    assert "không còn hiệu lực" in first.get("/account/login?note=attempt_over").text


# Forced changes


@pytest.mark.parametrize("kind", ["mailed", "spoken", "old"])
def test_a_forced_change_holds_on_the_second_device_too(world: World, visitor: Visitor, kind: str) -> None:
    password = GOOD
    if kind == "mailed":
        password = world.reset()
    elif kind == "spoken":
        password = spoken_password(world)
    else:
        world.clock.advance(183 * 86_400)
    visitor.login(LAN[0], password)
    other = waiting(world, password)
    assert answer(other, world.code("sms")).status_code == 303
    assert where(other).startswith("/account/password")
    token = other.client.cookies["account"]
    assert other.change(NEW, current=password).headers["location"].startswith("/account/login")
    assert "account" not in other.client.cookies
    other.client.cookies.set("account", token, domain="127.0.0.1")
    assert where(other, "/account/password").startswith("/account/login"), "one logs in anew"
    assert other.login(LAN[0], NEW).headers["location"].startswith("/account/?")
    assert other.get("/account/").status_code == 200
    assert other.login(LAN[0], password).status_code == 401


def test_a_session_of_a_spoken_password_ends_with_its_half_hour(world: World) -> None:
    password = spoken_password(world)
    browser = Visitor(world)
    browser.login(LAN[0], password)
    for _ in range(2):
        world.clock.advance(899)
        assert browser.get("/account/password").status_code == 200
    world.clock.advance(2)
    assert where(browser, "/account/password").startswith("/account/login")
    refused = Visitor(world).login(LAN[0], password)
    assert refused.status_code == 401 and "hết hạn" in refused.text


# Sessions as a stranger tries them (T47, T48, T49), also at a second instance of the program


@pytest.fixture
def twin(world: World) -> Iterator[World]:
    """Another instance on the same database, as after a restart or beside the first."""
    made = build_world(world.url, migrate_first=False)
    made.clock.moment = world.clock.moment
    yield made
    made.close()


def works_at(world: World, token: str, query: bool = False) -> bool:
    browser = Visitor(world)
    if query:
        return browser.get(f"/account/?account={token}&token={token}").status_code == 200
    browser.client.cookies.set("account", token, domain="127.0.0.1")
    return browser.get("/account/").status_code == 200


def test_a_token_that_was_planted_is_never_taken_over(world: World, visitor: Visitor) -> None:
    planted = "A" * 43
    visitor.client.cookies.set("account", planted, domain="127.0.0.1")
    fields = {"code": LAN[0], "password": GOOD, "csrf": visitor.token("/account/login")}
    set_by = visitor.client.post("/account/login", data=fields, headers={"Origin": ORIGIN}).headers.get_list("set-cookie")
    given = next(cookie for cookie in set_by if cookie.startswith("account=")).partition("=")[2].partition(";")[0]
    assert given != planted and works_at(world, given) and not works_at(world, planted)


def test_a_token_works_in_the_cookie_alone_and_at_every_instance(world: World, first: Visitor, twin: World) -> None:
    token = first.client.cookies["account"]
    assert works_at(world, token) and works_at(twin, token)
    assert not works_at(world, token, query=True) and not works_at(world, token[:-1])


@pytest.mark.parametrize("ended", ["logout", "login again", "password change", "second device", "reset", "disabled"])
def test_an_ended_token_is_dead_at_once_at_every_instance_and_after_a_restart(
    world: World, first: Visitor, twin: World, ended: str
) -> None:
    token = first.client.cookies["account"]
    assert works_at(twin, token)
    if ended == "logout":
        first.post("/account/logout", {}, page="/account/")
    elif ended == "login again":
        first.client.cookies.delete("account")
        first.login(LAN[0], GOOD)
        assert first.client.cookies["account"] != token
    elif ended == "password change":
        first.change(NEW, current=GOOD)
    elif ended == "second device":
        answer(waiting(world), world.code("sms"))
    elif ended == "reset":
        world.reset()
    else:
        execute(world, "UPDATE accounts SET status = 'locked'")
    assert not works_at(world, token) and not works_at(twin, token)


@pytest.mark.parametrize("end", ["idle", "total"])
def test_a_forgotten_session_ends_by_the_clock_also_after_a_restart(world: World, first: Visitor, twin: World, end: str) -> None:
    token = first.client.cookies["account"]
    steps = [900] if end == "idle" else [864] * 50
    for step in steps:
        world.clock.advance(step)
        twin.clock.advance(step)
        if end == "total" and world.clock.moment < START + 43_200:
            assert works_at(world, token), "it is used all the time"
    assert not works_at(twin, token) and not works_at(world, token)
