"""Attacks on one-time codes, over HTTP against two processes on one PostgreSQL (T01 to T19 of the catalogue)."""

import hashlib
import time
from collections import Counter
from email.utils import formatdate
from typing import Any

import pytest

from backend import challenges
from tests.security.attack_calls import Browser, Caller, burst, without, wrong
from tests.security.attack_stage import Person, Stage

MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
LONG = pytest.mark.prove
PASSWORD = "một câu rất dài của riêng tôi"


def asking(stage: Stage, person: Person, **kwargs: Any) -> Caller:
    """A conversation that has asked for a code to the person's mailbox."""
    caller = Caller(stage, **kwargs).put(code=person.code, email=person.email)
    answer = caller.send()
    assert answer.status == 200, answer.text
    return caller


def verified(stage: Stage, person: Person, **kwargs: Any) -> Caller:
    """A conversation whose code was answered right."""
    caller = asking(stage, person, **kwargs)
    assert caller.answer(stage.code(person.email)) == "right"
    return caller


def use_up(caller: Caller, results: Counter[str], most: int = 3) -> None:
    """Guess until the challenge is dead."""
    for _ in range(most):
        result = caller.answer("no code")
        results[result] += 1
        if result != "wrong":
            return


def chi_square(codes: list[str]) -> list[float]:
    """Of the digits at each place, against even odds."""
    even = len(codes) / 10
    counts = [Counter(code[place] for code in codes) for place in range(6)]
    return [sum((count[str(digit)] - even) ** 2 / even for digit in range(10)) for count in counts]


FAR_FROM_EVEN = 50.0
"""Chi-square of 9 degrees of freedom passes this in one of ten million fair samples."""


def assert_fair(codes: list[str]) -> None:
    """Six digits each, evenly spread, the leading one too."""
    assert {len(code) for code in codes} == {6} and all(code.isascii() and code.isdigit() for code in codes)
    assert max(chi_square(codes)) < FAR_FROM_EVEN
    assert len(set(codes)) > 0.9 * len(codes)


def test_codes_are_evenly_spread_and_may_begin_with_zero(attacked: Stage) -> None:
    """T01. Five thousand codes out of the function that makes them; through the mailbox in the long version."""
    assert_fair([challenges.new_code(attacked.core) for _ in range(5_000)])


@LONG
@pytest.mark.timeout(900)
def test_five_thousand_mailed_codes_are_evenly_spread(attacked: Stage) -> None:
    """T01."""
    people = [attacked.person() for _ in range(1_000)]
    for person in people:
        for _ in range(5):
            asking(attacked, person)
    attacked.settle()
    codes = [letter.codes[0] for person in people for letter in attacked.mail.to(person.email)]
    assert len(codes) == 5_000
    assert_fair(codes)


@pytest.mark.parametrize("spelled", [" {} ", "{:.3}-{:.0}", "full-width"])
def test_a_code_spelled_as_people_do_is_right(attacked: Stage, spelled: str) -> None:
    """T01."""
    person = attacked.person()
    caller = asking(attacked, person)
    code = attacked.code(person.email)
    if spelled == "full-width":
        typed = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    elif spelled == " {} ":
        typed = f" {code} "
    else:
        typed = f"{code[:3]}-{code[3:]}"
    assert caller.answer(typed) == "right"


def test_what_is_no_text_is_refused_uncompared_and_other_texts_count(attacked: Stage) -> None:
    """T01. Numbers, null, lists and objects never reach the comparison: they are refused like the malformed calls they are.

    Whatever a person can have typed counts, also where it cannot be a code.
    """
    person = attacked.person()
    caller = asking(attacked, person)
    code = attacked.code(person.email)
    for odd in (int(code), None, [code], {"code": code}, True):
        answer = caller.guess(odd)  # type: ignore[arg-type]
        assert answer.status == 422 and answer.code == "bad_request", odd
    assert caller.challenge().wrong == 0 and attacked.counted(person.id) == 0
    arabic = "".join(chr(0x0660 + int(digit)) for digit in code)
    assert [caller.answer(typed) for typed in (arabic, code + "0", code[:5])] == ["wrong"] * 3
    assert caller.challenge().wrong == 3 and attacked.counted(person.id) == 3


def test_a_late_code_is_dead_whatever_the_client_says_of_the_time(attacked: Stage) -> None:
    """T02."""
    person = attacked.person()
    early, late = asking(attacked, person), asking(attacked, attacked.person())
    row = early.challenge()
    assert row.expires_at - row.sent_at == 300
    code = attacked.code(person.email)
    attacked.advance(240)
    assert early.answer(code) == "right"
    other = attacked.one("SELECT account_id FROM challenges WHERE id = :i", i=late.challenge().id)
    mailed = [letter.codes[0] for letter in attacked.mail.taken if letter.codes][-1]
    attacked.advance(61)
    asked = late.asked("POST", "/otp/answers", {"code": mailed})
    yesterday = formatdate(time.time() - HOUR_S)
    answer = without(asked, Date=yesterday, X_Timestamp=yesterday, X_Request_Start="t=1").send()
    assert answer.json["result"] == "expired"
    assert late.challenge().state == "sent" and late.challenge().wrong == 1 and attacked.counted(other) == 1


def test_a_right_code_is_right_once_and_redeemed_once(attacked: Stage) -> None:
    """T03."""
    person = attacked.person()
    caller = asking(attacked, person)
    code = attacked.code(person.email)
    assert [caller.answer(code) for _ in range(3)] == ["right", "dead", "dead"]
    assert caller.submit().status == 200
    again = caller.submit()
    assert again.status == 409 and again.code == "draft_closed"
    assert caller.guess(code).code == "draft_closed"
    assert caller.put(code=person.code, email=person.email).answer(code) == "dead"
    assert caller.submit().code == "not_verified"
    attacked.settle()
    assert len([letter for letter in attacked.mail.to(person.email) if "tạm thời" in letter.subject]) == 1


def double_spend(stage: Stage, parallel: int) -> None:
    person = stage.person()
    caller = asking(stage, person)
    code = stage.code(person.email)
    answers = burst([caller.asked("POST", "/otp/answers", {"code": code}) for _ in range(parallel)])
    results = Counter(answer.json["result"] for answer in answers)
    assert results == {"right": 1, "dead": parallel - 1}
    statuses = Counter(answer.status for answer in burst([caller.asked("POST", "/submit") for _ in range(parallel // 6)]))
    assert statuses[200] == 1 and set(statuses) <= {200, 409}
    stage.settle()
    assert len([letter for letter in stage.mail.to(person.email) if "tạm thời" in letter.subject]) == 1
    assert stage.one("SELECT count(*) FROM audit WHERE account_id = :a AND event = 'password_reset'", a=person.id) == 1


def test_fifty_parallel_right_answers_and_submits_have_one_winner(attacked: Stage) -> None:
    """T04."""
    double_spend(attacked, 50)


@LONG
@pytest.mark.timeout(900)
def test_a_code_is_never_spent_twice_in_thirty_rounds(attacked: Stage) -> None:
    """T04."""
    for _ in range(30):
        double_spend(attacked, 50)


def test_the_old_code_is_worth_nothing_after_a_resend(attacked: Stage) -> None:
    """T05."""
    person = attacked.person()
    caller = asking(attacked, person)
    old = attacked.code(person.email)
    attacked.advance(MINUTE_S)
    assert caller.send().status == 200
    new = attacked.code(person.email)
    while new == old:  # one in a million
        attacked.advance(MINUTE_S)
        assert caller.send().status == 200
        new = attacked.code(person.email)
    assert caller.answer(old) == "wrong" and caller.challenge().wrong == 1 and attacked.counted(person.id) == 1
    assert caller.answer(new) == "right"


def test_the_right_code_after_three_wrong_ones_is_dead(attacked: Stage) -> None:
    """T06."""
    person = attacked.person()
    caller = asking(attacked, person)
    code = attacked.code(person.email)
    answers = [caller.guess(wrong(code)) for _ in range(3)] + [caller.guess(code)]
    assert [answer.json["result"] for answer in answers] == ["wrong", "wrong", "wrong", "dead"]
    row = caller.challenge()
    assert (row.state, row.wrong) == ("dead", 3) and attacked.counted(person.id) == 3
    assert caller.submit().code == "not_verified"


def test_a_resend_refills_no_tries(attacked: Stage) -> None:
    """T07."""
    channel = "refilling"
    person = attacked.person()
    caller = asking(attacked, person, channel=channel)
    results = [caller.answer("no code"), caller.answer("no code")]
    attacked.advance(MINUTE_S)
    assert caller.send().status == 200
    results += [caller.answer("no code"), caller.answer(attacked.code(person.email))]
    assert results == ["wrong", "wrong", "wrong", "dead"]
    assert attacked.compared(channel) == 3


@LONG
def test_guessing_and_resending_for_ever_compares_ten_guesses(attacked: Stage) -> None:
    """T07."""
    channel = "resending"
    person = attacked.person()
    results: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for _ in range(10):  # each a new sender, so that only the account's own limits stop it
        caller = Caller(attacked, channel=channel).put(code=person.code, email=person.email)
        for _ in range(3):
            answer = caller.send()
            if answer.status == 200:
                use_up(caller, results, 2)
            else:
                refused[answer.code] += 1
            attacked.advance(MINUTE_S)
    assert results["wrong"] == attacked.compared(channel) == attacked.counted(person.id) <= 10
    assert refused["daily_limit"] > 0
    assert attacked.counted(person.id, "send") == 5


def test_a_slow_drip_gets_ten_a_day_and_thirty_in_a_row(attacked: Stage) -> None:
    """T08."""
    channel = "dripping"
    person = attacked.person()
    results: Counter[str] = Counter()
    for day in range(1, 5):
        for _ in range(4):
            caller = Caller(attacked, channel=channel).put(code=person.code, email=person.email)
            if caller.send().status == 200:
                use_up(caller, results)
            attacked.advance(MINUTE_S)
        assert results["wrong"] == min(10 * day, 30)
        for wait_s in (22 * HOUR_S, HOUR_S + 30 * MINUTE_S):  # rolling: midnight lies in one of the two at any time of day
            attacked.advance(wait_s)
            last = Caller(attacked, channel=channel).put(code=person.code, email=person.email).send()
            assert last.code == "daily_limit"
        attacked.advance(HOUR_S)
    assert "retry_after_s" not in last.json, "thirty in a row: only a success or an officer opens it"
    assert attacked.one("SELECT consecutive FROM subjects WHERE subject = :s AND purpose = 'forgot_password'", s=person.id) == 30


def test_a_new_face_refills_nothing(attacked: Stage) -> None:
    """T09."""
    person = attacked.person()
    results: Counter[str] = Counter()
    channels = ("face_one", "face_two", "face_three")
    for number in range(8):
        caller = Caller(attacked, channel=channels[number % 3]).put(code=person.code, email=person.email)
        if caller.send().status == 200:
            use_up(caller, results)
    assert results["wrong"] == 10 == attacked.counted(person.id)
    assert sum(attacked.compared(channel) for channel in channels) == 10


def test_one_sender_gets_ten_wrong_answers_an_hour_over_all_accounts(attacked: Stage) -> None:
    """T10."""
    channel = "spraying"
    sprayer = Caller(attacked, channel=channel).sender.sender
    results: Counter[str] = Counter()
    for hour in range(3):
        for _ in range(4 if hour < 2 else 1):
            person = attacked.person()
            caller = Caller(attacked, channel=channel, sender=sprayer).put(code=person.code, email=person.email)
            sent = caller.send()
            while sent.status == 200:
                answer = caller.guess("no code")
                results[answer.json.get("result") or answer.code] += 1
                if answer.json.get("result") != "wrong":
                    break
        assert results["wrong"] == min(10 * (hour + 1), 20)
        attacked.advance(HOUR_S + MINUTE_S)
    assert results["daily_limit"] > 0
    assert attacked.compared(channel) == 20 == attacked.counted(caller.subject)
    bystander = asking(attacked, attacked.person(), channel=channel)
    assert bystander.answer("no code") == "wrong"


def test_a_mass_spray_opens_the_breaker_and_leaves_running_challenges_alone(attacked: Stage) -> None:
    """T11. The floor of 500 wrong answers in 15 minutes is brought near by the operator's hand."""
    channel = "mass"
    person = attacked.person()
    running = asking(attacked, person, channel=channel)
    assert attacked.change("UPDATE breaker_buckets SET wrong = 499, issued = 100 WHERE channel = :c", c=channel) == 1
    innocent = asking(attacked, attacked.person(), channel=channel)
    assert innocent.answer("no code") == "wrong"
    late = Caller(attacked, channel=channel).put(code=person.code, email=person.email).send()
    assert late.status == 503 and late.code == "paused" and late.json["retry_after_s"] > 0
    assert running.answer(attacked.code(person.email)) == "right"
    assert asking(attacked, attacked.person(), channel="quiet").answer("no code") == "wrong"


def test_the_whole_systems_wrong_answers_of_a_day_stop_every_channel(attacked: Stage) -> None:
    """T11."""
    channel = "whole_day"
    asking(attacked, attacked.person(), channel=channel).answer("no code")
    change = "UPDATE breaker_buckets SET wrong_real = wrong_real + :n WHERE channel = :c"
    attacked.change(change, n=100_000, c=channel)
    try:
        person = attacked.person()
        assert Caller(attacked, channel="elsewhere").put(code=person.code, email=person.email).send().code == "paused"
    finally:
        attacked.change(change, n=-100_000, c=channel)


def parallel_guesses(stage: Stage, parallel: int, channel: str) -> None:
    person = stage.person()
    caller = asking(stage, person, channel=channel)
    bad = wrong(stage.code(person.email))
    before = stage.compared(channel)
    answers = burst([caller.asked("POST", "/otp/answers", {"code": bad}) for _ in range(parallel)])
    assert Counter(answer.json["result"] for answer in answers) == {"wrong": 3, "dead": parallel - 3}
    row = caller.challenge()
    consecutive = stage.one("SELECT consecutive FROM subjects WHERE subject = :s AND purpose = :p", s=person.id, p=row.purpose)
    assert (stage.compared(channel) - before, row.wrong, stage.counted(person.id), consecutive) == (3, 3, 3, 3)


def test_fifty_parallel_guesses_are_compared_three_times(attacked: Stage) -> None:
    """T12."""
    parallel_guesses(attacked, 50, "bursting")


def test_parallel_guesses_in_many_conversations_are_compared_ten_times(attacked: Stage) -> None:
    """T12."""
    channel = "many_bursting"
    person = attacked.person()
    callers = [asking(attacked, person, channel=channel) for _ in range(5)]
    answers = burst([callers[number % 5].asked("POST", "/otp/answers", {"code": "no code"}) for number in range(30)])
    results = Counter(answer.json["result"] for answer in answers)
    assert results == {"wrong": 10, "dead": 20}
    assert attacked.compared(channel) == 10
    assert 10 <= attacked.counted(person.id) <= 14, "an answer that closes its challenge counts without being compared"


@LONG
@pytest.mark.timeout(600)
def test_no_burst_passes_the_cap_in_thirty_rounds(attacked: Stage) -> None:
    """T12."""
    for number in range(30):
        parallel_guesses(attacked, 50, f"burst_{'abcdefghijklmnopqrstuvwxyzabcdef'[number]}")


def test_every_door_that_judges_counts_and_no_other_door_tells(attacked: Stage) -> None:
    """T13. Too long, empty and expired answers share the one counter; reading, submitting and resending judge nothing."""
    person = attacked.person()
    caller = asking(attacked, person)
    code = attacked.code(person.email)
    for odd in ({"code": code}, {"otp": code}):
        assert caller.call("POST", "/otp", odd).status == 422
        assert caller.call("POST", "/submit", odd).status == 422
        assert caller.call("PUT", "/consent", odd).status == 422
    assert caller.call("GET", f"?code={code}").status == 400
    assert caller.call("GET", "").json["otp"]["state"] == "sent"
    assert caller.call("GET", "/otp/answers").status == 405
    assert caller.call("PUT", "/fields/otp", {"value": code}).status == 404
    assert caller.guess("1" * 1025).status == 422
    assert caller.submit().code == "not_verified"
    assert caller.challenge().wrong == 0 and attacked.counted(person.id) == 0
    assert caller.answer("") == "wrong"
    assert caller.answer("1" * 1024) == "wrong"
    attacked.advance(301)
    assert caller.answer(code) == "expired"
    assert caller.answer(code) == "dead"
    assert caller.challenge().wrong == 3 and attacked.counted(person.id) == 3


def test_a_code_for_one_purpose_is_wrong_for_another(attacked: Stage) -> None:
    """T14."""
    person = attacked.person()
    reset = asking(attacked, person)
    for_reset = attacked.code(person.email)
    change = reset.as_task("change_info").put(code=person.code, what="personal_id", proof="email", personal_id="001199000001")
    assert change.send().status == 200
    for_change = attacked.code(person.email)
    assert change.answer(for_reset) == "wrong" and reset.answer(for_change) == "wrong"
    assert change.challenge().wrong == 1 and reset.challenge().wrong == 1 and attacked.counted(person.id) == 2
    assert change.answer(for_change) == "right" and reset.answer(for_reset) == "right"


def _moved_purpose(stage: Stage, person: Person) -> tuple[Caller, str]:
    reset = asking(stage, person)
    other = reset.as_task("change_info").put(code=person.code, what="personal_id", proof="email", personal_id="001199000002")
    draft = stage.one("SELECT id FROM drafts WHERE binding = :b AND task = 'change_info'", b=reset.binding)
    move = "UPDATE challenges SET draft_id = :d, purpose = 'change_info' WHERE id = :i"
    assert stage.change(move, d=draft, i=reset.challenge().id) == 1
    return other, stage.code(person.email)


def _moved_conversation(stage: Stage, person: Person) -> tuple[Caller, str]:
    mine = asking(stage, person)
    other = Caller(stage).put(code=person.code, email=person.email)
    draft = stage.one("SELECT id FROM drafts WHERE binding = :b", b=other.binding)
    assert stage.change("UPDATE challenges SET draft_id = :d WHERE id = :i", d=draft, i=mine.challenge().id) == 1
    return other, stage.code(person.email)


def _moved_account(stage: Stage, person: Person) -> tuple[Caller, str]:
    own = stage.person()
    mine, victims = asking(stage, own), asking(stage, person)
    index = victims.challenge().address_index
    move = "UPDATE challenges SET subject = :v, account_id = :v, address_index = :a WHERE id = :i"
    assert stage.change(move, v=person.id, a=index, i=mine.challenge().id) == 1
    return mine, stage.code(own.email)


def _moved_challenge(stage: Stage, person: Person) -> tuple[Caller, str]:
    caller = asking(stage, person)
    old, code = caller.challenge(), stage.code(person.email)
    stage.change("UPDATE challenges SET state = 'dropped' WHERE id = :i", i=old.id)
    assert caller.send().status == 200
    assert stage.change("UPDATE challenges SET code_mac = :m WHERE id = :i", m=old.code_mac, i=caller.challenge().id) == 1
    return caller, code


MOVES = {
    "purpose": _moved_purpose,
    "conversation": _moved_conversation,
    "account": _moved_account,
    "challenge": _moved_challenge,
}


@pytest.mark.parametrize("what", list(MOVES))
def test_a_code_moved_by_somebody_with_the_database_is_wrong(attacked: Stage, what: str) -> None:
    """T14, T15. Everything but the one thing is made to fit: the code itself is bound to it."""
    person = attacked.person()
    caller, code = MOVES[what](attacked, person)
    assert caller.answer(code) == "wrong"
    assert caller.submit().code == "not_verified"


def test_a_code_is_worth_nothing_in_another_conversation_and_counts_where_it_was_tried(attacked: Stage) -> None:
    """T15."""
    victim, own = attacked.person(), attacked.person()
    victims = asking(attacked, victim)
    code = attacked.code(victim.email)
    thief = asking(attacked, own)
    assert thief.answer(code) == "wrong"
    assert thief.challenge().wrong == 1 and attacked.counted(own.id) == 1 and attacked.counted(thief.subject) == 1
    assert victims.challenge().wrong == 0 and attacked.counted(victim.id) == 0
    empty = Caller(attacked).put(code=victim.code, email=victim.email)
    assert empty.answer(code) == "dead" and attacked.counted(victim.id) == 0
    assert Caller(attacked).guess(code).code == "no_draft"
    assert victims.answer(code) == "right"


def test_who_steals_the_database_finds_no_code(attacked: Stage) -> None:
    """T16. The code is known here, so that no form of hashing it without the key could be missed."""
    people = [attacked.person() for _ in range(6)]
    callers = [asking(attacked, person) for person in people]
    codes = {attacked.code(person.email): caller for person, caller in zip(people, callers, strict=True)}
    tables = attacked.dump()
    everything = "\n".join(tables.values())
    for code, caller in codes.items():
        row = caller.challenge()
        salts = ("", row.id, row.subject, row.purpose, caller.binding, row.draft_id, row.account_id)
        for salt in salts:
            for spelled in (code + salt, salt + code, f"{code}:{salt}", f"{salt}:{code}"):
                for kind in ("sha256", "sha1", "md5", "sha512"):
                    assert hashlib.new(kind, spelled.encode()).hexdigest() not in everything
        assert f'"{code}"' not in tables["challenges"] and code not in tables["challenges"].split('"')
        assert code not in tables["outbox"].replace("_", " ").split(), "a message that was sent is erased"
    assert all(row[0] is None for row in attacked.rows("SELECT content_sealed FROM outbox WHERE state = 'sent'"))


@pytest.mark.parametrize("when", ["asked", "verified"])
@pytest.mark.parametrize("status", ["locked", "waiting"])
def test_an_account_locked_in_between_redeems_nothing(attacked: Stage, when: str, status: str) -> None:
    """T17."""
    person = attacked.person()
    caller = asking(attacked, person) if when == "asked" else verified(attacked, person)
    attacked.set_status(person, status)
    if when == "asked":
        assert caller.answer(attacked.code(person.email)) == "wrong"
        assert attacked.counted(person.id) == 1
    assert caller.submit().code == "not_verified"
    attacked.set_status(person, "active")
    assert caller.submit().code == "not_verified", "a failed redemption ends the verification for good" if when else ""
    attacked.settle()
    assert not [letter for letter in attacked.mail.to(person.email) if "mật khẩu" in letter.subject.lower() and not letter.codes]


def test_an_account_deleted_in_between_redeems_nothing(attacked: Stage) -> None:
    """T17."""
    person = attacked.person()
    caller = verified(attacked, person)
    attacked.change("DELETE FROM accounts WHERE id = :i", i=person.id)
    assert caller.submit().code == "not_verified"


def test_a_locked_account_loses_its_session_on_both_workers(attacked: Stage) -> None:
    """T17."""
    person = attacked.person(password=PASSWORD)
    browser = Browser(attacked)
    assert browser.login(person.code, PASSWORD).status == 303
    assert browser.is_in(0) and browser.is_in(1)
    attacked.set_status(person, "locked")
    assert not browser.is_in(0) and not browser.is_in(1)


def test_success_washes_no_daily_count(attacked: Stage) -> None:
    """T18."""
    person = attacked.person(password=PASSWORD)
    sender = Caller(attacked).sender.sender
    results: Counter[str] = Counter()
    for most in (3, 3, 3):
        use_up(asking(attacked, person), results, most)
    assert results == {"wrong": 9}
    assert Browser(attacked).login(person.code, PASSWORD).status == 303
    other = Caller(attacked, "add_email", sender=sender).put(code=person.code)
    assert other.send().status == 200 and other.answer("no code") == "wrong"
    assert other.answer(attacked.code(person.phone)) == "right"
    last = asking(attacked, person, sender=sender)
    assert last.answer(attacked.code(person.email)) == "right"
    assert attacked.counted(person.id) == 10 and attacked.counted(last.subject) == 1
    assert attacked.one("SELECT consecutive FROM subjects WHERE subject = :s AND purpose = 'forgot_password'", s=person.id) == 0
    final = asking(attacked, person)
    assert [final.answer("no code"), final.answer(attacked.code(person.email))] == ["wrong", "dead"]


def test_a_stranger_who_closes_the_reset_closes_nothing_else(attacked: Stage) -> None:
    """T19."""
    person = attacked.person(password=PASSWORD)
    owner = Browser(attacked)
    assert owner.login(person.code, PASSWORD).status == 303
    results: Counter[str] = Counter()
    for _ in range(4):
        use_up(asking(attacked, person), results)
    assert Caller(attacked).put(code=person.code, email=person.email).send().code == "daily_limit"
    assert owner.is_in() and Browser(attacked).login(person.code, PASSWORD).status == 303
    by_phone = Caller(attacked, "add_email").put(code=person.code)
    assert by_phone.send().status == 200 and by_phone.answer(attacked.code(person.phone)) == "right"


def test_who_does_not_know_the_email_cannot_count_anything_against_the_account(attacked: Stage) -> None:
    """T19."""
    person = attacked.person()
    results: Counter[str] = Counter()
    for _ in range(5):
        caller = Caller(attacked).put(code=person.code, email="somebody.else@example.com")
        if caller.send().status == 200:
            use_up(caller, results)
    assert results["wrong"] == 10
    assert attacked.counted(person.id) == 0 == attacked.counted(person.id, "send")
    assert attacked.mail.to(person.email) == [] and attacked.mail.to("somebody.else@example.com") == []
    assert verified(attacked, person).submit().status == 200


def test_who_knows_only_an_address_cannot_keep_its_owners_codes_away(attacked: Stage) -> None:
    """T19. A stranger has codes of other tasks sent to a mailbox and a phone as often as can be; the owner's own still come."""
    person, thief = attacked.person(), attacked.person()
    for _ in range(6):
        registering = Caller(attacked, "register_account").put(email=person.email)
        assert registering.send().status in (200, 429)
    moving = Caller(attacked, "change_info").put(code=thief.code, what="phone", proof="email", phone=person.phone)
    assert moving.send().status == 200 and moving.answer(attacked.code(thief.email)) == "right"
    for _ in range(3):
        assert moving.send().status == 200
        attacked.advance(61)
    came = len(attacked.mail.to(person.email)), len(attacked.sms.to(person.phone))
    assert came == (5, 3)
    assert verified(attacked, person).submit().status == 200
    by_phone = Caller(attacked, "add_email").put(code=person.code)
    assert by_phone.send().status == 200 and by_phone.answer(attacked.code(person.phone)) == "right"
