"""Attacks on passwords: poor ones, odd letters, monstrous input, floods of hashing, poisoned hashes (T40 to T44)."""

import base64
import json
import os
import re
import unicodedata
import zlib
from pathlib import Path

import argon2
import pytest

from tests.security.attack_calls import Answer, Asked, Browser, Caller, burst
from tests.security.attack_stage import Person, Stage
from tests.security.test_attacks_on_codes import verified

PASSWORD = "một câu rất dài của riêng tôi"
FLOOR_KIB, FLOOR_ROUNDS = 19_456, 2  # OWASP: argon2id with 19 MiB and two rounds, or 46 MiB and one
WORKING_KIB = 300 * 1024  # a process without any hashing, generously


def owner_at_the_form(stage: Stage) -> tuple[Person, Browser]:
    """Somebody whose full details are on file, logged in with a password of the own."""
    number = stage.number()
    person = stage.person(
        full_name="Hoàng Bảo Trâm",
        email=f"baotram{number}@example.com",
        dob="1988-03-09",
        phone=f"+84922{number:06d}",
        password=PASSWORD,
    )
    browser = Browser(stage)
    assert browser.login(person.code, PASSWORD).status == 303
    return person, browser


def attempt(browser: Browser, new: str) -> Answer:
    """Try to set a password; the current one is wrong, so that a fair one changes nothing."""
    return browser.change(new, "not the current one")


COMMON = "password 12345678 matkhau123 Bhxh@2026 baohiemxahoi VssID@2026 qwertyuiop aaaaaaaa".split()
REFUSED = {
    "short": ("abcdefg", "á" * 7, "1 2 3 4", "😀" * 7, ""),
    "long": ("x1 y2 " * 22, "ab" * 65),
    "common": ("Mật khẩu 123", *COMMON),
}
FAIR = (
    "đồi thông",
    "bốn mươi tám con ngựa và " * 3,
    "ab3 " * 32,
    "😀🎈🌊🌵🍀🧊🌙🍉",
    "correct horse battery",
    "khong so khong hoa",
)


def told(answer: Answer) -> str:
    """The sentence of the error."""
    found = re.search(r'id="error"[^>]*>([^<]+)<|class="error"[^>]*>([^<]+)<', answer.text)
    return found[1] or found[2] if found else ""


def test_poor_passwords_are_refused_with_the_reason_and_nothing_is_said_of_composition(attacked: Stage) -> None:
    """T40. Eight characters because a code is asked at every reset; 64 and more are allowed; no rule on kinds of letters."""
    person, browser = owner_at_the_form(attacked)
    own = (
        person.code,
        person.phone.replace("+84", "0"),
        person.personal_id,
        person.email,
        "09031988",
        "hoangbaotram",
        "Hoàng Bảo Trâm1",
    )
    reasons: dict[str, set[str]] = {}
    for reason, words in {**REFUSED, "personal": own}.items():
        for word in words:
            answer = attempt(browser, word)
            assert answer.status == 422, word
            reasons.setdefault(reason, set()).add(told(answer))
    assert {reason: len(said) for reason, said in reasons.items()} == dict.fromkeys(reasons, 1)
    assert len(set.union(*reasons.values())) == 4 and "" not in set.union(*reasons.values())
    assert attacked.counted(f"own-page.{person.id}", "login") == 0, "what is refused by its look costs no hash"
    for word in FAIR[:4]:
        assert told(attempt(browser, word)) not in set.union(*reasons.values()), word
    assert attacked.counted(f"own-page.{person.id}", "login") == 4


def test_a_password_typed_on_another_phone_is_the_same(attacked: Stage) -> None:
    """T41. Composed, decomposed and full-width letters; the length is counted after they are folded."""
    _, browser = owner_at_the_form(attacked)
    person, browser = owner_at_the_form(attacked)
    chosen = "ổi ế ữ ầm ộp"
    decomposed = unicodedata.normalize("NFD", chosen)
    assert len(decomposed) > len(chosen)
    assert browser.change(decomposed, unicodedata.normalize("NFD", PASSWORD)).status == 303
    for typed in (chosen, decomposed, unicodedata.normalize("NFKC", chosen)):
        assert Browser(attacked).login(person.code, typed).status == 303
    seven = unicodedata.normalize("NFD", "ổếữầộậẵ")
    assert len(seven) >= 8
    _, other = owner_at_the_form(attacked)
    assert attempt(other, seven).status == 422 and "8" in told(attempt(other, seven))


DEEP = b'{"value":' + b"[" * 8_000 + b"]" * 8_000 + b"}"
MANY = b"{" + b",".join(b'"a%d":1' % number for number in range(1_500)) + b"}"
HUGE: dict[str, bytes] = {
    "a string of 1,025": json.dumps({"value": "x" * 1025}).encode(),
    "a body over 16 KiB": json.dumps({"value": "x" * 17_000}).encode(),
    "depth": DEEP,
    "members": MANY,
    "NUL": b'{"value": "79\\u00000001"}',
    "raw NUL": b'{"value": "79\x000001"}',
    "half a pair": b'{"value": "\\ud800"}',
    "bytes that are no text": b'{"value": "\xc3\x28"}',
    "compressed": zlib.compress(b"0" * 5_000_000),
    "a number without end": b'{"value": ' + b"9" * 15_000 + b"}",
}


@pytest.mark.parametrize("what", list(HUGE))
def test_monstrous_bodies_are_refused_early(attacked: Stage, what: str) -> None:
    """T42. Nothing of them is stored, and the process does not grow."""
    caller = Caller(attacked).put()
    before = [peak_kib(worker.process.pid) for worker in attacked.workers]
    for _ in range(5):
        answer = caller.call("PUT", "/fields/code", raw=HUGE[what])
        assert 400 <= answer.status < 500 and answer.code == "bad_request", answer.text
        assert len(answer.text) < 1_000
    after = [peak_kib(worker.process.pid) for worker in attacked.workers]
    assert all(later - earlier < 40_000 for earlier, later in zip(before, after, strict=True))
    assert caller.view()["fields"] == {}


def test_a_body_whose_length_lies_is_cut_off(attacked: Stage) -> None:
    """T42. Neither a chunked body without end nor one that says it is compressed gets further."""
    caller = Caller(attacked).put()
    port = attacked.workers[0].port
    asked = Asked(port, "PUT", "/v1/drafts/forgot_password/fields/code", caller.asked("GET").headers, b"")
    connection = asked.connected()
    chunks = (b"0" * 1_000 for _ in range(200))
    try:
        connection.request(asked.method, asked.target, body=chunks, headers=asked.headers, encode_chunked=True)
        status = connection.getresponse().status
    except (BrokenPipeError, ConnectionResetError):  # cut off while it was still sending
        status = 413
    finally:
        connection.close()
    assert status == 413


@pytest.mark.parametrize("field", ["full_name", "email", "office", "contact"])
def test_no_line_break_gets_into_a_header(attacked: Stage, field: str) -> None:
    """T42."""
    task = "complaint" if field == "contact" else "register_account"
    caller = Caller(attacked, task).put()
    injected = {
        "full_name": "Lan\r\nBcc: thief@example.com",
        "email": "lan@example.com\r\nBcc: thief@example.com",
        "office": "BHXH\r\nBcc: thief@example.com",
        "contact": "lan@example.com\nBcc: thief@example.com",
    }
    answer = caller.call("PUT", f"/fields/{field}", {"value": injected[field]})
    if answer.status == 200:  # a place is one line, whatever was typed
        draft = attacked.rows("SELECT id, fields_sealed FROM drafts WHERE binding = :b", b=caller.binding)[0]
        kept = attacked.core.keys.unseal(draft[1], table="drafts", column="fields", row=draft[0])
        assert field == "office" and "\\n" not in kept and "\\r" not in kept
    else:
        assert answer.status == 422


def peak_kib(pid: int) -> int:
    """The most memory a process ever had."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1])


def stored_hash(stage: Stage, person: Person) -> str:
    """The password's hash, unsealed with the operator's key."""
    sealed = stage.one("SELECT password_sealed FROM accounts WHERE id = :i", i=person.id)
    return stage.core.keys.unseal(sealed, table="accounts", column="password", row=person.id)


def test_stored_hashes_are_costly_and_sealed(attacked: Stage) -> None:
    """T43. What the workers themselves wrote: a mailed password and a chosen one."""
    person = attacked.person()
    assert verified(attacked, person).submit().status == 200
    mailed = stored_hash(attacked, person)
    browser = Browser(attacked)
    assert browser.login(person.code, attacked.password(person.email)).status == 303
    assert browser.change(PASSWORD).status == 303
    chosen = stored_hash(attacked, person)
    for encoded in (mailed, chosen):
        asked = argon2.extract_parameters(encoded)
        assert asked.type is argon2.Type.ID and asked.salt_len >= 16 and asked.hash_len >= 32
        assert asked.memory_cost >= 47_104 or (asked.memory_cost >= FLOOR_KIB and asked.time_cost >= FLOOR_ROUNDS)
    assert mailed != chosen
    assert "argon2" not in attacked.dump()["accounts"]


def test_a_flood_of_logins_is_answered_in_bounded_memory(attacked: Stage) -> None:
    """T43. As many hashes at once as cores, a short queue, the rest are told to come again; afterwards all is as before."""
    worker = attacked.workers[0]
    browsers = [Browser(attacked) for _ in range(38)]
    fields = [
        {"csrf": browser.token("/account/login"), "code": attacked.stranger().code, "password": "x" * 60} for browser in browsers
    ]
    flood = [browser.asked("POST", "/account/login", form, worker=0) for browser, form in zip(browsers, fields, strict=True)]
    answers = burst(flood)
    assert {answer.status for answer in answers} <= {401, 503}
    assert all(answer.headers.get("retry-after") for answer in answers if answer.status == 503)
    assert peak_kib(worker.process.pid) < WORKING_KIB + (os.cpu_count() or 1) * 47_104
    person = attacked.person(password=PASSWORD)
    assert Browser(attacked).login(person.code, PASSWORD, worker=0).status == 303


def put_hash(stage: Stage, person: Person, encoded: str) -> None:
    """Somebody with the key writes a hash of the own making."""
    sealed = stage.core.keys.seal(encoded, table="accounts", column="password", row=person.id)
    stage.change("UPDATE accounts SET password_sealed = :s WHERE id = :i", s=sealed, i=person.id)


POISON = {
    "memory": argon2.PasswordHasher(time_cost=1, memory_cost=300_000, parallelism=1),
    "rounds": argon2.PasswordHasher(time_cost=11, memory_cost=64, parallelism=1),
    "lanes": argon2.PasswordHasher(time_cost=1, memory_cost=128, parallelism=5),
}


@pytest.mark.parametrize("what", [*POISON, "8 GiB", "no hash"])
def test_a_poisoned_hash_is_not_computed(attacked: Stage, what: str) -> None:
    """T44. The password is the right one: had the work been done, it would let in."""
    person = attacked.person()
    zeros = base64.b64encode(bytes(32)).decode().rstrip("=")
    if what == "8 GiB":
        encoded = f"$argon2id$v=19$m=8388608,t=1000,p=1${zeros[:22]}${zeros}"
    else:
        encoded = POISON[what].hash(PASSWORD) if what in POISON else "$argon2id$v=19$m=,t=,p=$$"
    put_hash(attacked, person, encoded)
    before = max(peak_kib(worker.process.pid) for worker in attacked.workers)
    assert Browser(attacked).login(person.code, PASSWORD).status == 401
    assert max(peak_kib(worker.process.pid) for worker in attacked.workers) - before < 150_000
    put_hash(attacked, person, argon2.PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD))
    assert Browser(attacked).login(person.code, PASSWORD).status == 303
