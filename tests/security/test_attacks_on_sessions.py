"""Attacks on sessions of the account page: fixed, stolen, doubled and forgotten ones (T47 to T49)."""

import re
from dataclasses import replace

import pytest

from tests.security.attack_calls import Browser, burst, session_hash
from tests.security.attack_stage import Stage

LONG = pytest.mark.prove
PASSWORD = "một câu rất dài của riêng tôi"


def logged_in(stage: Stage) -> Browser:
    """Somebody new at the account page."""
    browser = Browser(stage)
    assert browser.login(stage.person(password=PASSWORD).code, PASSWORD).status == 303
    assert browser.is_in(0) and browser.is_in(1)
    return browser


def test_a_session_cannot_be_fixed_beforehand(attacked: Stage) -> None:
    """T47. Whatever a thief put into the browser, the login gives a new token of 256 bits."""
    person = attacked.person(password=PASSWORD)
    browser = Browser(attacked)
    thief = logged_in(attacked)
    for planted in ("chosen-by-a-thief", thief.session):
        browser.cookies["__Host-account"] = planted
        assert browser.login(person.code, PASSWORD).status == 303
        assert browser.session != planted and len(browser.session) == 43
    assert thief.is_in(), "the planted session stays the thief's own"
    stored = attacked.one("SELECT token_hash FROM sessions WHERE account_id = :a", a=person.id)
    assert stored == session_hash(browser.session) and browser.session not in attacked.dump()["sessions"]


def test_an_ended_session_is_dead_on_both_workers(attacked: Stage) -> None:
    """T47. After logging out, and after the password was changed with it."""
    browser = logged_in(attacked)
    token = browser.session
    assert browser.post("/account/logout", {}, page="/account/").status == 303
    browser.cookies["__Host-account"] = token
    assert not browser.is_in(0) and not browser.is_in(1)
    other = logged_in(attacked)
    token = other.session
    assert other.change("một câu khác cũng rất dài", PASSWORD).status == 303
    other.cookies["__Host-account"] = token
    assert not other.is_in(0) and not other.is_in(1)


def test_a_token_counts_in_its_cookie_only(attacked: Stage) -> None:
    """T47. Not in the address, not in another cookie or header, not hashed, not in part."""
    browser = logged_in(attacked)
    token = browser.session
    stranger = Browser(attacked)
    for query in (f"?account={token}", f"?__Host-account={token}", f"?token={token}"):
        assert stranger.get(f"/account/{query}").status == 303
    for name in ("account", "session", "__host-account", "__Secure-account"):
        stranger.cookies = {name: token}
        assert not stranger.is_in(), name
    for odd in (session_hash(token), token[:-1], token + "A", token.upper(), "", "' OR 1=1 --"):
        stranger.cookies = {"__Host-account": odd}
        assert not stranger.is_in(), odd
    asked = Browser(attacked).asked("GET", "/account/")
    for name in ("Authorization", "X-Session", "X-Account"):
        assert replace(asked, headers={name: f"Bearer {token}"}).send().status == 303
    assert browser.is_in()


def test_cookies_are_shut_to_scripts_other_sites_and_plain_http(attacked: Stage) -> None:
    """T47."""
    browser = Browser(attacked)
    answer = browser.login(attacked.person(password=PASSWORD).code, PASSWORD)
    assert len(answer.cookies) == 2
    for cookie in answer.cookies:
        assert cookie.startswith("__Host-")
        assert {"httponly", "secure", "samesite=strict", "path=/"} <= set(cookie.lower().split("; "))
        assert "domain=" not in cookie.lower()
    assert browser.session not in answer.headers["location"]


def storm(stage: Stage, parallel: int) -> None:
    """Many logins at one moment: the throttle lets some through, one session is left."""
    person = stage.person(password=PASSWORD)
    browsers = [Browser(stage) for _ in range(parallel)]
    forms = [{"csrf": browser.token("/account/login"), "code": person.code, "password": PASSWORD} for browser in browsers]
    asked = [browser.asked("POST", "/account/login", form) for browser, form in zip(browsers, forms, strict=True)]
    answers = burst(asked)
    assert {answer.status for answer in answers} <= {303, 429, 503}
    won = [browser for browser, answer in zip(browsers, answers, strict=True) if answer.status == 303]
    for browser, answer in zip(browsers, answers, strict=True):
        browser.keep(answer)
    assert won and sum(browser.is_in() for browser in browsers) == 1
    assert stage.one("SELECT count(*) FROM sessions WHERE account_id = :a", a=person.id) == 1
    assert stage.counted(person.id, "login") == 0, "a right password is no failure, displaced or not"


def test_parallel_logins_leave_one_session(attacked: Stage) -> None:
    """T48."""
    storm(attacked, 12)


@LONG
@pytest.mark.timeout(600)
def test_thirty_storms_of_fifty_logins_leave_one_session_each(attacked: Stage) -> None:
    """T48."""
    for _ in range(30):
        storm(attacked, 50)


def test_a_newer_login_of_the_same_device_is_the_only_one(attacked: Stage) -> None:
    """T48. The older token is worthless at once; being displaced counts as no failure."""
    person = attacked.person(password=PASSWORD)
    browser = Browser(attacked)
    tokens = []
    for _ in range(7):
        assert browser.login(person.code, PASSWORD).status == 303
        tokens.append(browser.session)
    assert len(set(tokens)) == 7
    for token in tokens:
        browser.cookies["__Host-account"] = token
        assert browser.is_in(0) == browser.is_in(1) == (token == tokens[-1])
    assert attacked.counted(person.id, "login") == 0


def test_a_forgotten_session_ends_idle_and_in_all(attacked: Stage) -> None:
    """T49. Fifteen minutes idle, twelve hours in all, however busy."""
    idle, busy = logged_in(attacked), logged_in(attacked)
    attacked.advance(890)
    assert idle.is_in() and busy.is_in()
    attacked.advance(890)
    assert idle.is_in() and busy.is_in()
    attacked.advance(901)
    assert not idle.is_in(0) and not idle.is_in(1)
    busy = logged_in(attacked)
    older = "UPDATE sessions SET created_at = created_at - :s WHERE token_hash = :t"
    for seconds, lives in ((43_100, True), (110, False)):
        assert attacked.change(older, s=seconds, t=session_hash(busy.session)) == 1
        assert busy.is_in(0) == busy.is_in(1) == lives


@LONG
def test_a_restart_revives_no_session_and_ends_none(attacked: Stage) -> None:
    """T49. Sessions live in the database alone."""
    living, ended = logged_in(attacked), logged_in(attacked)
    token = ended.session
    assert ended.post("/account/logout", {}, page="/account/").status == 303
    ended.cookies["__Host-account"] = token
    for worker in attacked.workers:
        worker.kill()
        worker.start()
        worker.wait()
    assert living.is_in(0) and living.is_in(1)
    assert not ended.is_in(0) and not ended.is_in(1)


def test_no_form_is_taken_from_elsewhere(attacked: Stage) -> None:
    """T47. The token of another device or session, none, or another origin: nothing happens."""
    browser, thief = logged_in(attacked), logged_in(attacked)
    form = {"new": "một câu của kẻ trộm", "again": "một câu của kẻ trộm", "current": PASSWORD}
    good = browser.asked("POST", "/account/password", {**form, "csrf": browser.token("/account/password")})
    bad = [
        browser.asked("POST", "/account/password", form),
        browser.asked("POST", "/account/password", {**form, "csrf": thief.token("/account/password")}),
        replace(good, headers={**good.headers, "Origin": "https://evil.example"}),
        replace(good, headers={**good.headers, "Origin": "null"}),
        replace(good, headers={name: value for name, value in good.headers.items() if name != "Origin"}),
    ]
    assert [asked.send().status for asked in bad] == [403] * len(bad)
    assert browser.is_in()
    assert not re.search("evil", good.send().headers["location"])
