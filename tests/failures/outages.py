"""What every outage is measured by, whichever program fails and however: told, nothing unverified, resumed, done once."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.failures.go_between import Asked
from tests.failures.person import ONCE, OTP, START, Moment, Person

GO_ON = {"vi": "tiếp tục", "en": "go on"}


def submits(asked: Asked) -> bool:
    """Tell whether Rasa asks for the last step."""
    return b'"next_action": "action_forgot_password_submit"' in asked.body


def validates(asked: Asked) -> bool:
    """Tell whether Rasa asks for a step of the form."""
    return b'"next_action": "validate_forgot_password_form"' in asked.body


def slow_but(cases: Iterable[Any], *quick: Any) -> list[Any]:
    """Return cases to parametrize with: all but the quick ones belong to the slow proofs."""

    def values(case: Any) -> tuple[Any, ...]:
        return case if isinstance(case, tuple) else (case,)

    return [pytest.param(*values(case), marks=[] if case in quick else pytest.mark.prove) for case in cases]


def is_told_and_goes_on(person: Person, moment: Moment, outage: AbstractContextManager[None], late: bool = False) -> None:
    """Play an outage at a moment: one sentence, nothing unverified, and afterwards the same form to a real reset.

    `late` says that what was asked during the outage may happen after it: the form then stands one question further.
    """
    person.comes_to(moment)
    said = person.filled_in(moment.says)
    with outage:
        person.is_told(said)
    assert person.has("password_reset") == 0
    assert person.mails()["passwords"] == 0
    heard = comes_back(person, moment)
    if moment is not START and not late:
        assert heard[-1] == moment.asked
    ends_well_whatever_is_heard(person, heard)


def comes_back(person: Person, moment: Moment) -> list[str]:
    """Go on when the part is back: with a word that gives nothing in a form, with the same words before there is one."""
    return person.hears(moment.says if moment is START else person.greeting)


def ends_well_whatever_is_heard(person: Person, heard: list[str]) -> None:
    """Answer what is asked until the reset is done; every effect is there once."""
    person.finishes(heard)
    assert person.has("password_reset") == 1
    assert person.mails() == ONCE


def is_not_told_the_contrary(person: Person, outage: AbstractContextManager[None]) -> None:
    """Play an outage in which only the last step fails: its fate is called unknown, and the next word settles it."""
    person.comes_to(OTP)
    with outage:
        assert person.is_told("$otp") == ["utter_forgot_password_unconfirmed"]
    assert person.hears(GO_ON[person.lang]) == ["utter_forgot_password_done"]
    assert person.has("password_reset") == 1
    assert person.mails() == ONCE
