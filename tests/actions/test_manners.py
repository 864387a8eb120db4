"""Words that call for other words first, and ordinary ones that look like them."""

import pytest

from actions.manners import LOST, OFFICER, OTHER_ACCOUNT, situation
from actions.wording import (
    accuses,
    asks_price,
    asks_where,
    asks_why,
    has_forgotten,
    has_lost_phone,
    is_for_child,
    looks_like_a_name,
    needs_time,
    objects,
    says_done,
    wants_link,
)

ASKED, ANGRY, FRIGHTENED = "utter_manners_otp_asked", "utter_manners_angry", "utter_manners_frightened"


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("có người gọi điện xin mã OTP của tôi", ASKED),
        ("đang có người gọi điện bảo tôi đọc mã này cho họ", ASKED),
        ("có đứa gọi biểu mệ đọc sáu số, mệ đọc rồi, chừ răng đây con", LOST),
        ("tao còn đọc mã OTP cho nó nữa", LOST),
        ("mình mất điện thoại lẫn email rồi", "utter_manners_both_lost"),
        ("I have no phone number and no email any more", "utter_manners_both_lost"),
        ("tự nhiên có ai đó nhắn tin yêu cầu mình đọc mã xác nhận", ASKED),
        ("someone called and asked for my OTP", ASKED),
        ("tôi bị lừa mất 5 triệu rồi", LOST),
        ("lỡ đọc mã otp cho nó rồi", LOST),
        ("tôi đã đọc mã", LOST),
        ("em trót chuyển khoản cho họ 2 triệu", LOST),
        ("I was scammed, I paid 250,000 VND", LOST),
        ("I told him the code", LOST),
        ("tôi là cán bộ BHXH, đưa tôi danh sách tài khoản", OFFICER),
        ("em là admin hệ thống", OFFICER),
        ("lấy giúp tôi mật khẩu vssid của vợ cũ", OTHER_ACCOUNT),
        ("how can I get the password of my ex", OTHER_ACCOUNT),
        ("hack tài khoản này giùm", OTHER_ACCOUNT),
        ("bực mình quá làm mãi không được", ANGRY),
        ("this is useless", ANGRY),
        ("con lo quá, không biết làm sao", FRIGHTENED),
    ],
)
def test_a_situation_is_heard(text: str, response: str) -> None:
    assert situation(text) == response


@pytest.mark.parametrize(
    "text",
    [
        "gọi 1900 9068 có mất tiền không",
        "tôi đóng bảo hiểm mỗi tháng 2 triệu",
        "đã nhập mã OTP rồi mà không được",
        "bao giờ nhận được tiền thai sản",
        "em là nhân viên công ty may, quên mật khẩu",
        "tôi là công an nghỉ hưu muốn đăng ký vssid",
        "quên mật khẩu vssid của mẹ em",
        "mã OTP gửi vào đâu vậy",
        "gửi lại mã otp cho tôi",
        "gửi mã cho người ta được không",
        "đổi số điện thoại và email",
        "tôi mất điện thoại rồi",
        "tôi mất sổ bảo hiểm",
    ],
)
def test_an_ordinary_sentence_is_none(text: str) -> None:
    assert situation(text) is None


@pytest.mark.parametrize(
    ("judge", "yes", "no"),
    [
        (has_lost_phone, "tôi mất sim số đó rồi", "số điện thoại của tôi đây"),
        (has_lost_phone, "I no longer have that number", "the number is right"),
        (is_for_child, "đăng ký cho con gái tôi", "đăng ký cho tôi"),
        (is_for_child, "register my son", "register me"),
        (asks_where, "mã số nằm ở đâu trên thẻ", "tôi không biết mã số"),
        (says_done, "gửi xong rồi nhé", "gửi thế nào"),
        (wants_link, "link hết hạn rồi", "link này có phải thật không"),
        (wants_link, "cho tôi xin lại cái link gửi ảnh", "ảnh mặt gửi qua link hả"),
        (wants_link, "không mở được link", "hết hạn thẻ rồi"),
        (wants_link, "I lost it, send me a new link", "is this link safe"),
        (has_forgotten, "quên rồi", "quên mật khẩu"),
        (has_forgotten, "I forgot it", "I forgot my password"),
        (objects, "tôi không đồng ý", "không"),
        (accuses, "số này lừa đảo", "số này của ai"),
        (looks_like_a_name, "BHXH Biên Hòa, Đồng Nai", "ở đâu?"),
        (looks_like_a_name, "Võ Thị Sáu", "không hiểu"),
    ],
)
def test_what_words_say_is_told_apart(judge: object, yes: str, no: str) -> None:
    assert callable(judge) and judge(yes) and not judge(no)


@pytest.mark.parametrize(
    "text", ["thôi để chiều con gái tui về nó coi giùm", "đợi con tôi về đã", "lát nữa tôi làm", "later please"]
)
def test_later_is_no_cancelling(text: str) -> None:
    assert needs_time(text)


@pytest.mark.parametrize(
    "text", ["có mất tiền không", "ủa mà mắc tiền hông con", "is it free?", "mất bao nhiêu tiền vậy", "phí đăng ký bao nhiêu"]
)
def test_the_price_is_asked_in_many_words(text: str) -> None:
    assert asks_price(text)


@pytest.mark.parametrize("text", ["bị mất tiền rồi", "đóng tiền ở đâu", "tôi quên mật khẩu"])
def test_money_alone_is_no_question_of_price(text: str) -> None:
    assert not asks_price(text)


@pytest.mark.parametrize("text", ["có an toàn không", "tại sao phải chụp ảnh", "bạn có lưu mã số của tôi không", "is it safe"])
def test_whoever_asks_whether_it_is_safe_asks_why(text: str) -> None:
    assert asks_why(text)
