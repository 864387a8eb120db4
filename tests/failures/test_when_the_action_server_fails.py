"""The action server dead, frozen, slow or babbling, at every step of a reset."""

from collections.abc import Callable

import httpx
import pytest

from tests.failures.go_between import Failure, GoBetween
from tests.failures.outages import is_not_told_the_contrary, is_told_and_goes_on, slow_but, submits, validates
from tests.failures.person import CODE, EMAIL, MOMENTS, OTP, START, Moment, Person
from tests.failures.ways_to_fail import GARBAGE, PERSONAL, breaks_off, hangs, loses_its_answer, works_too_late
from tests.programs import Programs

Somebody = Callable[..., Person]
SUBMIT_FAILS = {
    **GARBAGE,
    "breaks off": breaks_off,
    "hangs": hangs,
    "works too late": works_too_late,
    "loses its answer": loses_its_answer,
}


@pytest.mark.parametrize("moment", slow_but(MOMENTS, EMAIL), ids=str)
def test_a_killed_one_is_told_and_the_form_goes_on(programs: Programs, somebody: Somebody, moment: Moment) -> None:
    is_told_and_goes_on(somebody(moment.lang), moment, programs.without("actions"))


@pytest.mark.prove
@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_frozen_one_is_told_and_works_off_later_what_nobody_waits_for(
    programs: Programs, somebody: Somebody, moment: Moment
) -> None:
    is_told_and_goes_on(somebody(moment.lang), moment, programs.frozen("actions"), late=True)


@pytest.mark.parametrize("moment", slow_but(MOMENTS, START), ids=str)
def test_one_that_accepts_and_never_answers_is_told(somebody: Somebody, before_actions: GoBetween, moment: Moment) -> None:
    is_told_and_goes_on(somebody(moment.lang), moment, before_actions.failing(hangs))


@pytest.mark.prove
@pytest.mark.parametrize("moment", MOMENTS, ids=str)
@pytest.mark.parametrize("failure", [breaks_off, works_too_late, loses_its_answer], ids=lambda failure: failure.__name__)
def test_what_arrived_although_its_answer_did_not_happens_once(
    somebody: Somebody, before_actions: GoBetween, failure: Failure, moment: Moment
) -> None:
    is_told_and_goes_on(somebody(moment.lang), moment, before_actions.failing(failure), late=failure is not breaks_off)


def test_after_a_lost_answer_the_turn_does_nothing_more(somebody: Somebody, before_actions: GoBetween) -> None:
    """The backend took the right code, Rasa does not know it: the reset waits for the person's next word."""
    is_told_and_goes_on(somebody(OTP.lang), OTP, before_actions.failing(loses_its_answer, when=validates), late=True)


@pytest.mark.parametrize(
    ("how", "lang"),
    slow_but([(name, lang) for name in SUBMIT_FAILS for lang in ("vi", "en")], ("loses its answer", "vi")),
)
def test_a_reset_of_unknown_fate_is_called_unknown(somebody: Somebody, before_actions: GoBetween, how: str, lang: str) -> None:
    is_not_told_the_contrary(somebody(lang), before_actions.failing(SUBMIT_FAILS[how], when=submits))


@pytest.mark.parametrize(
    ("kind", "moment"),
    slow_but(
        [(kind, moment) for kind in GARBAGE for moment in MOMENTS],
        ("another shape", CODE),
        ("an error with personal values", EMAIL),
        ("without end", OTP),
    ),
    ids=str,
)
def test_garbage_is_told_and_never_shown_or_logged(
    programs: Programs, somebody: Somebody, before_actions: GoBetween, kind: str, moment: Moment
) -> None:
    is_told_and_goes_on(somebody(moment.lang), moment, before_actions.failing(GARBAGE[kind]))
    assert PERSONAL.split()[0] not in programs.log("rasa")


@pytest.mark.prove
@pytest.mark.parametrize("mode", ["down", "hang", "slow", "garbage"])
def test_every_fault_that_demo_mode_offers_is_real(programs: Programs, somebody: Somebody, mode: str) -> None:
    """`POST /demo/fail` for a person who tries things: "slow" answers after ten seconds, too late for anybody."""

    def switch(seconds: int) -> None:
        fault = {"part": "actions", "mode": mode, "seconds": seconds}
        httpx.post(f"{programs.backend_url}/demo/fail", json=fault, trust_env=False).raise_for_status()

    person = somebody()
    switch(60)
    try:
        assert person.is_told("tôi quên mật khẩu") == ["utter_system_busy"]
    finally:
        switch(0)
    person.finishes(person.hears("tôi quên mật khẩu"))


def test_what_needs_no_action_is_answered_all_the_same(somebody: Somebody, before_actions: GoBetween) -> None:
    person = somebody()
    with before_actions.failing(breaks_off):
        assert person.hears("bạn là người hay máy?") == ["utter_bot_challenge"]
