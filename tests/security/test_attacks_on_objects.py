"""Attacks on what belongs to others: their drafts, who exists, what a reset leaves behind, what is told (T20, T30 to T39)."""

import itertools
import json
import math
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.security.attack_calls import Answer, Browser, Caller
from tests.security.attack_stage import PUBLIC_URL, Person, Stage
from tests.security.test_attacks_on_codes import asking, verified

LONG = pytest.mark.prove
PASSWORD = "một câu rất dài của riêng tôi"
PHOTO = "INSERT INTO photos (id, draft_id, kind, content_sealed, created_at) VALUES (:i, :d, :k, '', :n)"


def hand_in(stage: Stage, person: Person, **changed: str) -> Caller:
    """A registration with everything in it, its mailbox proved, its photos there."""
    fields = {
        "full_name": person.name,
        "dob": person.dob,
        "id_number": person.personal_id,
        "phone": person.phone.replace("+84", "0"),
        "email": person.email,
        "office": "BHXH quận Ninh Kiều",
        **changed,
    }
    caller = Caller(stage, "register_account").put(**fields)
    assert caller.send().status == 200
    assert caller.answer(stage.code(fields["email"])) == "right"
    draft = stage.one("SELECT id FROM drafts WHERE binding = :b", b=caller.binding)
    for kind in ("face", "id_front", "id_back"):
        stage.change(PHOTO, i=stage.core.keys.row_id(), d=draft, k=kind, n=stage.core.clock.now())
    return caller


def calling(stage: Stage, number: str, code: str) -> Caller:
    """A call to the hotline from that number about that code."""
    return Caller(stage, "hotline_password", channel="hotline", sender=number).put(code=code)


def searching(stage: Stage, person: Person, **changed: str) -> Caller:
    """A code search with these facts."""
    facts = {"full_name": person.name, "dob": person.dob, "id_number": person.personal_id, "province": person.province}
    return Caller(stage, "code_search").put(**{**facts, **changed})


# T20: who exists?


def steadied(value: Any) -> Any:
    """Without what differs by the second that passed, and without what they typed themselves."""
    if isinstance(value, dict):
        return {
            name: round(inner / 30) if name.endswith("_s") and isinstance(inner, int) else steadied(inner)
            for name, inner in value.items()
            if name != "fields"
        }
    return value


def looks(answer: Answer) -> Any:
    """What can be seen of an answer."""
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "content-length")}
    if "retry-after" in headers:
        headers["retry-after"] = str(round(int(headers["retry-after"]) / 30))
    return answer.status, headers, steadied(answer.json)


def costs(stage: Stage) -> tuple[int, ...]:
    """How many rows were ever written into the tables that grow with every step."""
    return tuple(
        int(stage.one(f"SELECT last_value FROM {numbers}")) for numbers in ("outbox_seq_seq", "tallies_id_seq", "drafts_seq_seq")
    )


STEPS: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/otp", {}),
    ("POST", "/otp", {}),
    ("POST", "/otp/answers", {"code": "no code"}),
    ("POST", "/submit", {}),
    ("POST", "/otp/answers", {"code": "abc"}),
    ("POST", "/otp/answers", {"code": ""}),
    ("POST", "/otp/answers", {"code": "no code"}),
    ("POST", "/otp", {}),
    ("GET", "", None),
)


def asked_about(stage: Stage, task: str, fields: dict[str, str], **kwargs: Any) -> list[Any]:
    """Everything a stranger sees of a conversation about somebody, and what it cost."""
    seen: list[Any] = []
    stage.settle()
    before = costs(stage)
    caller = Caller(stage, task, **kwargs)
    answers = [caller.call("PUT")]
    answers += [caller.call("PUT", f"/fields/{name}", {"value": value}) for name, value in fields.items()]
    answers += [caller.call(method, path, body) for method, path, body in STEPS]
    seen += [looks(answer) for answer in answers]
    seen.append(tuple(after - earlier for after, earlier in zip(costs(stage), before, strict=True)))
    return seen


def somebody(stage: Stage, kind: str) -> Person:
    """A person of that kind, as a stranger would ask about."""
    if kind == "unknown":
        return stage.stranger()
    if kind == "moved lately":
        person = stage.person()
        stage.put_on_file(person, phone=f"+84919{stage.number():06d}")
        return person
    if kind == "no address":
        person = stage.person(email=None, phone=None)
        return replace(person, email="their.email@example.com")
    return stage.person(status=kind)


KINDS = ("unknown", "locked", "waiting", "no address", "moved lately")
ENTRIES: dict[str, Callable[[Person], dict[str, str]]] = {
    "forgot_password": lambda who: {"code": who.code, "email": who.email},
    "add_email": lambda who: {"code": who.code, "email": "new.one@example.com"},
    "change_info": lambda who: {"code": who.code, "what": "phone", "proof": "phone", "phone": "0912345678"},
    "code_search": lambda who: {
        "full_name": who.name,
        "dob": who.dob,
        "id_number": who.personal_id,
        "province": who.province,
    },
}


@pytest.mark.parametrize("kinds", [KINDS[:2], pytest.param(KINDS[2:], marks=LONG)], ids=lambda kinds: kinds[0])
@pytest.mark.parametrize("task", list(ENTRIES))
def test_nobody_learns_who_exists(attacked: Stage, task: str, kinds: tuple[str, ...]) -> None:
    """T20. Words, statuses, headers, limits and the rows that are written are the same for everybody."""
    reference = asked_about(attacked, task, ENTRIES[task](attacked.person()))
    for kind in kinds:
        about = asked_about(attacked, task, ENTRIES[task](somebody(attacked, kind)))
        assert about == reference, kind


@LONG
def test_a_wrong_email_looks_like_an_unknown_code(attacked: Stage) -> None:
    """T20."""
    person = attacked.person()
    reference = asked_about(attacked, "forgot_password", {"code": person.code, "email": person.email})
    for email in ("somebody@example.com", attacked.person().email):
        assert asked_about(attacked, "forgot_password", {"code": attacked.person().code, "email": email}) == reference


def test_the_hotline_says_no_match_of_everybody(attacked: Stage) -> None:
    """T20."""
    seen = []
    for kind in ("active", "unknown", "moved lately"):
        call = calling(attacked, f"+84913{attacked.number():06d}", somebody(attacked, kind).code)
        seen.append([looks(call.submit()), looks(call.submit()), looks(call.call("GET"))])
    assert all(one == seen[0] for one in seen)
    assert seen[0][0][2]["outcome"] == {"result": "no_match"}


def test_the_login_page_tells_nothing(attacked: Stage) -> None:
    """T20."""
    seen = []
    for person in (attacked.person(password=PASSWORD), *(somebody(attacked, kind) for kind in KINDS[:2])):
        browser = Browser(attacked)
        answers = [browser.login(person.code, "some wrong password") for _ in range(6)]
        # The form's token differs by device, and the wait by the second.
        pages = [re.sub(r"[0-9]+", "", answer.text.split('name="csrf"')[0]) for answer in answers]
        seen.append(([answer.status for answer in answers], pages))
    assert all(one == seen[0] for one in seen)
    assert seen[0][0] == [401] * 5 + [429]


def mann_whitney(ones: list[float], others: list[float]) -> float:
    """How likely two samples of one distribution are ranked at least so unevenly (normal approximation, two-sided)."""
    ranked = sorted([(value, 0) for value in ones] + [(value, 1) for value in others])
    ranks = sum(rank for rank, (_, sample) in enumerate(ranked, 1) if sample == 0)
    n, m = len(ones), len(others)
    z = (ranks - n * (n + m + 1) / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


@LONG
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["unknown", "locked"])
def test_no_clock_tells_who_exists(attacked: Stage, kind: str) -> None:
    """T20. Five hundred interleaved pairs of sends; a chance result does not come three times in a row."""
    for _ in range(3):
        times: dict[int, list[float]] = {0: [], 1: []}
        for number in range(500):
            pair = [(0, attacked.person()), (1, somebody(attacked, kind))]
            for group, person in pair if number % 2 else reversed(pair):
                caller = Caller(attacked).put(code=person.code, email=person.email)
                asked = caller.asked("POST", "/otp", worker=0)
                connection = asked.connected()
                began = time.perf_counter()
                assert asked.send(connection).status == 200
                times[group].append(time.perf_counter() - began)
        apart_s = abs(statistics.median(times[0]) - statistics.median(times[1]))
        if mann_whitney(times[0], times[1]) > 0.01 and apart_s < 0.005:
            return
    raise AssertionError(f"medians lie {1000 * apart_s:.2f} ms apart")


# T30: other people's objects


def test_other_conversations_cannot_touch_a_draft(attacked: Stage) -> None:
    """T30. The API knows no ids: a draft is found by who speaks, and everybody else has none."""
    person = attacked.person()
    mine = verified(attacked, person)
    same = {"channel": "web", "sender": mine.sender.sender, "conversation": mine.sender.conversation}
    reference = [looks(Caller(attacked).call(method, path, body)) for method, path, body in EVERY_ACT]
    for changed in ({"sender": "thief"}, {"conversation": "web:thief"}, {"channel": "zalo"}):
        thief = Caller(attacked, **{**same, **changed})
        assert [looks(thief.call(method, path, body)) for method, path, body in EVERY_ACT] == reference, changed
        for name in ("X-Draft-Id", "X-Account-Id", "X-Conversation"):
            draft = attacked.one("SELECT id FROM drafts WHERE binding = :b", b=mine.binding)
            asked = thief.asked("POST", "/submit")
            assert replace(asked, headers={**asked.headers, name: draft}).send().code == "no_draft"
    assert {status for status, _, _ in reference} == {404}
    assert mine.submit().status == 200


EVERY_ACT: tuple[tuple[str, str, Any], ...] = (
    ("GET", "", None),
    ("PUT", "/consent", {}),
    ("PUT", "/fields/code", {"value": "7900000001"}),
    ("POST", "/otp", {}),
    ("POST", "/otp/answers", {"code": "000000"}),
    ("POST", "/submit", {}),
    ("DELETE", "", None),
)


def test_ids_are_random_and_no_answer_names_one(attacked: Stage) -> None:
    """T30. 128 bits and more, never one after the other; numbers of cases are 40 random bits and open nothing alone."""
    callers = [asking(attacked, attacked.person()) for _ in range(8)]
    ids = [caller.challenge().id for caller in callers]
    ids += [row[0] for row in attacked.rows("SELECT id FROM drafts ORDER BY seq DESC LIMIT 30")]
    assert all(len(one) == 32 and int(one, 16) for one in ids) and len(set(ids)) == len(ids)
    numbers = sorted(int(one, 16) for one in ids)
    assert min(later - earlier for earlier, later in itertools.pairwise(numbers)) > 2**80
    shown = json.dumps([caller.view() for caller in callers])
    assert not [one for one in ids if one in shown]


def test_a_case_number_alone_opens_nothing(attacked: Stage) -> None:
    """T30."""
    person, thief = attacked.stranger(), attacked.stranger()
    number = hand_in(attacked, person).submit().json["outcome"]["number"]

    def status(number: str, id_number: str) -> Any:
        caller = Caller(attacked, "application_status").put(number=number, id_number=id_number)
        return looks(caller.submit())

    assert status(number, person.personal_id)[2]["outcome"]["status"] == "waiting"
    assert status(number, thief.personal_id) == status("HS-2222-2222", thief.personal_id)
    assert status(number, thief.personal_id)[2]["outcome"] == {"status": "unknown"}
    sender = Caller(attacked).sender.sender
    before = Caller(attacked, sender=sender)
    row = "INSERT INTO tallies (subject, purpose, kind, at) VALUES (:s, 'application_status', 'send', :t)"
    for _ in range(9):
        attacked.change(row, s=before.subject, t=attacked.core.clock.now())
    told = []
    for _ in range(2):
        caller = Caller(attacked, "application_status", sender=sender).put(number=number, id_number=thief.personal_id)
        told.append(caller.submit().status)
    assert told == [200, 429]


def test_a_spoken_password_is_for_its_own_call_once(attacked: Stage) -> None:
    """T30, T33. Not for another call of the same number, not for the action server, not after two minutes."""
    channel_key = attacked.core.settings.channel_credentials()[0]

    def fetch(call: Caller, handle: str, credential: str = channel_key) -> Answer:
        return call.call("POST", target="/v1/spoken_passwords", body={"handle": handle}, credential=credential)

    person = attacked.person()
    call = calling(attacked, person.phone, person.code)
    handle = call.submit().json["outcome"]["handle"]
    again = Caller(attacked, channel="hotline", sender=person.phone)
    web = Caller(attacked, sender=person.phone, conversation=call.sender.conversation)
    for thief in (again, web):
        assert fetch(thief, handle).status == 404
    assert fetch(call, handle, attacked.core.settings.service_credentials()[0]).status == 401
    assert fetch(call, handle[:-1] + ("B" if handle.endswith("A") else "A")).status == 404
    password = fetch(call, handle)
    assert password.status == 200 and len(password.json["spell"]) == 8
    assert fetch(call, handle).status == 404
    second = attacked.person()
    late = calling(attacked, second.phone, second.code)
    handle = late.submit().json["outcome"]["handle"]
    attacked.advance(121)
    assert fetch(late, handle).status == 404
    everything = "\n".join(attacked.dump().values())
    assert password.json["spell"] not in everything and handle not in everything


# T31: an address that is taken


def test_a_taken_address_looks_like_a_free_one_and_its_owner_hears_of_it(attacked: Stage) -> None:
    """T31."""
    owner = attacked.person()
    seen = []
    for address in (owner.email, f"free.{attacked.number()}@example.com"):
        person = attacked.person()
        caller = Caller(attacked, "change_info").put(code=person.code, what="email", proof="phone", email=address)
        answers = [caller.send()]
        assert caller.answer(attacked.code(person.phone)) == "right"
        answers += [caller.send(), caller.guess("no code"), caller.submit(), caller.call("GET")]
        seen.append([looks(answer) for answer in answers])
        assert attacked.rows("SELECT 1 FROM change_requests WHERE account_id = :a", a=person.id) == []
    assert seen[0] == seen[1]
    attacked.settle()
    assert [letter.subject for letter in attacked.mail.to(owner.email)] == [
        "Mã xác thực xác nhận liên hệ mới của tài khoản VssID"
    ]


def test_registering_somebody_known_looks_the_same_and_tells_its_owner(attacked: Stage) -> None:
    """T31."""
    owner = attacked.person()
    seen = []
    for code, personal_id in ((owner.code, owner.personal_id), (attacked.stranger().code, attacked.stranger().personal_id)):
        applicant = replace(attacked.stranger(), personal_id=personal_id)
        for _ in range(2):  # the second one stands beside an open application
            mailbox = f"applicant.{attacked.number()}@example.com"
            answer = looks(hand_in(attacked, applicant, code=code, email=mailbox).submit())
            answer[2]["outcome"].pop("number")
            seen.append(answer)
    assert all(one == seen[0] for one in seen)
    attacked.settle()
    for letters in (attacked.mail.to(owner.email), attacked.sms.to(owner.phone)):
        assert len(letters) >= 1 and all("đăng ký" in one.body or "dang ky" in one.body for one in letters)
    assert attacked.one("SELECT status FROM accounts WHERE id = :i", i=owner.id) == "active"


def test_applications_in_somebodys_name_bomb_nobody(attacked: Stage) -> None:
    """T22, T31. Neither the owner of the code, nor the phone that was typed: five unasked messages a day, whoever applies."""
    owner = attacked.person()
    stranger = f"+84923{attacked.number():06d}"
    row = "INSERT INTO tallies (subject, purpose, kind, at) VALUES (:s, :p, 'send', :t)"
    for purpose, address in (("new_sms", stranger), ("new_sms", owner.phone), ("new_email", owner.email)):
        subject = attacked.core.keys.mac("subject", "address", address)
        for _ in range(4):
            attacked.change(row, s=subject, p=purpose, t=attacked.core.clock.now())
    for _ in range(2):
        mailbox = f"applicant.{attacked.number()}@example.com"
        phone = stranger.replace("+84", "0")
        applicant = attacked.stranger()
        applied = hand_in(attacked, applicant, code=owner.code, email=mailbox, phone=phone).submit()
        assert applied.status == 200 and applied.json["outcome"]["number"]
        attacked.settle()
        assert len(attacked.mail.to(mailbox)) == 2, "the applicant's own mailbox is proved"
    assert [len(attacked.sms.to(stranger)), len(attacked.sms.to(owner.phone)), len(attacked.mail.to(owner.email))] == [1, 1, 1]


# T32: harvesting codes


def test_searching_for_codes_harvests_none(attacked: Stage) -> None:
    """T32. What is found goes to the address on file, three times a day; the answer is always the same."""
    person = attacked.person()
    seen = [looks(searching(attacked, person).submit()) for _ in range(3)]
    seen += [looks(searching(attacked, attacked.stranger()).submit())]
    seen += [looks(searching(attacked, attacked.person(), full_name="Ai Khác").submit())]
    assert all(one == seen[0] for one in seen) and not seen[0][2]["outcome"]
    assert searching(attacked, person).submit().code == "daily_limit"
    attacked.settle()
    assert [person.code in letter.body for letter in attacked.mail.to(person.email)] == [True] * 3
    sender = Caller(attacked).sender.sender
    told: Counter[int] = Counter()
    for _ in range(4):
        victim = attacked.person()
        caller = Caller(attacked, "code_search", sender=sender).put(
            full_name=victim.name, dob=victim.dob, id_number=victim.personal_id, province=victim.province
        )
        answer = caller.submit()
        told[answer.status] += 1
        assert victim.code not in answer.text and victim.code not in caller.call("GET").text
    assert told == {200: 3, 429: 1}


@pytest.mark.parametrize("fact", ["full_name", "dob", "id_number", "province"])
def test_three_right_facts_of_four_find_nobody(attacked: Stage, fact: str) -> None:
    """T32, T36."""
    person = attacked.person()
    other = {"full_name": "Nguyễn Thị Mai", "dob": "1991-05-14", "id_number": attacked.stranger().personal_id, "province": "Huế"}
    attacked.settle()
    spared = len(attacked.mail.taken) + len(attacked.sms.taken)
    assert searching(attacked, person, **{fact: other[fact]}).submit().status == 200
    attacked.settle()
    assert len(attacked.mail.taken) + len(attacked.sms.taken) == spared
    assert searching(attacked, person).submit().status == 200
    attacked.settle()
    assert len(attacked.mail.to(person.email)) == 1


# T33: the verified challenge, which is our ticket


def test_a_verification_is_used_up_by_nothing_but_its_end_and_dies_in_ten_minutes(attacked: Stage) -> None:
    """T33. Our ticket is the verified challenge: looking does not consume it, another task cannot use it, it does not last."""
    person = attacked.person()
    caller = verified(attacked, person)
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
        assert caller.call(method, "/submit").status == 405, method
    for _ in range(3):
        assert caller.view()["otp"]["state"] == "verified"
    other = caller.as_task("change_info").put(code=person.code, what="personal_id", proof="email", personal_id="001199000005")
    assert other.submit().code == "not_verified"
    victim = attacked.person()
    assert caller.call("PUT", "/fields/code", {"value": victim.code}).status == 200
    assert caller.submit().code == "not_verified"
    late = verified(attacked, attacked.person())
    attacked.advance(601)
    assert late.submit().code == "not_verified"
    in_time = verified(attacked, attacked.person())
    attacked.advance(540)
    assert in_time.submit().status == 200
    assert attacked.rows("SELECT 1 FROM audit WHERE account_id IN (:a, :b)", a=person.id, b=victim.id) == []


# T34: after the reset


@pytest.mark.parametrize("how", ["mail", pytest.param("hotline", marks=LONG)])
def test_a_reset_ends_everything_else_of_the_account(attacked: Stage, how: str) -> None:
    """T34. A session, another verification, a pending change and an older temporary password, on both workers."""
    person = attacked.person(password=PASSWORD)
    browser = Browser(attacked)
    assert browser.login(person.code, PASSWORD).status == 303
    other = verified(attacked, person)
    fresh = f"fresh.{attacked.number()}@example.com"
    pending = Caller(attacked, "add_email").put(code=person.code, email=fresh)
    for address in (person.phone, fresh):
        assert pending.send().status == 200
        assert pending.answer(attacked.code(address)) == "right"
    assert pending.submit().status == 200
    half = Caller(attacked, "change_info").put(code=person.code, what="personal_id", proof="phone", personal_id="001199000006")
    assert half.send().status == 200 and half.answer(attacked.code(person.phone)) == "right"
    if how == "mail":
        assert verified(attacked, person).submit().status == 200
    else:
        assert calling(attacked, person.phone, person.code).submit().json["outcome"]["result"] == "match"
    assert not browser.is_in(0) and not browser.is_in(1)
    assert other.submit().code == "not_verified" and half.submit().code == "not_verified"
    rows = attacked.rows("SELECT state, value_sealed FROM change_requests WHERE account_id = :a", a=person.id)
    assert rows == [("withdrawn", None)]
    assert Browser(attacked).login(person.code, PASSWORD).status == 401
    assert attacked.rows("SELECT 1 FROM sessions WHERE account_id = :a", a=person.id) == [], "nobody is logged in by a reset"


# T35: a silent takeover


def test_the_owner_hears_of_every_act_everywhere(attacked: Stage) -> None:
    """T35. By mail and by SMS, and no such message holds a secret."""
    acts: dict[str, Callable[[Person], Any]] = {
        "reset": lambda who: verified(attacked, who).submit(),
        "hotline": lambda who: calling(attacked, who.phone, who.code).submit(),
        "change": lambda who: _change(attacked, who).submit(),
        "password": lambda who: _change_password(attacked, who),
        "applied": lambda who: hand_in(
            attacked, attacked.stranger(), code=who.code, email=f"else.{attacked.number()}@example.com"
        ).submit(),
    }
    for name, act in acts.items():
        person = attacked.person(password=PASSWORD)
        assert act(person).status in (200, 303), name
        attacked.settle()
        for letters in (attacked.mail.to(person.email), attacked.sms.to(person.phone)):
            notices = [letter for letter in letters if not letter.codes and "tạm thời VssID" not in letter.subject]
            assert len(notices) == 1, name
            assert "1900 9068" in notices[0].body, "it says how to object"
            assert PASSWORD not in notices[0].body and person.code not in notices[0].body


def _change(stage: Stage, person: Person) -> Caller:
    caller = Caller(stage, "change_info").put(code=person.code, what="personal_id", proof="email", personal_id="001199000007")
    assert caller.send().status == 200
    assert caller.answer(stage.code(person.email)) == "right"
    return caller


def _change_password(stage: Stage, person: Person) -> Answer:
    browser = Browser(stage)
    browser.login(person.code, PASSWORD)
    return browser.change("một câu khác cũng rất dài", PASSWORD)


# T36: weak recovery


def test_one_of_two_proofs_resets_nothing(attacked: Stage) -> None:
    """T36. Code and email, and that mailbox; on the hotline code and number. Each alone is worth nothing and looks the same."""
    person, other = attacked.person(), attacked.person()
    wrong_email = Caller(attacked).put(code=person.code, email=other.email)
    wrong_code = Caller(attacked).put(code=attacked.stranger().code, email=person.email)
    for caller in (wrong_email, wrong_code):
        assert caller.send().status == 200
    attacked.settle()
    assert attacked.mail.to(person.email) == [] == attacked.mail.to(other.email)
    for number, code in ((other.phone, person.code), (person.phone, attacked.stranger().code), ("anonymous", person.code)):
        assert calling(attacked, number, code).submit().json["outcome"] == {"result": "no_match"}
    assert attacked.rows("SELECT 1 FROM spoken_passwords WHERE account_id = :a", a=person.id) == []
    assert not attacked.one("SELECT password_temporary FROM accounts WHERE id = :a", a=person.id)


@LONG
def test_the_hotline_bears_few_guesses(attacked: Stage) -> None:
    """T36, T08. Five wrong matches a day for a number and for a code, whoever calls about it; then the right one waits too."""
    person = attacked.person()
    told = Counter(looks(calling(attacked, f"+84913{attacked.number():06d}", person.code).submit())[0] for _ in range(7))
    assert told == {200: 5, 429: 2}
    assert calling(attacked, person.phone, person.code).submit().code == "daily_limit"
    guesser = f"+84913{attacked.number():06d}"
    told = Counter(looks(calling(attacked, guesser, attacked.stranger().code).submit())[0] for _ in range(7))
    assert told == {200: 5, 429: 2}


def test_the_hotline_has_one_limit_for_all_spellings(attacked: Stage) -> None:
    """T25, T36. A caller's number in other forms, and a person's other number, open no second count."""
    number = f"913{attacked.number():06d}"
    spelled = [f"+84{number}", f"0{number}", f"84{number}", f"0{number[:3]} {number[3:]}", f"0{number}", f"+84{number}"]
    told = [calling(attacked, one, attacked.stranger().code).submit().status for one in spelled]
    assert told == [200] * 5 + [429]
    person = attacked.person()
    codes = [person.code, person.personal_id, person.code, person.personal_id, person.code, person.personal_id]
    told = [calling(attacked, f"+84913{attacked.number():06d}", code).submit().status for code in codes]
    assert told == [200] * 5 + [429]


# T37: a temporary password is the mailbox's alone


def test_the_temporary_password_is_in_the_mailbox_and_nowhere_else(attacked: Stage) -> None:
    """T37. The agency's process mails one; no answer, SMS, log or table holds it, and it is erased once it is sent."""
    person = attacked.person()
    caller = verified(attacked, person)
    answer = caller.submit()
    password = attacked.password(person.email)
    others = [*attacked.sms.taken, *(letter for letter in attacked.mail.taken if letter.to != person.email)]
    shown = [answer.text, caller.call("GET").text, attacked.logs(), *attacked.dump().values()]
    shown += [letter.body for letter in others]
    assert not [text for text in shown if password in text]
    assert sum(password in letter.body for letter in attacked.mail.to(person.email)) == 1
    kept = "SELECT count(*) FROM outbox WHERE reference = :r AND state = 'sent' AND content_sealed IS NOT NULL"
    assert attacked.one(kept, r=person.id) == 0
    browser = Browser(attacked)
    assert browser.login(person.code, password).status == 303
    assert browser.get("/account/").headers["location"].startswith("/account/password"), "nothing but changing it is open"


# T38: canaries


def test_no_canary_is_printed_or_stored_in_clear(attacked: Stage) -> None:
    """T38. Good and failing flows at debug level; then both workers' logs and every table are searched."""
    number = attacked.number()
    mine = {"full_name": "Canary Ưu Tú", "email": f"canary.{number}@example.com", "phone": f"+84921{number:06d}"}
    person = attacked.person(**mine, dob="1977-07-17", password=PASSWORD)
    caller = verified(attacked, person)
    code = attacked.code(person.email)
    caller.call("PUT", "/fields/email", raw=b'{"value": "canary.broken@example.com"')
    caller.call("PUT", "/fields/email", {"value": "canary not an email"})
    caller.call("POST", "/otp/answers", {"code": "canary-otp"})
    caller.call("GET", "?canary=query")
    hand_in(attacked, person, email=f"canary.{number}@example.com").submit()
    complaint = Caller(attacked, "complaint").put(text="canary complaint 0912345678", contact=person.email)
    assert complaint.submit().status == 200
    browser = Browser(attacked)
    browser.login(person.code, "canary wrong password")
    browser.login(person.code, PASSWORD)
    assert caller.submit().status == 200
    temporary = attacked.password(person.email)
    secrets = [person.code, person.personal_id, person.phone, person.phone[3:], person.email, "Canary Ưu Tú", "1977-07-17"]
    secrets += [PASSWORD, temporary, browser.session, "canary", *dict(caller.asked("GET").headers).values()]
    logs, tables = attacked.logs(), "\n".join(attacked.dump().values())
    for secret in secrets:
        assert secret not in logs and secret not in tables
    assert code not in logs.replace(":", " ").split()
    for path in ("/v1/drafts/forgot_password", "/account/login?x=canary", "/canary"):
        answer = Caller(attacked).asked("GET", target=path).send()
        assert "canary" not in answer.text


def test_no_route_takes_a_password_from_the_chat(attacked: Stage) -> None:
    """T38. No field of any task is one; a password typed into a field is refused or masked."""
    from backend.tasks import TASKS

    assert not [name for task in TASKS.values() for name in task.fields if "pass" in name or "otp" in name]


# T39: poisoned links


POISON: tuple[dict[str, str], ...] = (
    {"Host": "evil.example"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
    {"Forwarded": "host=evil.example;proto=https"},
    {"X-Original-Host": "evil.example", "X-Host": "evil.example", "X-Rewrite-URL": "https://evil.example/"},
    {"Host": "assistant.vssid.test@evil.example"},
)


@pytest.mark.parametrize("headers", POISON, ids=lambda headers: next(iter(headers)))
def test_links_and_redirects_are_ours_whatever_the_headers_say(attacked: Stage, headers: dict[str, str]) -> None:
    """T39."""
    person = attacked.person()
    caller = verified(attacked, person)
    asked = caller.asked("POST", "/submit")
    assert replace(asked, headers={**asked.headers, **headers}).send().status == 200
    attacked.settle()
    assert not [letter for letter in attacked.mail.to(person.email) if "evil" in letter.raw]
    assert [PUBLIC_URL in letter.body for letter in attacked.mail.to(person.email) if "http" in letter.body] == [True]
    browser = Browser(attacked)
    for path in ("/account", "/account/", "/account/login/", "/account//evil.example", "//evil.example/account/", "/v1/drafts/"):
        looked = browser.asked("GET", path)
        answer = replace(looked, headers={**looked.headers, **headers}).send()
        assert "evil" not in answer.headers.get("location", "") and "evil" not in answer.text.replace(path, ""), path
    form = browser.asked(
        "POST", "/account/login", {"csrf": browser.token("/account/login"), "code": person.code, "password": "x"}
    )
    poisoned = replace(form, headers={**form.headers, **headers, "Origin": "https://evil.example"}).send()
    assert poisoned.status == 403
