"""The whole reset, from the first field to the changed password."""

import re

from account_visitor import Visitor
from backend_kit import LAN, World, wrong
from sqlalchemy import text


def test_a_whole_reset_ends_with_a_temporary_password_that_must_be_changed(world: World) -> None:
    password = world.reset()
    visitor = Visitor(world)
    assert visitor.login(LAN[0], password).headers["location"].startswith("/account/?")
    assert visitor.get("/account/").headers["location"].startswith("/account/password")
    assert "tạm thời" in visitor.get("/account/password").text
    assert "note=changed" in visitor.change("một câu dài dễ nhớ").headers["location"]
    assert visitor.login(LAN[0], password).status_code == 401
    assert visitor.login(LAN[0], "một câu dài dễ nhớ").status_code == 303
    home = visitor.get("/account/")
    assert home.status_code == 200 and "••••0001" in home.text and LAN[0] not in home.text


def test_the_answers_of_a_whole_reset_hold_no_full_value_and_no_secret(world: World) -> None:
    talk = world.talk().open()
    texts = [talk.send().text, talk.call("POST", "/otp/answers", {"code": world.code()}).text, talk.submit().text]
    for text_ in texts:
        assert LAN[0] not in text_ and LAN[1] not in text_ and world.code() not in text_
        assert world.password() not in text_
    assert talk.draft()["state"] == "done" and talk.draft()["fields"] == {}


def test_nothing_is_redeemed_without_a_verified_challenge(world: World) -> None:
    talk = world.talk().open()
    assert talk.submit().json()["code"] == "not_verified"
    talk.send()
    assert talk.submit().json()["code"] == "not_verified"
    talk.answer(wrong(world.code()))
    assert talk.submit().status_code == 409


def test_a_challenge_verified_in_one_conversation_redeems_nothing_in_another(world: World) -> None:
    world.verified("one")
    other = world.talk("two").open()
    assert other.submit().json()["code"] == "not_verified"


def test_a_code_is_worth_nothing_in_another_conversation(world: World) -> None:
    world.talk("one").open().send()
    code = world.code()
    other = world.talk("two").open()
    other.send()
    assert other.answer(code) == "wrong" or world.code() == code


def test_an_account_locked_after_the_code_was_sent_redeems_nothing(world: World) -> None:
    talk = world.talk().open()
    talk.send()
    code = world.code()
    with world.core.database.write() as conn:
        conn.execute(text("UPDATE accounts SET status = 'locked'"))
    assert talk.answer(code) == "wrong"


def test_an_account_locked_after_verification_redeems_nothing(world: World) -> None:
    talk = world.verified()
    with world.core.database.write() as conn:
        conn.execute(text("UPDATE accounts SET status = 'locked'"))
    assert talk.submit().json()["code"] == "not_verified"
    assert not any("tạm thời" in message["subject"] for message in world.outbox())


def test_an_account_whose_email_changed_after_verification_redeems_nothing(world: World) -> None:
    talk = world.verified()
    world.move("another@example.com")
    assert talk.submit().json()["code"] == "not_verified"


def test_a_reset_ends_sessions_and_what_else_was_to_be_proved(world: World) -> None:
    visitor = Visitor(world)
    world.account(bhxh_code=LAN[0], email=LAN[1], phone="0900000001", password="mot cau rat dai")
    visitor.login(LAN[0], "mot cau rat dai")
    other = world.talk("two").open()
    other.send()
    other_code = world.code()
    world.reset("one")
    assert "note=ended" in visitor.get("/account/").headers["location"]
    assert other.answer(other_code) == "wrong"


def test_the_owner_is_told_on_every_channel_without_any_secret(world: World) -> None:
    password = world.reset()
    notices = [message for message in world.outbox() if password not in message["body"]]
    notices = [message for message in notices if not re.search(r"\d{6}", message["body"])]
    assert sorted((message["channel"], message["to"]) for message in notices) == [
        ("email", LAN[1]),
        ("sms", "0900000001"),
    ]


def test_a_reset_leaves_an_audit_row_without_personal_values(world: World) -> None:
    world.reset()
    events = world.client.get(f"/demo/accounts/{LAN[0]}").json()["audit"]
    assert [event["event"] for event in events] == ["password_reset"]


def test_a_temporary_password_dies_after_a_day_and_the_page_says_what_to_do(world: World) -> None:
    password = world.reset()
    world.clock.advance(86_400)
    answer = Visitor(world).login(LAN[0], password)
    assert answer.status_code == 401 and "hết hạn" in answer.text


def test_a_draft_expires_after_half_an_hour_and_a_new_one_opens(world: World) -> None:
    talk = world.talk().open()
    world.clock.advance(1800)
    assert talk.draft()["state"] == "expired" and talk.draft()["fields"] == {}
    assert talk.send().json()["code"] == "draft_closed"
    assert talk.call("PUT").json()["state"] == "open"
    assert world.rows("SELECT count(*) FROM drafts WHERE fields_sealed IS NOT NULL") == [(0,)]


def test_cancelling_erases_the_values_and_kills_the_code(world: World) -> None:
    talk = world.talk().open()
    talk.send()
    code = world.code()
    assert talk.call("DELETE").json()["state"] == "cancelled"
    assert talk.call("DELETE").status_code == 200
    assert talk.call("POST", "/otp/answers", {"code": code}).json()["code"] == "draft_closed"
    assert world.talk("nobody").call("DELETE").json()["code"] == "no_draft"
    assert talk.call("PUT").json()["fields"] == {}


def test_another_email_after_the_code_was_sent_drops_the_challenge(world: World) -> None:
    talk = world.talk().open()
    talk.send()
    code = world.code()
    changed = talk.call("PUT", "/fields/email", {"value": "x@example.com"}).json()
    assert changed["otp"]["state"] == "none"
    assert talk.answer(code) == "dead"
    same = world.talk("two").open()
    same.send()
    assert same.call("PUT", "/fields/email", {"value": LAN[1].upper()}).json()["otp"]["state"] == "sent"
