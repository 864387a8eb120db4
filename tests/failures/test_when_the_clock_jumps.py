"""Time that leaps in the middle of a reset, as after a suspended machine or a corrected clock."""

from collections.abc import Callable

import pytest

from tests.failures.outages import ends_well_whatever_is_heard, slow_but
from tests.failures.person import CODE, EMAIL, MOMENTS, ONCE, OTP, START, Moment, Person
from tests.programs import Programs

Somebody = Callable[..., Person]
PAST_THE_CODE_S = 301
PAST_A_VOUCHER_S = 601
PAST_A_DRAFT_S = 1801


@pytest.mark.parametrize("moment", slow_but([CODE, EMAIL], EMAIL), ids=str)
@pytest.mark.parametrize("seconds", slow_but([PAST_THE_CODE_S, PAST_A_VOUCHER_S], PAST_A_VOUCHER_S))
def test_a_jump_short_of_a_drafts_life_changes_nothing(
    programs: Programs, somebody: Somebody, moment: Moment, seconds: int
) -> None:
    """A voucher is made for each message, so that its ten minutes never end a conversation."""
    person = somebody(moment.lang)
    person.comes_to(moment)
    programs.advance(seconds)
    ends_well_whatever_is_heard(person, person.hears(moment.says))


def test_a_jump_past_the_codes_life_makes_it_worthless_and_another_one_is_sent(programs: Programs, somebody: Somebody) -> None:
    person = somebody()
    person.comes_to(OTP)
    code = person.filled_in("$otp")
    programs.advance(PAST_THE_CODE_S)
    assert person.hears(code) == ["utter_otp_expired", "utter_ask_forgot_password_otp"]
    assert person.has("password_reset") == 0
    assert person.names(person.chat.press("Gửi lại mã"))[0] == "utter_forgot_password_otp_sent"
    person.finishes(person.hears("$otp"))
    assert person.has("password_reset") == 1
    assert person.mails() == {**ONCE, "codes": 2}


@pytest.mark.parametrize("moment", slow_but(MOMENTS, OTP), ids=str)
def test_a_jump_past_the_sessions_life_ends_it_and_nothing_is_done(
    programs: Programs, somebody: Somebody, moment: Moment
) -> None:
    person = somebody(moment.lang)
    person.comes_to(moment)
    said = person.filled_in(moment.says)
    programs.advance(PAST_A_DRAFT_S)
    refused = person.chat.post(text=said)
    assert refused.status_code == 401 and refused.json()["error"]["code"] == "no_session"
    assert person.has("password_reset") == 0 and person.mails()["passwords"] == 0


@pytest.mark.prove
def test_a_jump_while_rasa_is_down_is_noticed_when_it_is_back(programs: Programs, somebody: Somebody) -> None:
    """The other programs keep their time where Rasa cannot see it."""
    person = somebody()
    person.comes_to(START)
    programs.kill("rasa")
    programs.advance(PAST_A_DRAFT_S)
    programs.start("rasa")
    assert person.chat.post(text="xin chào").status_code == 401
