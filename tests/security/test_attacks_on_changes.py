"""Attacks on the details on file: old proofs, addresses swapped under a proof, races for one address (T45, T46)."""

from collections import Counter

import pytest

from tests.security.attack_calls import Browser, Caller, burst
from tests.security.attack_stage import Person, Stage

LONG = pytest.mark.prove
PASSWORD = "một câu rất dài của riêng tôi"


def proving(stage: Stage, person: Person, new: str, **kwargs: str) -> Caller:
    """A change of the email whose first proof, the phone on file, is given."""
    caller = Caller(stage, "change_info", **kwargs).put(code=person.code, what="email", proof="phone", email=new)
    assert caller.send().status == 200
    assert caller.answer(stage.code(person.phone)) == "right"
    return caller


def fresh(stage: Stage) -> str:
    """An address nobody has."""
    return f"fresh.{stage.number()}@example.com"


def requested(stage: Stage, person: Person) -> list[str]:
    """The values that officers would be asked to put on file."""
    rows = stage.rows("SELECT id, value_sealed FROM change_requests WHERE account_id = :a AND state = 'open'", a=person.id)
    return [stage.core.keys.unseal(sealed, table="change_requests", column="value", row=row_id) for row_id, sealed in rows]


def test_a_session_alone_changes_no_detail(attacked: Stage) -> None:
    """T45. The account page has no such form; a change needs codes of its own from an address on file."""
    person = attacked.person(password=PASSWORD)
    browser = Browser(attacked)
    assert browser.login(person.code, PASSWORD).status == 303
    for path in ("/account/email", "/account/phone", "/account/profile", "/account/"):
        answer = browser.asked("POST", path, {"email": "thief@example.com", "csrf": browser.token("/account/")}).send()
        assert answer.status in (404, 405), path
    assert browser.is_in()
    assert requested(attacked, person) == []


@pytest.mark.parametrize(("wait_s", "ends"), [(540, True), (601, False)])
def test_an_old_proof_changes_nothing(attacked: Stage, wait_s: int, ends: bool) -> None:
    """T45. The proof of the address on file is at most ten minutes old when the change is asked for."""
    person, new = attacked.person(), fresh(attacked)
    caller = proving(attacked, person, new)
    attacked.advance(wait_s - 30)
    assert caller.send().status == 200
    attacked.advance(30)
    result = caller.answer(attacked.code(new))
    assert result == "right" or not ends
    answer = caller.submit()
    assert (answer.status == 200) == ends
    assert requested(attacked, person) == ([new] if ends else [])


def test_an_address_swapped_after_its_code_is_not_changed_to(attacked: Stage) -> None:
    """T46."""
    person, first, second = attacked.person(), fresh(attacked), fresh(attacked)
    caller = proving(attacked, person, first)
    assert caller.send().status == 200
    assert caller.answer(attacked.code(first)) == "right"
    assert caller.call("PUT", "/fields/email", {"value": second}).status == 200
    assert caller.submit().code == "not_verified"
    assert caller.answer(attacked.code(first)) == "dead"
    assert caller.send().status == 200
    assert caller.submit().code == "not_verified"
    assert caller.answer(attacked.code(second)) == "right"
    assert caller.submit().status == 200 and requested(attacked, person) == [second]


def test_the_owner_of_another_account_cannot_be_swapped_in(attacked: Stage) -> None:
    """T46. With every proof given for the own account, the code of a victim's is put into the draft."""
    person, victim, new = attacked.person(), attacked.person(), fresh(attacked)
    for task in ("change_info", "add_email"):
        caller = Caller(attacked, task).put(code=person.code, email=new)
        if task == "change_info":
            caller.put(what="email", proof="phone")
        for address in (person.phone, new):
            assert caller.send().status == 200
            assert caller.answer(attacked.code(address)) == "right"
        assert caller.call("PUT", "/fields/code", {"value": victim.code}).status == 200
        assert caller.submit().code == "not_verified"
        assert caller.call("PUT", "/fields/code", {"value": person.code}).status == 200
        assert caller.submit().code == "not_verified", "what was proved before is over"
        new = fresh(attacked)
    assert requested(attacked, victim) == [] == requested(attacked, person)


def race_of_addresses(stage: Stage) -> None:
    """The proof of one address and the writing of another start at one moment, then the end is asked for many times."""
    person, first, second = stage.person(), fresh(stage), fresh(stage)
    caller = proving(stage, person, first)
    assert caller.send().status == 200
    code = stage.code(first)
    answers = burst(
        [
            caller.asked("POST", "/otp/answers", {"code": code}),
            caller.asked("PUT", "/fields/email", {"value": second}),
            *(caller.asked("POST", "/submit") for _ in range(6)),
        ]
    )
    assert {answer.status for answer in answers} <= {200, 409}
    caller.submit()
    assert requested(stage, person) in ([], [first]), "only the address whose own code was entered"
    assert Counter(answer.status for answer in answers[2:])[200] <= 1


def test_a_race_of_proof_and_address_never_confirms_the_other_one(attacked: Stage) -> None:
    """T46."""
    race_of_addresses(attacked)


@LONG
@pytest.mark.timeout(900)
def test_thirty_races_of_proof_and_address_confirm_no_other_one(attacked: Stage) -> None:
    """T46."""
    for _ in range(30):
        race_of_addresses(attacked)


def test_two_accounts_may_ask_for_one_address_and_each_proves_it(attacked: Stage) -> None:
    """T46. Families share a mailbox, so both requests stand and officers decide; neither fails oddly, none without a code."""
    people, new = [attacked.person(), attacked.person()], fresh(attacked)
    callers = [proving(attacked, person, new) for person in people]
    for caller in callers:
        assert caller.send().status == 200
        assert caller.answer(attacked.code(new)) == "right"
    answers = burst([caller.asked("POST", "/submit") for caller in callers])
    assert [answer.status for answer in answers] == [200, 200]
    assert [requested(attacked, person) for person in people] == [[new], [new]]


def test_two_changes_of_one_detail_at_once_leave_one_open(attacked: Stage) -> None:
    """T46. The newer request replaces the older, never a failure."""
    person = attacked.person()
    news = [fresh(attacked), fresh(attacked)]
    callers = [proving(attacked, person, new) for new in news]
    for caller, new in zip(callers, news, strict=True):
        assert caller.send().status == 200
        assert caller.answer(attacked.code(new)) == "right"
    answers = burst([caller.asked("POST", "/submit") for caller in callers])
    assert [answer.status for answer in answers] == [200, 200]
    assert requested(attacked, person) in ([news[0]], [news[1]])
    account = attacked.one("SELECT email_index FROM accounts WHERE id = :i", i=person.id)
    assert account == attacked.core.keys.mac("index-email", person.email), "until an officer confirms, the old data rules"
