"""Sending codes: what is stored, how often, how long."""

import re

import pytest
from backend_kit import LAN, World, wrong
from sqlalchemy import inspect


def test_the_code_is_stored_nowhere_but_in_the_sealed_message(world: World) -> None:
    world.talk().open().send()
    code = world.code()
    tables = inspect(world.core.database.engine).get_table_names()
    assert "outbox" in tables and "challenges" in tables
    stored = " ".join(str(row) for table in tables for row in world.rows(f"SELECT * FROM {table}"))
    assert not re.search(rf"(?<!\d){code}(?!\d)", stored)
    assert LAN[1] not in stored and LAN[0] not in stored and "0900000001" not in stored


def test_the_mail_names_the_action_and_holds_one_run_of_six_digits(world: World) -> None:
    for lang, words in (("vi", "BHXH không bao giờ hỏi"), ("en", "never asks for it")):
        world.talk(lang, lang=lang).open().send()
        body = world.outbox()[0]["body"]
        assert re.findall(r"\d{6,}", body) == [world.code()] and words in body
        assert "Lan" not in body and LAN[0] not in body


def test_a_code_dies_after_five_minutes(world: World) -> None:
    talk = world.talk().open()
    talk.send()
    code = world.code()
    world.clock.advance(299)
    assert talk.draft()["otp"]["expires_in_s"] == 1
    world.clock.advance(1)
    assert talk.answer(code) == "expired"


def test_expired_answers_count_as_tries(world: World) -> None:
    talk = world.talk().open()
    talk.send()
    code = world.code()
    world.clock.advance(300)
    assert [talk.answer(code) for _ in range(4)] == ["expired", "expired", "expired", "dead"]


def test_a_resend_makes_a_new_code_and_kills_the_old(world: World) -> None:
    talk = world.talk().open()
    talk.send()
    old = world.code()
    world.clock.advance(60)
    assert talk.send().status_code == 200
    new = world.code()
    assert old != new  # one in a million runs draws the same code twice
    assert talk.answer(old) == "wrong"
    assert talk.answer(new) == "right"


def test_a_resend_refills_no_tries(world: World) -> None:
    talk = world.talk().open()
    talk.send()
    bad = wrong(world.code())
    assert talk.answer(bad) == "wrong" and talk.answer(bad) == "wrong"
    world.clock.advance(60)
    view = talk.send().json()
    assert view["otp"]["tries_left"] == 1 and view["otp"]["resends_left"] == 1
    assert talk.answer(wrong(world.code())) == "wrong"
    assert talk.answer(world.code()) == "dead"


def test_sixty_seconds_lie_between_two_sends(world: World) -> None:
    talk = world.talk().open()
    assert talk.send().json()["otp"]["resend_in_s"] == 60
    world.clock.advance(59)
    refused = talk.send()
    assert (refused.status_code, refused.json()["code"]) == (429, "too_soon")
    assert refused.headers["Retry-After"] == "1" and refused.json()["retry_after_s"] == 1
    assert refused.headers["content-type"] == "application/problem+json"
    world.clock.advance(1)
    assert talk.send().status_code == 200


def test_a_challenge_has_two_resends(world: World) -> None:
    talk = world.talk().open()
    for left in (2, 1, 0):
        assert talk.send().json()["otp"]["resends_left"] == left
        world.clock.advance(60)
    assert talk.send().json()["code"] == "send_limit"
    assert len([m for m in world.outbox() if "xác thực" in m["subject"]]) == 3


@pytest.mark.parametrize("email", [LAN[1], "nobody@example.com"])
def test_an_account_gets_five_codes_a_day_whoever_asks(world: World, email: str) -> None:
    for number in range(5):
        assert world.talk(f"n{number}").open(email=email).send().status_code == 200
    refused = world.talk("sixth", channel="zalo").open(email=email).send()
    assert (refused.status_code, refused.json()["code"]) == (429, "daily_limit")
    assert refused.json()["retry_after_s"] == 86_400
    world.clock.advance(86_400)
    assert world.talk("next").open(email=email).send().status_code == 200


def test_a_verified_draft_sends_no_further_code(world: World) -> None:
    talk = world.verified()
    before = len(world.outbox())
    assert talk.send().json()["otp"]["state"] == "verified"
    assert len(world.outbox()) == before


def test_missing_fields_are_named(world: World) -> None:
    talk = world.talk()
    talk.call("PUT")
    assert talk.send().json()["missing"] == ["code", "email"]
    talk.call("PUT", "/fields/code", {"value": LAN[0]})
    refused = talk.send()
    assert (refused.status_code, refused.json()["code"], refused.json()["missing"]) == (409, "missing_fields", ["email"])


@pytest.mark.parametrize(
    "typed", ["7900000001", "79 0000.0001", "7900-000-001", "７９００００００01", "GD4797900000001", "079190000001"]
)
def test_every_way_to_write_the_code_finds_the_account(world: World, typed: str) -> None:
    world.account(bhxh_code=LAN[0], email=LAN[1], personal_id="079190000001")
    talk = world.talk().open(code=typed, email="LAN.Nguyen@Example.com ")
    talk.send()
    assert talk.answer("".join(chr(ord(digit) + 0xFEE0) for digit in world.code())) == "right"


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("code", "12345", "length"),
        ("code", "79000000ab", "not_a_code"),
        ("email", "lan", "not_an_email"),
        ("email", "a@example.com\r\nBcc: b@example.com", "not_an_email"),
        ("email", "mıke@example.com", "not_an_email"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_reason(world: World, field: str, typed: str, reason: str) -> None:
    talk = world.talk()
    talk.call("PUT")
    refused = talk.call("PUT", f"/fields/{field}", {"value": typed})
    assert (refused.status_code, refused.json()["field"], refused.json()["reason"]) == (422, field, reason)
    assert typed == "lan" or typed not in refused.text


def test_two_drafts_in_a_second_do_not_mix(world: World) -> None:
    talk = world.talk().open()
    talk.call("DELETE")
    talk.call("PUT")
    assert talk.draft()["state"] == "open"


def test_a_closed_task_says_so(world: World) -> None:
    begun = world.talk().open()
    world.limit(closed="forgot_password")
    assert begun.send().json()["code"] == "closed"
    assert world.talk("another").call("PUT").json()["code"] == "closed"
