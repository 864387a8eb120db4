"""Rasa killed in the middle of a turn, at instants that the go-between holds still: played again, never silent, never twice."""

from collections.abc import Callable

import pytest

from tests.failures.go_between import PATIENCE_S, Failure, GoBetween
from tests.failures.outages import slow_but, submits, validates
from tests.failures.person import MOMENTS, ONCE, OTP, Moment, Person
from tests.failures.ways_to_fail import answers_late, hangs
from tests.programs import Programs

Somebody = Callable[..., Person]
MOST_TRIES = 3
"""As `assistant/stores/inbox.py` has it."""
BROKEN_OFF = [hangs, answers_late]
BEFORE_OR_AFTER = ["before the effect", "after the effect"]


def dies_in_mid_turn(programs: Programs, between: GoBetween, send: Callable[[], None], **held: object) -> None:
    """Kill Rasa while it waits for an action's answer to what `send` sends, and start it again."""
    with between.failing(**held) as waits:  # type: ignore[arg-type]
        send()
        assert waits.wait(PATIENCE_S)
        programs.kill("rasa")
    programs.start("rasa")


def says(person: Person, moment: Moment) -> None:
    """Send what the person says at that moment, without waiting for an answer."""
    assert person.chat.post(text=person.filled_in(moment.says)).status_code == 202


@pytest.mark.prove
@pytest.mark.parametrize("moment", MOMENTS, ids=str)
@pytest.mark.parametrize("failure", BROKEN_OFF, ids=BEFORE_OR_AFTER)
def test_a_step_under_way_is_played_again(
    programs: Programs, somebody: Somebody, before_actions: GoBetween, failure: Failure, moment: Moment
) -> None:
    person = somebody(moment.lang)
    person.comes_to(moment)
    dies_in_mid_turn(programs, before_actions, lambda: says(person, moment), failure=failure, when=validates)
    person.finishes(person.names(person.chat.wait()))
    assert person.has("password_reset") == 1 and person.mails() == ONCE


@pytest.mark.parametrize("failure", slow_but(BROKEN_OFF, answers_late), ids=BEFORE_OR_AFTER)
def test_a_reset_that_nobody_heard_of_is_told_without_a_further_word(
    programs: Programs, somebody: Somebody, before_actions: GoBetween, failure: Failure
) -> None:
    """The worst instant: the password is reset and mailed, and the dialogue forgot that it ever asked for it."""
    person = somebody(OTP.lang)
    person.comes_to(OTP)
    dies_in_mid_turn(programs, before_actions, lambda: says(person, OTP), failure=failure, when=submits)
    assert person.names(person.chat.wait()) == ["utter_forgot_password_done"]
    assert person.has("password_reset") == 1 and person.mails() == ONCE


@pytest.mark.prove
def test_a_message_that_never_gets_to_its_end_is_given_up_and_asked_for_again(
    programs: Programs, somebody: Somebody, before_actions: GoBetween
) -> None:
    """Or one that kills the process would keep it from ever serving anybody."""
    person = somebody(OTP.lang)
    person.comes_to(OTP)
    with before_actions.failing(hangs, when=submits) as waits:
        says(person, OTP)
        assert waits.wait(PATIENCE_S)
        programs.kill("rasa")
    for _ in range(MOST_TRIES - 1):
        with before_actions.failing(hangs, when=submits) as waits:
            programs.start("rasa")
            assert waits.wait(PATIENCE_S)
            programs.kill("rasa")
    programs.start("rasa")
    assert person.names(person.chat.wait()) == ["utter_message_lost"]
    person.finishes(person.hears("$otp"))
    assert person.mails() == ONCE
