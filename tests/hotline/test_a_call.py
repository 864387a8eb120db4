"""The hotline as callers meet it: key 8 and the code, other keys, mistakes, silence, two languages."""

import base64
import itertools
import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpx
import pytest

from tests.hotline.turns import Caller, heard, spelled
from tests.programs import Programs

Calling = Callable[[str], Caller]
numbers = itertools.count(1)


@pytest.fixture
def person(programs: Programs) -> dict[str, Any]:
    """Somebody with a telephone, a code and an ID number of their own."""
    number = next(numbers)
    return programs.new_account(
        bhxh_code=f"79551{number:05d}",
        phone=f"09755{number:05d}",
        personal_id=f"07855{number:07d}",
        email=f"hotline{number}@example.com",
    )


def can_log_in(programs: Programs, code: str, password: str) -> bool:
    """Tell whether the account page lets somebody in with this password."""
    with httpx.Client(base_url=programs.backend_url, trust_env=False) as http:
        page = http.get("/account/login").text
        token = re.search(r'name="(csrf)" value="([^"]+)"', page)
        assert token is not None, page
        fields = {token[1]: token[2], "code": code, "password": password}
        return http.post("/account/login", data=fields, headers={"Origin": programs.backend_url}).status_code == 303


def test_key_8_and_the_code_give_a_password_read_twice(calling: Calling, programs: Programs, person: dict[str, Any]) -> None:
    call = calling(person["phone"])
    assert "bấm 8" in heard(call.turns[0]) and call.turns[0]["barge_in"]
    asked = call.key("8")
    assert asked["gather"]["digits"] == 10 and asked["gather"]["or"] == 12
    told = call.key(person["bhxh_code"])
    first, again = spelled(told)
    assert first == again and re.fullmatch(r"\d{8}", first) and told["hangup"]
    assert can_log_in(programs, person["bhxh_code"], first)
    letters = [one for one in programs.outbox() if one["to"] in (person["email"], person["phone"])]
    assert sorted(one["channel"] for one in letters) == ["email", "sms"]
    assert all(first not in one["body"] for one in letters)


def test_the_number_may_be_written_as_networks_do(calling: Calling, person: dict[str, Any]) -> None:
    call = calling(f"+84{person['phone'][1:]}")
    call.key("8")
    assert spelled(call.key(person["bhxh_code"]))


@pytest.mark.parametrize("claimed", ["0911000111", "anonymous", ""])
def test_another_number_hears_that_they_do_not_match(calling: Calling, person: dict[str, Any], claimed: str) -> None:
    call = calling(claimed)
    call.key("8")
    told = call.key(person["bhxh_code"])
    assert heard(told).startswith("Số điện thoại và mã số bảo hiểm không khớp, hoặc chưa đăng ký với cơ quan bảo hiểm xã hội.")
    assert spelled(told) == [] and not told["hangup"]


def test_a_code_that_nobody_has_hears_the_same(calling: Calling, person: dict[str, Any]) -> None:
    wrong, unknown = calling("0911000112"), calling("0911000113")
    for call, code in ((wrong, person["bhxh_code"]), (unknown, "7966600001")):
        call.key("8")
        call.key(code)
    assert wrong.turns[-1]["say"] == unknown.turns[-1]["say"]


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("bảy chín năm lăm một linh linh linh linh {last}", "79551"),
        ("mã số của tôi là bẩy chín nhăm năm mốt không không không lẻ {last}", "79551"),
        ("seven nine five five one zero zero zero zero {last}", "79551"),
    ],
)
def test_digits_are_spoken_as_in_every_region(
    calling: Calling, programs: Programs, words: str, begins: str, person: dict[str, Any]
) -> None:
    last = next(numbers) % 9 + 1
    said = dict(zip("123456789", ["một", "hai", "ba", "tư", "năm", "sáu", "bẩy", "tám", "chín"], strict=True))
    if "seven" in words:
        said = dict(zip("123456789", "one two three four five six seven eight nine".split(), strict=True))
    own = programs.new_account(bhxh_code=f"{begins}0000{last}", phone=person["phone"])
    call = calling(own["phone"])
    call.key("8")
    assert spelled(call.speak(words.format(last=said[str(last)])))


def test_twelve_digits_of_an_id_card_are_as_good(calling: Calling, person: dict[str, Any]) -> None:
    call = calling(person["phone"])
    call.key("8")
    assert spelled(call.key(person["personal_id"]))


def test_who_says_it_gets_to_the_same_place(calling: Calling, person: dict[str, Any]) -> None:
    call = calling(person["phone"])
    assert call.speak("tôi quên mật khẩu rồi")["gather"]["digits"] == 10
    assert spelled(call.key(person["bhxh_code"]))


def test_a_code_is_never_read_back(calling: Calling, person: dict[str, Any]) -> None:
    call = calling("0911000114")
    call.key("8")
    call.key(person["bhxh_code"])
    call.key("8")
    call.key(person["bhxh_code"][:9])
    call.silence()
    said = " ".join(heard(turn) + "".join(spelled(turn)) for turn in call.turns)
    assert person["bhxh_code"][-4:] not in re.sub(r"\D", "", said)


@pytest.mark.parametrize("mistake", ["795510000", "79551000011", "1", "không nhớ"])
def test_a_wrong_length_is_asked_for_once_more_and_then_the_call_ends(calling: Calling, mistake: str) -> None:
    call = calling("0911000115")
    call.key("8")
    again = call.key(mistake) if mistake.isdigit() else call.speak(mistake)
    assert again["gather"]["digits"] == 10 and not again["hangup"]
    assert call.silence()["hangup"]


def test_silence_at_the_start_hears_the_whole_menu_and_then_goodbye(calling: Calling) -> None:
    call = calling("0911000116")
    assert "bấm 0" in heard(call.silence())
    assert call.silence()["hangup"]


@pytest.mark.parametrize(
    ("key", "says"), [("1", "bấm 4"), ("2", "1.000 đồng"), ("3", "tỉnh"), ("4", "TK1-TS"), ("5", "bấm 4"), ("*", "bấm 4")]
)
def test_the_other_keys_are_answered(calling: Calling, key: str, says: str) -> None:
    assert says in heard(calling("0911000117").key(key))


def test_key_0_goes_to_a_person_also_where_a_code_is_asked(calling: Calling) -> None:
    for keys in (["0"], ["8", "0"]):
        call = calling("0911000118")
        for key in keys:
            turn = call.key(key)
        assert turn["transfer"] == "02437899999" and turn["gather"] is None


def test_the_office_of_a_province_is_spelled(calling: Calling) -> None:
    call = calling("0911000119")
    call.key("3")
    told = call.speak("Nghệ An")
    assert "Nghệ An" in heard(told) and spelled(told) == ["02383844888"]
    call.key("3")
    assert "chưa có số riêng" in heard(call.speak("Cà Mau")), "and not the number that is being called"


@pytest.mark.parametrize("words", ["tôi muốn đăng ký tài khoản", "thêm email cho tôi", "nghỉ hưu năm bao nhiêu tuổi"])
def test_what_is_too_long_for_a_call_is_sent_to_the_chat(calling: Calling, words: str) -> None:
    told = calling("0911000120").speak(words)
    assert "trợ lý trong ứng dụng" in heard(told) and not told["hangup"]


def test_english_by_key_9_and_back(calling: Calling, person: dict[str, Any]) -> None:
    call = calling(person["phone"])
    assert call.key("9")["lang"] == "en"
    assert "10 digits" in heard(call.key("8"))
    told = call.key(person["bhxh_code"])
    assert "new password" in heard(told) and spelled(told)
    other = calling(person["phone"])
    other.key("9")
    assert other.key("9")["lang"] == "vi"


def test_a_telephone_that_asks_again_hears_the_same_and_nothing_happens_twice(
    calling: Calling, programs: Programs, person: dict[str, Any]
) -> None:
    call = calling(person["phone"])
    call.event("digits", "8", turn=1)
    first = call.event("digits", person["bhxh_code"], turn=2)
    assert spelled(first) and call.event("digits", person["bhxh_code"], turn=2) == first
    assert len([one for one in programs.outbox() if one["to"] == person["phone"]]) == 1


def test_who_hangs_up_in_the_middle_leaves_nothing_and_can_call_at_once(
    calling: Calling, programs: Programs, person: dict[str, Any]
) -> None:
    call = calling(person["phone"])
    call.key("8")
    call.hang_up()
    with closing(sqlite3.connect(programs.var / "chat.db")) as database:
        assert database.execute("SELECT count(*) FROM chat_sessions WHERE conversation LIKE 'hotline:%'").fetchone()[0] == 0
    second = calling(person["phone"])
    second.key("8")
    assert spelled(second.key(person["bhxh_code"]))


def test_two_calls_at_once_do_not_meet(calling: Calling, person: dict[str, Any]) -> None:
    calls = [calling(person["phone"]), calling("0911000121")]
    for call in calls:
        call.key("8")
    with ThreadPoolExecutor(2) as pool:
        mine, other = pool.map(lambda call: call.key(person["bhxh_code"]), calls)
    assert spelled(mine) and not spelled(other)


def test_a_number_that_is_wrong_too_often_is_told_so(calling: Calling, person: dict[str, Any]) -> None:
    call = calling("0911000122")
    for _ in range(6):
        call.key("8")
        last = call.key(person["bhxh_code"])
    assert "hết lượt" in heard(last) and last["hangup"]


def test_neither_the_password_nor_the_code_nor_the_number_stands_in_a_file(
    calling: Calling, programs: Programs, person: dict[str, Any]
) -> None:
    call = calling(person["phone"])
    call.key("8")
    password = spelled(call.key(person["bhxh_code"]))[0]
    written = [(file.name, file.read_bytes()) for file in programs.var.rglob("*") if file.is_file()]
    secrets = [password, ", ".join(password), person["bhxh_code"], person["phone"]]
    # A voucher is base64: what stands in it can stand at three places of a group.
    vouched = [base64.urlsafe_b64encode(b"x" * shift + person["phone"].encode()).decode()[4:-4] for shift in range(3)]
    for secret in [*secrets, *vouched]:
        assert [name for name, content in written if secret.encode() in content] == [], secret


def test_after_rasa_died_in_a_call_the_keys_still_lead_to_the_password(
    programs: Programs, calling: Calling, person: dict[str, Any]
) -> None:
    call = calling(person["phone"])
    call.key("8")
    programs.kill("rasa")
    programs.start("rasa")
    assert spelled(call.key(person["bhxh_code"])), "its telephone goes on with what was keyed"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"call_id": "a"}',
        b'{"call_id": "", "from": "1", "event": "start", "value": ""}',
        b'{"call_id": "a", "from": "1", "event": "shout", "value": ""}',
        b'{"call_id": "a", "from": 1, "event": "start", "value": ""}',
        b'{"call_id": "a", "from": "1", "event": "start", "value": "", "turn": "x"}',
    ],
)
def test_what_is_no_event_is_refused(programs: Programs, body: bytes) -> None:
    answer = httpx.post(f"{programs.base_url}/webhooks/hotline/simulator", content=body, trust_env=False)
    assert answer.status_code == 400 and answer.json()["error"]["code"]


@pytest.mark.parametrize(
    ("said", "hears"), [("phím tám", "10 số"), ("bấm số 8", "10 số"), ("alo", "Mật khẩu bấm 8"), ("hai", "1.000")]
)
def test_a_key_may_be_said(calling: Calling, said: str, hears: str) -> None:
    assert hears in heard(calling("0911000130").speak(said))


@pytest.mark.parametrize("said", ["cho tôi gặp nhân viên", "số không", "chuyển máy cho tôi gặp tổng đài viên"])
def test_who_asks_for_a_person_is_put_through(calling: Calling, said: str) -> None:
    turn = calling("0911000131").speak(said)
    assert turn["transfer"] == "02437899999" and turn["gather"] is None


@pytest.mark.parametrize(
    ("said", "hears"),
    [
        ("gọi số này mất bao nhiêu tiền một phút", "1.000 đồng"),
        ("cước bao nhiêu", "1.000 đồng"),
        ("cơ quan bảo hiểm ở đâu", "tên tỉnh"),
        ("thêm email cho tôi", "TK1-TS"),
        ("asdkjh", "Gặp người bấm 0"),
        ("tôi lỡ đọc mã otp cho nó rồi giờ phải làm sao", "khóa tài khoản"),
        ("có người gọi xin mã otp", "Đừng đọc mã"),
        ("English please", "Password, press 8"),
    ],
)
def test_what_is_said_outside_a_task_is_answered_for_the_telephone(calling: Calling, said: str, hears: str) -> None:
    turn = calling("0911000132").speak(said)
    assert hears in heard(turn) and turn["gather"]["digits"] == 1


def test_a_code_read_out_with_pauses_is_put_together(calling: Calling, person: dict[str, Any]) -> None:
    words = dict(zip("0123456789", "không một hai ba bốn năm sáu bảy tám chín".split(), strict=True))
    call = calling(person["phone"])
    call.key("8")
    first, last = (" ".join(words[digit] for digit in part) for part in (person["bhxh_code"][:4], person["bhxh_code"][4:]))
    assert "đọc tiếp" in heard(call.speak(first))
    assert spelled(call.speak(f"ừm {last}"))
    slow = calling(person["phone"])
    slow.key("8")
    assert "đọc tiếp" in heard(slow.key(person["bhxh_code"][:5]))
    assert spelled(slow.key(person["bhxh_code"][5:]))


@pytest.mark.parametrize(
    ("said", "hears"),
    [("alo", ""), ("chờ chút nhé", "tôi chờ"), ("nhắc lại xem nào", ""), ("mã số ở đâu", "bảo hiểm y tế"), ("8", "")],
)
def test_a_word_in_between_costs_no_try(calling: Calling, person: dict[str, Any], said: str, hears: str) -> None:
    call = calling(person["phone"])
    call.key("8")
    for _ in range(3):
        turn = call.key(said) if said.isdigit() else call.speak(said)
        assert hears in heard(turn) and "10 số mã" in heard(turn) and turn["gather"]["digits"] == 10
    assert spelled(call.key(person["bhxh_code"]))


def test_key_9_changes_the_language_of_the_question(calling: Calling, person: dict[str, Any]) -> None:
    call = calling(person["phone"])
    call.key("8")
    assert "10 digits" in heard(call.key("9"))
    assert "new password" in heard(call.key(person["bhxh_code"]))


def test_nothing_breaks_into_a_password_that_is_read_out(calling: Calling, person: dict[str, Any]) -> None:
    told = calling(person["phone"]).key(person["bhxh_code"])  # keyed ahead: the privacy sentence comes before it
    assert spelled(told) and told["hangup"] and told["gather"] is None and not told["barge_in"]


def test_a_code_that_looks_like_a_phone_is_taken_without_a_word(calling: Calling, programs: Programs) -> None:
    own = programs.new_account(bhxh_code="0812345671", phone="0975599001")
    call = calling(own["phone"])
    call.key("8")
    told = call.key(own["bhxh_code"])
    assert spelled(told) and "điện thoại" not in heard(told)
