"""Attacks on what is stored, and on the program while its parts fail: T61 to T64."""

import copy
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from backend import accounts, rotation
from tests.security.attack_calls import Browser, Caller, wrong
from tests.security.attack_stage import Stage
from tests.security.test_attacks_on_codes import asking, verified

LONG = pytest.mark.prove
PASSWORD = "một câu rất dài của riêng tôi"
PATIENCE_S = 30


def soon(happened: Callable[[], bool]) -> None:
    """Wait for what a thread of the workers does every second."""
    ends = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < ends, "it never happened"
        time.sleep(0.05)


SWAPS = {
    "a password moved to another account": (
        "UPDATE accounts SET password_sealed = (SELECT password_sealed FROM accounts WHERE id = :thief) WHERE id = :victim"
    ),
    "a profile moved to another account": (
        "UPDATE accounts SET profile_sealed = (SELECT profile_sealed FROM accounts WHERE id = :thief) WHERE id = :victim"
    ),
    "a profile moved into the password's column": "UPDATE accounts SET password_sealed = profile_sealed WHERE id = :victim",
    "a bit flipped": "UPDATE accounts SET password_sealed = overlay(password_sealed placing 'AAAA' from 40) WHERE id = :victim",
    "an unknown key named": "UPDATE accounts SET password_sealed = 'x' || substr(password_sealed, 2) WHERE id = :victim",
}


@pytest.mark.parametrize("how", list(SWAPS))
def test_a_value_moved_in_the_database_opens_nothing(attacked: Stage, how: str) -> None:
    """T61. The thief knows a password and puts its hash, or the own mailbox, under the victim's account."""
    thief, victim = attacked.person(password=PASSWORD), attacked.person()
    assert attacked.change(SWAPS[how], thief=thief.id, victim=victim.id) == 1
    browser = Browser(attacked)
    answer = browser.login(victim.code, PASSWORD)
    assert answer.status == 500 and not browser.session
    assert thief.name not in answer.text and "Traceback" not in answer.text
    for email in (thief.email, victim.email):
        assert Caller(attacked).put(code=victim.code, email=email).send().status in (200, 500)
    attacked.settle()
    assert attacked.mail.to(thief.email) == []
    assert " Unreadable at " in attacked.logs(), "the log says that something does not open"
    assert victim.email not in attacked.logs() and PASSWORD not in attacked.logs()


@LONG
def test_keys_change_while_people_are_served(attacked: Stage) -> None:
    """T61. One worker writes with the new key while the others write with the old one; everything is made anew meanwhile.

    Nobody who was known is unknown for a moment, no code is lost, and the old key is needed no more.
    """
    old, new = attacked.environment["BACKEND_KEY"].split(",")
    assert new == attacked.next_key
    person = attacked.person(password=PASSWORD)
    before = asking(attacked, person)
    code = attacked.code(person.email)
    both, only_new = attacked.core_with(BACKEND_KEY=f"{new},{old}"), attacked.core_with(BACKEND_KEY=new)
    with attacked.another_worker(BACKEND_KEY=f"{new},{old}") as worker:
        there = seen_through(attacked, worker.port)
        here = copy.copy(before)
        here.stage = there
        browser = Browser(there)
        assert browser.login(person.code, PASSWORD).status == 303
        unreadable = {one.table: one.unreadable for one in rotation.rotate(both)}
        assert browser.is_in(0)
        assert here.answer(code) == "right" and before.view()["otp"]["state"] == "verified"
        for stage in (attacked, there):
            found = Caller(stage).put(code=person.personal_id, email=person.email)
            assert found.send().status == 200 and found.answer(attacked.code(person.email)) == "right"
            assert Browser(stage).login(person.code, PASSWORD).status == 303
        assert here.submit().status == 200
    assert attacked.counted(person.id, "send") == 3, "neither key makes somebody else of a person"
    row = attacked.rows("SELECT profile_sealed, password_sealed, code_index FROM accounts WHERE id = :i", i=person.id)[0]
    assert row[2] == only_new.keys.mac("index-code", person.code) != attacked.core.keys.mac("index-code", person.code)
    assert all(sealed.startswith(f"{only_new.keys.current}.") for sealed in row[:2])
    with only_new.database.read() as conn:
        known = accounts.find(only_new, conn, person.code)
    assert known is not None and known.profile.email == person.email
    assert set(unreadable) == {sealed.table.name for sealed in rotation.SEALED}
    both.database.close()
    only_new.database.close()


@dataclass(frozen=True)
class Port:
    """A worker that is only a port."""

    port: int


def seen_through(stage: Stage, port: int) -> Stage:
    """The stage as it is, but all calls go to one worker."""
    other = copy.copy(stage)
    other.workers = [Port(port)]  # type: ignore[list-item]
    return other


def test_the_purge_leaves_nothing_old_and_hurts_nothing_alive(attacked: Stage) -> None:
    """T62. Values of idle drafts, answers, nonces, spoken passwords and counts go; a day's counts and living flows stay."""
    person = attacked.person()
    guessing = asking(attacked, person)
    assert guessing.answer("no code") == "wrong"
    attacked.advance(1_801)
    soon(lambda: attacked.one("SELECT state FROM drafts WHERE binding = :b", b=guessing.binding) == "expired")
    sealed = "SELECT fields_sealed IS NULL AND code_index IS NULL FROM drafts WHERE binding = :b"
    assert attacked.one(sealed, b=guessing.binding)
    living = asking(attacked, attacked.person())
    attacked.advance(20 * 3_600)
    living = asking(attacked, person)
    assert attacked.counted(person.id) == 1, "the purge refills no window"
    attacked.advance(1_700, everything=True)
    soon(lambda: attacked.one("SELECT count(*) FROM nonces WHERE at <= :t", t=attacked.core.clock.now() - 125) == 0)
    assert living.call("GET").json["fields"], "a living draft keeps its values"
    attacked.advance(31 * 86_400, everything=True)
    now = attacked.core.clock.now()
    soon(lambda: attacked.one("SELECT count(*) FROM outbox WHERE created_at <= :t", t=now - 30 * 86_400) == 0)
    leftovers = {
        "idempotency": ("created_at", 86_400),
        "tallies": ("at", 2 * 86_400),
        "breaker_buckets": ("starts_at", 2 * 86_400),
        "nonces": ("at", 120),
        "drafts": ("touched_at", 30 * 86_400),
        "spoken_passwords": ("expires_at", 0),
    }
    for table, (column, life_s) in leftovers.items():
        query = f"SELECT count(*) FROM {table} WHERE {column} <= :t"
        soon(lambda query=query, life_s=life_s: attacked.one(query, t=now - life_s - 60) == 0)
    assert attacked.one("SELECT count(*) FROM challenges c LEFT JOIN drafts d ON d.id = c.draft_id WHERE d.id IS NULL") == 0
    assert verified(attacked, person).submit().status == 200


ABSENT = (
    "/docs",
    "/redoc",
    "/openapi.json",
    "/metrics",
    "/demo/outbox",
    "/demo/outbox.json",
    "/demo/accounts/7900000001",
    "/demo/clock",
    "/demo/fail",
    "/.env",
    "/.git/config",
    "/v1",
    "/v1/drafts",
    "/v1/drafts/hotline_password",
    "/v1/drafts/second_device",
    "/v1/accounts",
    "/account/../v1/drafts/forgot_password",
    "/account/style.css/../../settings.py",
    "/static/%2e%2e/%2e%2e/etc/passwd",
)


@pytest.mark.parametrize("path", ABSENT)
def test_what_has_no_business_there_is_absent(attacked: Stage, path: str) -> None:
    """T63. Also to a caller whose signature is right."""
    caller = Caller(attacked)
    for method in ("GET", "POST", "PUT", "DELETE"):
        signed = caller.asked(method, target=path)
        for asked in (signed, replace(signed, headers={}, body=b"")):
            answer = asked.send()
            assert answer.status in (401, 404, 405), (method, path, answer.status)
            assert "Traceback" not in answer.text and "File " not in answer.text


def test_every_answer_is_uncached_and_boastless(attacked: Stage) -> None:
    """T63. Good ones and refusals, of the API and of the page; odd methods; no word about what runs here."""
    person = attacked.person()
    caller = asking(attacked, person)
    browser = Browser(attacked)
    answers = [
        caller.call("GET"),
        caller.guess("no code"),
        caller.submit(),
        caller.call("PUT", "/fields/code", {"value": "x"}),
        caller.call("PUT", "/fields/code", raw=b"{"),
        caller.call("GET", credential="x" * 40),
        caller.call("POST", "/otp", raw=b"x" * 20_000),
        browser.get("/account/login"),
        browser.get("/account/"),
        browser.login(person.code, "wrong"),
    ]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store", answer
        assert "server" not in answer.headers and "x-powered-by" not in answer.headers
        assert not re.search(r"uvicorn|fastapi|pydantic|python|sqlalchemy|postgres", answer.text, re.IGNORECASE)
    for method in ("TRACE", "CONNECT", "PROPFIND", "PATCH"):
        for target in ("/v1/drafts/forgot_password", "/account/login"):
            asked = caller.asked(method, target=target)
            assert replace(asked, body=b"").send().status in (400, 401, 404, 405), method
    ids = [row[0] for row in attacked.rows("SELECT id FROM accounts")] + [caller.challenge().id]
    assert not [one for answer in answers for one in ids if one in answer.text + json.dumps(answer.headers)]


def test_without_its_database_everything_is_refused_and_nothing_is_judged(attacked: Stage) -> None:
    """T64. 503 at once, no answer judged uncounted; and all recovers by itself."""
    person = attacked.person(password=PASSWORD)
    caller = asking(attacked, person)
    code = attacked.code(person.email)
    browser = Browser(attacked)
    assert browser.login(person.code, PASSWORD).status == 303
    token = browser.token("/account/login")
    stranger = browser.asked("POST", "/account/login", {"csrf": token, "code": person.code, "password": PASSWORD})
    with attacked.without_database():
        for worker in (0, 1):
            for method, path, body in (
                ("POST", "/otp/answers", {"code": code}),
                ("POST", "/otp/answers", {"code": wrong(code)}),
                ("POST", "/otp", {}),
                ("POST", "/submit", {}),
                ("GET", "", None),
            ):
                answer = caller.call(method, path, body, worker=worker)
                assert answer.status == 503 and answer.code == "busy" and "retry-after" in answer.headers
            assert browser.asked("GET", "/account/", worker=worker).send().status == 503
        assert stranger.send().status == 503
    soon(lambda: caller.call("GET").status == 200)
    assert caller.challenge().wrong == 0 and caller.challenge().state == "sent"
    assert [caller.answer(wrong(code)), caller.answer(code)] == ["wrong", "right"]
    assert caller.submit().status == 200 and attacked.password(person.email)


@LONG
@pytest.mark.parametrize("table", ["subjects", "tallies", "nonces", "idempotency", "challenges", "breaker_buckets"])
def test_a_table_that_cannot_be_written_lets_no_answer_pass(attacked: Stage, table: str) -> None:
    """T64. A limiter that cannot count refuses: the right code too, where that would have to be counted."""
    person = attacked.person()
    caller = asking(attacked, person)
    code = attacked.code(person.email)
    attacked.alter(f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        assert caller.guess(wrong(code)).status in (500, 503)
        if table != "breaker_buckets":  # a right answer is none of its business
            assert caller.guess(code).status in (500, 503)
    finally:
        attacked.alter(f"ALTER TABLE {table}_away RENAME TO {table}")
    assert caller.challenge().wrong == 0 and attacked.counted(person.id) == 0
    assert caller.answer(code) == "right"


def test_without_its_providers_nothing_is_lost(attacked: Stage) -> None:
    """T64. A reset goes through while the mail server refuses; the password comes when it is back."""
    person = attacked.person()
    caller = verified(attacked, person)
    with attacked.mail.that("refuses"), attacked.sms.that("dies"):
        assert caller.submit().status == 200
        attacked.settle()
        assert not [letter for letter in attacked.mail.to(person.email) if "tạm thời" in letter.subject]
    attacked.advance(30)
    assert Browser(attacked).login(person.code, attacked.password(person.email)).status == 303
    assert len(attacked.sms.to(person.phone)) == 1
