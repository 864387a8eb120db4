"""Attacks on what is sent: bombing, pumping, look-alike addresses, spelling around limits, broken providers (T21 to T29)."""

import re
import time
from collections import Counter
from typing import Any

import pytest

from tests.security.attack_calls import Answer, Caller, burst
from tests.security.attack_stage import PUBLIC_URL, Person, Stage
from tests.security.test_attacks_on_codes import asking, verified

LONG = pytest.mark.prove
DAY_S, HOUR_S = 86_400, 3_600
PATIENCE_S = 30


def telling(answer: Answer) -> str:
    """What the caller learns from an attempt to send."""
    return "sent" if answer.status == 200 else answer.code


def ready(stage: Stage, person: Person, task: str, **kwargs: Any) -> Caller:
    """A conversation that could have a code sent."""
    fields = {"code": person.code} | ({"email": person.email} if task == "forgot_password" else {})
    return Caller(stage, task, **kwargs).put(**fields)


def bomb(stage: Stage, person: Person, parallel: int) -> list[Counter[str]]:
    """One conversation asks as often as it can, then five at once; what they were told, part by part."""
    first = ready(stage, person, "add_email")
    told = [Counter(telling(first.send()) for _ in range(3))]
    for _ in range(3):
        stage.advance(61)
        told.append(Counter(telling(answer) for answer in burst([first.asked("POST", "/otp") for _ in range(parallel // 5)])))
    others = [ready(stage, person, "add_email") for _ in range(5)]
    answers = burst([others[number % 5].asked("POST", "/otp") for number in range(parallel)])
    told.append(Counter(telling(answer) for answer in answers))
    return told


def bomb_and_count(stage: Stage, parallel: int) -> None:
    person = stage.person()
    told = bomb(stage, person, parallel)
    each = parallel // 5
    assert told[0] == {"sent": 1, "too_soon": 2}
    assert told[1] == {"sent": 1, "too_soon": each - 1} and told[2] == {"sent": 1, "send_limit": each - 1}
    assert told[3] == {"send_limit": each}
    assert told[4]["sent"] == 2 and told[4]["daily_limit"] > 0 and set(told[4]) <= {"sent", "daily_limit", "too_soon"}
    stage.settle()
    assert len(stage.sms.to(person.phone)) == 5 == stage.counted(person.id, "send")


def test_one_phone_cannot_be_bombed(attacked: Stage) -> None:
    """T21. First code and two resends a minute apart; five a day, whoever asks, one after another and all at once."""
    bomb_and_count(attacked, 20)


@LONG
def test_no_round_of_bombing_passes_the_cap(attacked: Stage) -> None:
    """T21."""
    for _ in range(10):
        bomb_and_count(attacked, 50)


def test_a_phone_that_many_accounts_share_gets_five_a_day(attacked: Stage) -> None:
    """T22. Everybody is told the same; the number is spared."""
    shared = f"+84914{attacked.number():06d}"
    people = [attacked.person(phone=shared) for _ in range(8)]
    callers = [ready(attacked, person, "add_email") for person in people]
    answers = [caller.send() for caller in callers[:3]] + burst([caller.asked("POST", "/otp") for caller in callers[3:]])
    assert Counter(telling(answer) for answer in answers) == {"sent": 8}
    attacked.settle()
    assert len(attacked.sms.to(shared)) == 5
    attacked.advance(DAY_S + 60)
    assert ready(attacked, people[0], "add_email").send().status == 200
    attacked.settle()
    assert len(attacked.sms.to(shared)) == 6


def test_one_sender_gets_ten_codes_a_day_sent(attacked: Stage) -> None:
    """T22. Whoever asks for many people's codes is stopped himself."""
    sender = Caller(attacked).sender.sender
    callers = [ready(attacked, attacked.person(), "add_email", sender=sender) for _ in range(14)]
    told = Counter(telling(answer) for answer in burst([caller.asked("POST", "/otp") for caller in callers]))
    assert told == {"sent": 10, "daily_limit": 4}
    assert attacked.counted(callers[0].subject, "send") == 10


COSTLY = (
    "+1 900 555 0100",
    "+882 16 12345678",
    "1900 1234",
    "+84 1900 1234",
    "024 3936 1155",
    "+44 7400 123456",
    "0912 345 678;ext=1",
    "tel:0912345678;phone-context=+1900",
    "113",
    "+84912345678,,1",
)


@pytest.mark.parametrize("typed", COSTLY)
def test_no_message_goes_to_a_number_that_costs_or_is_abroad(attacked: Stage, typed: str) -> None:
    """T23."""
    person = attacked.person()
    caller = Caller(attacked, "change_info").put(code=person.code, what="phone", proof="phone")
    answer = caller.call("PUT", "/fields/phone", {"value": typed})
    assert answer.status == 422 and answer.code == "bad_value" and typed not in answer.text
    registering = Caller(attacked, "register_account").put()
    assert registering.call("PUT", "/fields/phone", {"value": typed}).status == 422


@pytest.mark.parametrize(("starts", "already"), [("now", 5_000), ("hours_ago", 300_000)])
def test_the_systems_sms_budget_stops_pumping(attacked: Stage, starts: str, already: int) -> None:
    """T23. Its last message is left by the operator's hand; the one after it is refused, and mail goes on."""
    moment = attacked.core.clock.now()
    at = moment - moment % 300 if starts == "now" else moment - 5 * HOUR_S
    spend = (
        "INSERT INTO breaker_buckets VALUES ('sms_budget', :at, :n, 0, 0) "
        "ON CONFLICT (channel, starts_at) DO UPDATE SET issued = breaker_buckets.issued + :n"
    )
    used = "SELECT coalesce(sum(issued), 0) FROM breaker_buckets WHERE channel = 'sms_budget'"
    before = attacked.one(f"{used} AND starts_at = :at", at=at) if starts == "now" else attacked.one(used)
    attacked.change(spend, at=at, n=already - 1 - before)
    try:
        people = [attacked.person() for _ in range(2)]
        callers = [ready(attacked, person, "add_email") for person in people]
        told = [telling(caller.send()) for caller in callers]
        if starts == "now" and told != ["sent", "paused"]:  # five minutes ended in between
            assert attacked.core.clock.now() - at >= 300
        else:
            assert told == ["sent", "paused"]
            attacked.settle()
            assert [len(attacked.sms.to(person.phone)) for person in people] == [1, 0]
            assert telling(Caller(attacked).put(code=people[0].code, email=people[0].email).send()) == "sent"
    finally:
        attacked.change("DELETE FROM breaker_buckets WHERE channel = 'sms_budget'")


LOOKALIKES = {
    "mıke{}@example.com": None,  # a letter without a dot
    "ＭＩＫＥ{}@example.com": "same",  # full width
    "mike{}@ｅxample.com": "same",
    "Mike{}@EXAMPLE.COM": "same",
    "mi\u212ae{}@example.com": "same",  # the sign of Kelvin
    "mike{}@example.com.": None,
    "mi\u200bke{}@example.com": None,  # a space of no width
    "mіke{}@example.com": None,  # a Cyrillic letter
    "mike{}@exаmple.com": "other",  # a Cyrillic domain is another domain
    "mike{}@example.com\r\nBcc: thief@example.com": None,
    "mike{}@example.com,thief@example.com": None,
    "Mike <mike{}@example.com>": None,
    '"mike{}"@example.com': None,
}


@pytest.mark.parametrize("typed", list(LOOKALIKES))
def test_a_code_goes_to_the_stored_address_only(attacked: Stage, typed: str) -> None:
    """T24."""
    number = attacked.number()
    person = attacked.person(email=f"mike{number}@example.com")
    attacked.settle()
    before = len(attacked.mail.taken)
    caller = Caller(attacked).put(code=person.code)
    given = caller.call("PUT", "/fields/email", {"value": typed.format(number)})
    assert given.status == (422 if LOOKALIKES[typed] is None else 200), given.text
    if given.status == 200:
        assert caller.send().status == 200
        attacked.settle()
    arrived = attacked.mail.taken[before:]
    assert [letter.to for letter in arrived] == ([person.email] if LOOKALIKES[typed] == "same" else [])
    assert not [letter for letter in arrived if "thief" in letter.raw]


def test_another_spelling_opens_no_new_account_of_counts(attacked: Stage) -> None:
    """T25. Code, card number, personal number, mail and phone in every spelling: one count each."""
    person = attacked.person()
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in person.code)
    spaced = " ".join(person.code)
    codes = [person.code, wide, spaced, f"HS479{person.code}", f"{person.code[:4]}-{person.code[4:]}", person.personal_id]
    mails = [person.email, person.email.upper(), f" {person.email} ", person.email.replace("p", "ｐ")]
    told: Counter[str] = Counter()
    for number, code in enumerate(codes):
        told[telling(Caller(attacked).put(code=code, email=mails[number % len(mails)]).send())] += 1
    assert told == {"sent": 5, "daily_limit": 1} and attacked.counted(person.id, "send") == 5
    nobody = attacked.stranger()
    told = Counter()
    for code in (nobody.code, " ".join(nobody.code), f"DN479{nobody.code}", nobody.code, nobody.code, nobody.code):
        told[telling(Caller(attacked).put(code=code, email=nobody.email).send())] += 1
    assert told == {"sent": 5, "daily_limit": 1}


def test_a_new_phone_in_other_spellings_is_one_phone(attacked: Stage) -> None:
    """T25."""
    shared = f"915{attacked.number():06d}"
    spelled = [
        f"0{shared}",
        f"+84{shared}",
        f"84 {shared[:3]}-{shared[3:]}",
        f"0{shared[:3]}.{shared[3:]}",
        f"(0){shared}",
        f"0{shared}",
    ]
    for typed in spelled:
        person = attacked.person()
        caller = Caller(attacked, "change_info").put(code=person.code, what="phone", proof="email", phone=typed)
        assert caller.send().status == 200 and caller.answer(attacked.code(person.email)) == "right"
        assert telling(caller.send()) == "sent"
    attacked.settle()
    assert len(attacked.sms.to(f"+84{shared}")) == 5


def test_somebody_who_does_not_exist_has_the_same_limits_and_gets_nothing(attacked: Stage) -> None:
    """T26."""
    person, nobody = attacked.person(), attacked.stranger()
    spared = len(attacked.sms.taken)
    of_nobody = bomb(attacked, nobody, 10)
    attacked.settle()
    assert len(attacked.sms.taken) == spared
    of_person = bomb(attacked, person, 10)
    assert of_nobody[:4] == of_person[:4]
    for last in (of_nobody[4], of_person[4]):  # a conversation's second ask may come before the day is used up, or after
        assert last["sent"] == 2 and last["daily_limit"] > 0 and set(last) <= {"sent", "daily_limit", "too_soon"}


def test_messages_name_the_act_and_nobody_and_link_home_only(attacked: Stage) -> None:
    """T27. Every message of a reset, an added email, a changed phone and a search, read by machine."""
    number = attacked.number()
    person = attacked.person(full_name="Đặng Kim Quỳnh Như", email=f"quynh.nhu.{number}@example.com")
    fresh, phone = f"fresh.{number}@example.com", f"+84916{number:06d}"
    attacked.settle()
    seen = {sink: len(sink.taken) for sink in (attacked.mail, attacked.sms)}
    assert verified(attacked, person).submit().status == 200
    adding = Caller(attacked, "add_email").put(code=person.code, email=fresh)
    moving = Caller(attacked, "change_info").put(code=person.code, what="phone", proof="email", phone=phone)
    for caller, first, second in ((adding, person.phone, fresh), (moving, person.email, phone)):
        for address in (first, second):
            assert caller.send().status == 200
            assert caller.answer(attacked.code(address)) == "right"
        assert caller.submit().status == 200
    searching = Caller(attacked, "code_search", lang="en").put(
        full_name=person.name, dob=person.dob, id_number=person.personal_id, province=person.province
    )
    assert searching.submit().status == 200
    attacked.settle()
    letters = [letter for sink, count in seen.items() for letter in sink.taken[count:]]
    assert len(letters) == 13
    for letter in letters:
        text = f"{letter.subject}\n{letter.body}"
        for secret in (
            "Quỳnh",
            "Quynh",
            person.personal_id,
            person.dob,
            "1990",
            phone[3:],
            person.phone[3:],
            fresh,
            person.email,
        ):
            assert secret not in text, letter.subject
        assert letter.codes == [] or len(letter.codes) == 1
        assert set(re.findall(r"https?://[^/\s]+", text)) <= {PUBLIC_URL}
        assert (person.code in text) == ("insurance code" in text)
        if letter.codes:
            assert re.search(r"không đưa|khong dua|never give", text, re.IGNORECASE)
            assert re.search(r"mật khẩu|email|liên hệ|lien he|thông tin|mat khau|contact", text)


def test_a_provider_that_hangs_holds_up_no_request(attacked: Stage) -> None:
    """T28. The answers come while the provider still holds the message: nothing is sent inside a request."""
    person = attacked.person()
    with attacked.mail.that("holds"):
        held = attacked.mail.attempts
        caller = asking(attacked, person)
        ends = time.monotonic() + PATIENCE_S
        while attacked.mail.attempts == held:
            assert time.monotonic() < ends
            time.sleep(0.005)
        assert attacked.mail.to(person.email) == []

        assert attacked.counted(person.id, "send") == 1
    assert caller.answer(attacked.code(person.email)) == "right"
    assert len(attacked.mail.to(person.email)) == 1


@pytest.mark.parametrize("mode", ["refuses", "dies"])
def test_a_provider_that_fails_costs_no_second_send_and_revives_no_old_code(attacked: Stage, mode: Any) -> None:
    """T28. A retry is no new send; a replaced code is never sent; each message that arrives says who repeats it."""
    person = attacked.person()
    with attacked.sms.that(mode):
        caller = ready(attacked, person, "add_email")
        assert caller.send().status == 200
        attacked.settle()
        attacked.advance(61)
        assert caller.send().status == 200
        attacked.settle()
        assert attacked.sms.to(person.phone) == []
    attacked.advance(60)
    attacked.settle()
    arrived = attacked.sms.to(person.phone)
    assert len(arrived) == 1, "the replaced code was withdrawn"
    assert attacked.counted(person.id, "send") == 2
    assert attacked.rows("SELECT DISTINCT state FROM outbox WHERE id = :i", i=arrived[0].id) == [("sent",)]
    assert caller.answer(arrived[0].codes[0]) == "right"


def test_a_code_is_not_sent_after_its_life(attacked: Stage) -> None:
    """T28."""
    person = attacked.person()
    with attacked.mail.that("refuses"):
        caller = asking(attacked, person)
        attacked.settle()
    attacked.advance(301)
    attacked.settle()
    row = attacked.rows("SELECT state, content_sealed FROM outbox WHERE reference = :r", r=caller.challenge().id)
    ends = time.monotonic() + PATIENCE_S
    while row == [("pending", row[0][1])]:
        assert time.monotonic() < ends
        row = attacked.rows("SELECT state, content_sealed FROM outbox WHERE reference = :r", r=caller.challenge().id)
    assert row == [("expired", None)] and attacked.mail.to(person.email) == []


@LONG
def test_a_worker_killed_while_sending_loses_no_code(attacked: Stage) -> None:
    """T28. The other one sends it once the lease is over; a message that arrives twice is known by its id."""
    person = attacked.person()
    victim = attacked.workers[0]
    with attacked.mail.that("holds"):
        caller = Caller(attacked).put(code=person.code, email=person.email)
        held = attacked.mail.attempts
        assert caller.call("POST", "/otp", worker=0).status == 200
        while attacked.mail.attempts == held:
            time.sleep(0.005)
        victim.kill()
    victim.start()
    victim.wait()
    attacked.advance(61, settled=False)
    code = attacked.code(person.email)
    assert len({letter.id for letter in attacked.mail.to(person.email)}) == 1
    assert caller.answer(code) == "right"


def test_a_number_changed_lately_receives_no_codes(attacked: Stage) -> None:
    """T29. For 72 hours after the change, and nobody is told why; mail goes on."""
    person = attacked.person()
    fresh = f"+84917{attacked.number():06d}"
    attacked.put_on_file(person, phone=fresh)
    for wait_s, arrives in ((0, 0), (71 * HOUR_S, 0), (2 * HOUR_S, 1)):
        attacked.advance(wait_s)
        for task in ("add_email", "change_info"):
            caller = ready(attacked, person, task)
            if task == "change_info":
                caller.put(what="personal_id", proof="phone", personal_id="001199000004")
            assert telling(caller.send()) == "sent"
        attacked.settle()
        assert len(attacked.sms.to(fresh)) == 2 * arrives
    assert attacked.sms.to(person.phone) == []
    assert telling(asking(attacked, person).call("GET")) == "sent"


@pytest.mark.parametrize("task", ["add_email", "forgot_password"])
def test_an_address_changed_after_the_code_was_sent_proves_nothing(attacked: Stage, task: str) -> None:
    """T29. Neither a phone nor a mailbox."""
    person = attacked.person()
    caller = ready(attacked, person, task)
    assert caller.send().status == 200
    code = attacked.code(person.phone if task == "add_email" else person.email)
    if task == "add_email":
        attacked.put_on_file(person, phone=f"+84918{attacked.number():06d}")
    else:
        attacked.put_on_file(person, email=f"moved.{attacked.number()}@example.com")
    assert caller.answer(code) == "wrong"
