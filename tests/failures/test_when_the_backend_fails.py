"""The account backend dead, frozen, slow or babbling, at every step of a reset and at every call of a step."""

from collections.abc import Callable

import httpx
import pytest

from tests.failures.go_between import Asked, Failure, GoBetween
from tests.failures.outages import (
    comes_back,
    ends_well_whatever_is_heard,
    is_not_told_the_contrary,
    is_told_and_goes_on,
    slow_but,
)
from tests.failures.person import CODE, EMAIL, MOMENTS, OTP, START, Moment, Person
from tests.failures.ways_to_fail import GARBAGE, PERSONAL, breaks_off, hangs, loses_its_answer, works_too_late
from tests.hotline.turns import Caller, heard, spelled
from tests.programs import Programs

Somebody = Callable[..., Person]
CALLS = {
    "POST /v1/drafts/forgot_password/otp": EMAIL,
    "POST /v1/drafts/forgot_password/otp/answers": OTP,
    "PUT /v1/drafts/forgot_password": START,
    "PUT /v1/drafts/forgot_password/consent": CODE,
    "PUT /v1/drafts/forgot_password/fields/code": CODE,
    "PUT /v1/drafts/forgot_password/fields/email": EMAIL,
    "POST /v1/drafts/forgot_password/submit": OTP,
}
"""Every write of a reset, and the moment it belongs to."""
FROM_SUBMIT_ON = {**GARBAGE, "breaks off": breaks_off, "hangs": hangs, "works too late": works_too_late}
SUBMIT = "POST /v1/drafts/forgot_password/submit"


@pytest.mark.parametrize("moment", slow_but(MOMENTS, EMAIL), ids=str)
def test_a_killed_one_is_told_and_the_form_goes_on(programs: Programs, somebody: Somebody, moment: Moment) -> None:
    is_told_and_goes_on(somebody(moment.lang), moment, programs.without("backend"))


@pytest.mark.parametrize("moment", slow_but(MOMENTS), ids=str)
@pytest.mark.parametrize("failure", [breaks_off, hangs, works_too_late], ids=lambda failure: failure.__name__)
def test_one_that_does_not_answer_is_told_and_the_form_goes_on(
    somebody: Somebody, before_backend: GoBetween, failure: Failure, moment: Moment
) -> None:
    is_told_and_goes_on(somebody(moment.lang), moment, before_backend.failing(failure), late=failure is works_too_late)


@pytest.mark.prove
@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_frozen_one_works_off_later_what_nobody_waits_for(programs: Programs, somebody: Somebody, moment: Moment) -> None:
    person = somebody(moment.lang)
    person.comes_to(moment)
    said = person.filled_in(moment.says)
    with programs.frozen("backend"):
        person.is_told(said)
    ends_well_whatever_is_heard(person, comes_back(person, moment))


@pytest.mark.parametrize(
    ("call", "failure"),
    slow_but(
        [(call, failure) for call in CALLS for failure in (breaks_off, hangs, works_too_late, loses_its_answer)],
        ("POST /v1/drafts/forgot_password/otp", loses_its_answer),
        ("POST /v1/drafts/forgot_password/otp/answers", loses_its_answer),
    ),
)
def test_a_write_of_unknown_fate_has_its_effect_once(
    somebody: Somebody, before_backend: GoBetween, call: str, failure: Failure
) -> None:
    moment = CALLS[call]
    person = somebody(moment.lang)
    person.comes_to(moment)
    with before_backend.failing(failure, when=lambda asked: f"{asked.method} {asked.path}" == call):
        if call == SUBMIT and failure is loses_its_answer:
            heard = person.hears("$otp")
            assert heard == ["utter_forgot_password_done"]
        else:
            heard = person.is_told(moment.says)
    ends_well_whatever_is_heard(person, heard if "utter_forgot_password_done" in heard else comes_back(person, moment))


@pytest.mark.parametrize(
    ("how", "lang"),
    slow_but(
        [(how, lang) for how in ("breaks off", "hangs", "works too late", *GARBAGE) for lang in ("vi", "en")], ("hangs", "en")
    ),
)
def test_a_reset_of_unknown_fate_is_called_unknown(somebody: Somebody, before_backend: GoBetween, how: str, lang: str) -> None:
    from_submit_on = False

    def when(asked: Asked) -> bool:
        nonlocal from_submit_on
        from_submit_on = from_submit_on or asked.path.endswith("/submit")
        return from_submit_on

    is_not_told_the_contrary(somebody(lang), before_backend.failing(FROM_SUBMIT_ON[how], when=when))


@pytest.mark.parametrize(
    ("kind", "moment"),
    slow_but([(kind, moment) for kind in GARBAGE for moment in MOMENTS], ("another shape", CODE), ("half an answer", OTP)),
    ids=str,
)
def test_garbage_is_told_and_never_shown_or_logged(
    programs: Programs, somebody: Somebody, before_backend: GoBetween, kind: str, moment: Moment
) -> None:
    is_told_and_goes_on(somebody(moment.lang), moment, before_backend.failing(GARBAGE[kind]))
    assert PERSONAL.split()[0] not in programs.log("rasa") + programs.log("actions")


@pytest.mark.prove
@pytest.mark.parametrize("mode", ["down", "hang", "slow", "garbage"])
@pytest.mark.parametrize("part", ["backend", "database"])
def test_every_fault_that_demo_mode_offers_is_real(programs: Programs, somebody: Somebody, part: str, mode: str) -> None:
    """`POST /demo/fail` for a person who tries things; a garbled database is one that refuses."""

    def switch(seconds: int) -> None:
        fault = {"part": part, "mode": mode, "seconds": seconds}
        httpx.post(f"{programs.backend_url}/demo/fail", json=fault, trust_env=False).raise_for_status()

    person = somebody()
    person.comes_to(EMAIL)
    switch(60)
    try:
        person.is_told("$email")
    finally:
        switch(0)
    ends_well_whatever_is_heard(person, comes_back(person, EMAIL))


@pytest.mark.parametrize("failure", [breaks_off, pytest.param(hangs, marks=pytest.mark.prove)], ids=["breaks off", "hangs"])
def test_a_caller_is_told_and_key_8_leads_on_to_the_password(
    programs: Programs, before_backend: GoBetween, failure: Failure
) -> None:
    account = programs.new_account()
    call = Caller(programs, account["phone"])
    call.key("8")
    with before_backend.failing(failure, when=lambda asked: asked.path == "/v1/drafts/hotline_password/submit"):
        told = call.key(account["bhxh_code"])
    assert "chưa xác nhận" in heard(told) and "bấm 8" in heard(told) and told["gather"]["digits"] == 1
    password = call.key("8")
    assert len(set(spelled(password))) == 1
    assert account["bhxh_code"][-4:] not in heard(password), "nothing is read back"
    call.close()
