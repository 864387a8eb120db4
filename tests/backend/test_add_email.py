"""Add an email: the phone on file, the new mailbox, a request that an officer decides."""

import pytest
from backend_kit import LAN, Talk, World, wrong

BINH = "7900000002"
NEW = "binh.moi@example.com"


@pytest.fixture
def binh(world: World) -> Talk:
    """A conversation about an account with a phone and no email."""
    world.account(bhxh_code=BINH, phone="0900000002", email=None)
    return world.talk(task="add_email")


def to_the_mailbox(world: World, talk: Talk, code: str = BINH) -> Talk:
    """The phone is proved, and the new address given."""
    talk.put(code=code)
    assert talk.send().json()["otp"]["purpose"] == "add_email"
    assert talk.answer(world.code("sms")) == "right"
    assert talk.put(email=NEW).json()["otp"] | {"state": "none", "purpose": "add_email_new"} == talk.draft()["otp"]
    return talk


def test_an_email_comes_on_file_when_an_officer_confirms_it(world: World, binh: Talk) -> None:
    to_the_mailbox(world, binh)
    assert binh.send().status_code == 200
    assert world.outbox()[0]["to"] == NEW and binh.answer(world.code()) == "right"
    done = binh.submit().json()
    assert done["state"] == "done" and done["fields"] == {} and done["outcome"]["province"] == "Hồ Chí Minh"
    number = done["outcome"]["number"]
    assert world.record(BINH)["email"] is None
    world.officer_approves_change(number)
    assert world.record(BINH)["email"] == NEW
    told = [message["to"] for message in world.outbox() if number in message["body"]]
    assert sorted(told) == ["0900000002", "0900000002", NEW]


def test_neither_proof_alone_is_enough(world: World, binh: Talk) -> None:
    binh.put(code=BINH, email=NEW)
    assert binh.submit().json()["code"] == "not_verified"
    binh.send()
    assert binh.answer(world.code("sms")) == "right"
    assert binh.submit().json()["code"] == "not_verified"
    binh.send()
    assert binh.answer(wrong(world.code())) == "wrong"
    assert binh.submit().json()["code"] == "not_verified"
    assert world.rows("SELECT count(*) FROM change_requests") == [(0,)]


def test_another_email_drops_its_proof_and_keeps_the_phones(world: World, binh: Talk) -> None:
    to_the_mailbox(world, binh).send()
    assert binh.answer(world.code()) == "right"
    otp = binh.put(email="another@example.com").json()["otp"]
    assert (otp["purpose"], otp["state"]) == ("add_email_new", "none")
    assert binh.submit().json()["code"] == "not_verified"


def test_another_code_drops_both_proofs(world: World, binh: Talk) -> None:
    to_the_mailbox(world, binh).send()
    binh.answer(world.code())
    otp = binh.put(code=LAN[0]).json()["otp"]
    assert (otp["purpose"], otp["state"]) == ("add_email", "none")


def test_a_number_changed_three_days_ago_or_less_receives_no_code(world: World, binh: Talk) -> None:
    world.move(code=BINH, phone="+84900000009")
    world.clock.advance(72 * 3600 - 1)
    binh.put(code=BINH)
    assert binh.send().status_code == 200 and world.outbox() == []
    world.clock.advance(1)
    late = world.talk("late", task="add_email")
    late.put(code=BINH)
    assert late.send().status_code == 200 and world.outbox()[0]["to"] == "0900000009"


def test_a_newer_request_replaces_an_older_one(world: World, binh: Talk) -> None:
    for name in ("one", "two"):
        talk = to_the_mailbox(world, world.talk(name, task="add_email"))
        talk.send()
        talk.answer(world.code())
        assert talk.submit().status_code == 200
        world.clock.advance(61)
    assert world.rows("SELECT state FROM change_requests ORDER BY created_at") == [("replaced",), ("open",)]
    assert world.rows("SELECT value_sealed FROM change_requests WHERE state = 'replaced'") == [(None,)]


def test_a_reset_ends_an_open_request_and_what_was_proved_for_one(world: World) -> None:
    open_request = to_the_mailbox(world, world.talk("one", task="add_email"), LAN[0])
    open_request.send()
    open_request.answer(world.code())
    assert open_request.submit().status_code == 200
    world.clock.advance(61)
    half = to_the_mailbox(world, world.talk("two", task="add_email"), LAN[0])
    half.send()
    assert half.answer(world.code()) == "right"
    world.reset("owner")
    assert world.rows("SELECT state FROM change_requests") == [("withdrawn",)]
    assert half.submit().json()["code"] == "not_verified"
