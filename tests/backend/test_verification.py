"""What a verification is worth: for how long, for which account, and what others can tell from it."""

import pytest
from backend_kit import LAN, World
from sqlalchemy import text

from backend import retention, submission
from backend.errors import NotVerified
from backend.tasks import TASKS

TASK = TASKS["forgot_password"]
LOCKED = "UPDATE accounts SET status = 'locked'"


def change(world: World, statement: str) -> None:
    with world.core.database.write() as conn:
        conn.execute(text(statement))


def test_who_gave_only_a_code_cannot_tell_that_its_owner_resets(world: World) -> None:
    known = world.talk("known").open(email="nobody@example.com")
    unknown = world.talk("unknown").open(code="7911111111", email="nobody@example.com")
    for talk in (known, unknown):
        talk.send()
    corrected = world.talk("corrected").open()
    corrected.send()
    corrected.call("PUT", "/fields/email", {"value": "nobody@example.com"})
    world.reset("owner")
    assert known.draft()["state"] == unknown.draft()["state"] == corrected.draft()["state"] == "open"
    assert known.draft()["otp"] == unknown.draft()["otp"]


def test_a_verification_lives_ten_minutes_however_busy_the_draft_is(world: World) -> None:
    talk = world.verified()
    world.clock.advance(599)
    assert talk.call("PUT", "/consent", {}).json()["otp"]["state"] == "verified"
    world.clock.advance(1)
    hashes = world.core.hasher.calls
    refused = talk.submit()
    assert (refused.status_code, refused.json()["code"]) == (409, "not_verified")
    assert world.core.hasher.calls == hashes and talk.draft()["otp"]["state"] == "none"
    assert talk.send().json()["otp"]["state"] == "sent"
    assert talk.answer(world.code()) == "right" and talk.submit().status_code == 200


def test_the_transaction_itself_looks_at_the_age(world: World) -> None:
    talk = world.verified()
    prepared = submission.prepare(world.core, talk.sender, TASK)
    assert prepared is not None
    world.clock.advance(600)
    with pytest.raises(NotVerified), world.core.writing() as unit:
        submission.submit(world.core, unit, talk.sender, TASK, prepared)


def test_a_verification_without_its_moment_is_worth_nothing(world: World) -> None:
    talk = world.verified()
    change(world, "UPDATE challenges SET verified_at = NULL")
    assert talk.submit().status_code == 409


@pytest.mark.parametrize("what", ["locked", "moved"])
def test_a_failed_redemption_ends_the_verification_for_good(world: World, what: str) -> None:
    talk = world.verified()
    change(world, LOCKED) if what == "locked" else world.move("another@example.com")
    for _ in range(2):
        assert talk.call("POST", "/submit", {}, key="again").json()["code"] == "not_verified"
    assert talk.draft()["otp"]["state"] == "dead"
    change(world, "UPDATE accounts SET status = 'active'")
    world.move(LAN[1])
    assert talk.submit().status_code == 409
    world.clock.advance(60)
    assert talk.send().json()["otp"]["state"] == "sent"
    assert talk.answer(world.code()) == "right" and talk.submit().status_code == 200


def test_after_a_failed_redemption_a_locked_account_gets_a_decoy(world: World) -> None:
    talk = world.verified()
    change(world, LOCKED)
    talk.submit()
    world.clock.advance(60)
    mails = len(world.outbox())
    assert talk.send().json()["otp"]["state"] == "sent" and len(world.outbox()) == mails
    assert world.rows("SELECT account_id FROM challenges WHERE state = 'sent'") == [("",)]


def test_an_email_changed_after_the_code_was_sent_makes_the_right_code_wrong(world: World) -> None:
    talk = world.talk().open()
    talk.send()
    world.move("another@example.com")
    assert talk.answer(world.code()) == "wrong"


def test_a_task_that_closes_redeems_nothing_until_it_opens(world: World) -> None:
    talk = world.verified()
    settings = world.core.settings
    world.core.settings = settings.model_copy(update={"closed": "forgot_password"})
    refused = talk.submit()
    assert (refused.status_code, refused.json()["code"]) == (503, "closed")
    world.core.settings = settings
    assert talk.submit().status_code == 200


def test_the_wait_that_is_named_is_enough_and_not_too_long(world: World) -> None:
    talks = [world.talk(f"n{number}").open() for number in range(5)]
    for talk in talks:
        talk.send()
        world.clock.advance(7)
    for talk in talks:
        for _ in range(3):
            talk.answer("abcdef")
            world.clock.advance(11)
    wait = world.talk("next").open().send().json()["retry_after_s"]
    world.clock.advance(wait - 1)
    last = world.talk("next").open().send()
    assert last.json()["code"] == "daily_limit" and last.json()["retry_after_s"] == 1
    world.clock.advance(1)
    assert world.talk("next").open().send().status_code == 200


def test_a_sweep_refills_no_daily_counter(world: World) -> None:
    for number in range(5):
        world.talk(f"n{number}").open().send()
    world.clock.advance(86_399)
    retention.sweep(world.core)
    assert world.talk("sixth").open().send().json()["code"] == "daily_limit"


def test_a_sweep_erases_the_values_of_idle_drafts(world: World) -> None:
    world.talk().open()
    world.clock.advance(1799)
    retention.sweep(world.core)
    assert world.talk().draft()["fields"] != {}
    world.clock.advance(1)
    retention.sweep(world.core)
    assert world.rows("SELECT state, fields_sealed, code_index FROM drafts") == [("expired", None, None)]


@pytest.mark.parametrize("part", ["channel", "sender", "conversation"])
def test_an_idempotency_key_belongs_to_channel_sender_and_conversation(world: World, part: str) -> None:
    from dataclasses import replace

    talk = world.talk()
    assert talk.call("PUT", "", {}, key="k").status_code == 200
    talk.sender = replace(talk.sender, **{part: "zalo"})
    assert talk.call("PUT", "", {}, key="k").status_code == 200
    assert world.rows("SELECT count(*) FROM drafts") == [(2,)]


@pytest.mark.parametrize("email", [LAN[1], "nobody@example.com"])
def test_asking_again_draws_no_better_lot_from_the_breaker(world: World, email: str) -> None:
    from backend import breaker

    with world.core.writing() as unit:
        breaker.count(unit, "web", issued=10_000, wrong=6_000)
    refused = 0
    for number in range(16):
        code = LAN[0] if email == LAN[1] and number == 0 else f"79111111{number:02d}"
        answers = [world.talk(f"n{number}-{again}").open(code, email).send().status_code for again in range(3)]
        assert answers in ([200] * 3, [503] * 3)
        refused += answers[0] == 503
    assert 0 < refused < 16
