"""A clock that is set back, as by a time server after a wrong start: nobody waits the correction out."""

import pytest
from backend_kit import World

from backend import outbox

BACK_S = 3600


@pytest.fixture
def past(world: World) -> World:
    """A world in which a code was sent before the clock went back by an hour."""
    talk = world.talk().open()
    assert talk.send().status_code == 200
    world.clock.advance(-BACK_S)
    return world


def test_a_code_from_before_is_still_good_and_good_once(past: World) -> None:
    talk = past.talk()
    assert talk.answer(past.code()) == "right"
    assert talk.submit().status_code == 200
    assert talk.submit().json()["code"] == "draft_closed"
    assert past.rows("SELECT count(*) FROM audit WHERE event = 'password_reset'")[0][0] == 1


def test_another_code_may_be_asked_for_and_then_the_wait_holds_again(past: World) -> None:
    talk = past.talk()
    assert talk.send().status_code == 200
    again = talk.send()
    assert again.json()["code"] == "too_soon" and again.json()["retry_after_s"] <= 60


def test_wrong_answers_from_before_still_count(past: World) -> None:
    talk = past.talk()
    code = past.code()
    wrong = "000000" if code != "000000" else "111111"
    assert [talk.answer(wrong) for _ in range(3)] == ["wrong"] * 3
    past.clock.advance(-BACK_S)
    assert talk.answer(code) == "dead"


def test_a_message_from_before_leaves_at_once_and_its_retries_wait(world: World) -> None:
    message = outbox.Message("email", "a@example.com", "s", "b")
    with world.core.writing() as unit:
        outbox.post(world.core, unit, message, kind="notice", reference="r", not_after=None)
        unit.posted.clear()
    world.clock.advance(-BACK_S)
    claimed = outbox.claim(world.core, "one")
    assert claimed is not None
    assert outbox.claim(world.core, "two") is None, "it is leased"
    outbox.mark_failed(world.core, claimed, "one")
    assert outbox.claim(world.core, "two") is None
    world.clock.advance(outbox.DELAYS_S[0])
    assert outbox.claim(world.core, "two") is not None


def test_the_lease_of_a_sender_that_died_before_does_not_hold_the_message(world: World) -> None:
    message = outbox.Message("email", "a@example.com", "s", "b")
    with world.core.writing() as unit:
        outbox.post(world.core, unit, message, kind="notice", reference="r", not_after=None)
        unit.posted.clear()
    assert outbox.claim(world.core, "died") is not None
    world.clock.advance(-BACK_S)
    with world.core.writing() as unit:
        unit.conn.exec_driver_sql("UPDATE outbox SET next_at = 0")
    assert outbox.claim(world.core, "another") is not None
