"""Rasa killed in the middle of a turn, at instants that the go-between holds still: nothing silent, nothing twice."""

from collections.abc import Callable

import pytest

from tests.failures.go_between import PATIENCE_S, Failure, GoBetween
from tests.failures.outages import comes_back, ends_well_whatever_is_heard, slow_but, submits, validates
from tests.failures.person import MOMENTS, OTP, Moment, Person
from tests.failures.ways_to_fail import answers_late, hangs
from tests.programs import Programs

Somebody = Callable[..., Person]


def dies_in_mid_turn(programs: Programs, person: Person, between: GoBetween, moment: Moment, **held: object) -> None:
    """Kill Rasa while it waits for an action's answer, start it again: the person is asked for the message once more."""
    person.comes_to(moment)
    with between.failing(**held) as waits:  # type: ignore[arg-type]
        assert person.chat.post(text=person.filled_in(moment.says)).status_code == 202
        assert waits.wait(PATIENCE_S)
        programs.kill("rasa")
    programs.start("rasa")
    assert person.names(person.chat.wait()) == ["utter_message_lost"]
    person.chat.look()


@pytest.mark.prove
@pytest.mark.parametrize("moment", MOMENTS, ids=str)
@pytest.mark.parametrize("failure", [hangs, answers_late], ids=["before the effect", "after the effect"])
def test_a_step_under_way_is_asked_for_again(
    programs: Programs, somebody: Somebody, before_actions: GoBetween, failure: Failure, moment: Moment
) -> None:
    person = somebody(moment.lang)
    dies_in_mid_turn(programs, person, before_actions, moment, failure=failure, when=validates)
    assert person.has("password_reset") == 0
    ends_well_whatever_is_heard(person, comes_back(person, moment))


@pytest.mark.parametrize("failure", slow_but([hangs, answers_late], answers_late), ids=["before the effect", "after the effect"])
def test_a_reset_that_nobody_heard_of_is_told_at_the_next_word(
    programs: Programs, somebody: Somebody, before_actions: GoBetween, failure: Failure
) -> None:
    """The worst instant: the password is reset and mailed, and the dialogue forgot that it ever asked for it."""
    person = somebody(OTP.lang)
    dies_in_mid_turn(programs, person, before_actions, OTP, failure=failure, when=submits)
    assert person.has("password_reset") == (failure is answers_late)
    assert person.hears("go on") == ["utter_forgot_password_done"]
    ends_well_whatever_is_heard(person, ["utter_forgot_password_done"])
