"""Words that call for other words first, and ordinary ones that look like them."""

import pytest

from actions.manners import LOST, OFFICER, OTHER_ACCOUNT, situation
from actions.wording import (
    accuses,
    asks_price,
    asks_to_repeat,
    asks_where,
    asks_whether,
    asks_why,
    cancels,
    has_forgotten,
    has_lost_phone,
    has_not_arrived,
    has_only,
    hesitates,
    is_for_child,
    looks_like_a_name,
    lost_something,
    needs_time,
    objects,
    resembles_email,
    says_done,
    skips,
    wants_again,
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
        (cancels, "thôi không làm nữa", "có cccd thôi"),
        (cancels, "à thôi", "thôi được"),
        (has_only, "có 5 số thôi", "thôi không làm nữa"),
        (skips, "bỏ qua bước này", "qua bước này"),
        (hesitates, "đừng", "đúng"),
        (hesitates, "ok nhưng đổi tên", "ok gửi đi"),
        (hesitates, "khoan đã, đừng gửi", "dung roi"),
        (needs_time, "bận rồi lát làm", "cho hỏi mất bao lâu"),
        (needs_time, "đợi em lấy điện thoại", "làm cho mẹ tôi"),
        (needs_time, "cho em tí", "à mà tôi muốn đăng ký cho vợ tôi"),
        (has_lost_phone, "đổi số rồi", "đợi em lấy điện thoại"),
        (has_lost_phone, "bỏ số đó rồi", "bố em cầm số đó"),
        (has_lost_phone, "số cũ mất rồi", "điện thoại bác vẫn số cũ"),
        (is_for_child, "con trai tôi 10 tuổi có đăng ký được không", "cho cháu hỏi đăng ký thế nào ạ"),
        (is_for_child, "đăng ký cho con", "còn em chưa có tài khoản thì đăng ký sao"),
        (lost_something, "đã đọc mã", "tôi đã cho mã số rồi mà"),
        (lost_something, "tôi chuyển tiền rồi", "bảo hiểm đã chuyển tiền rồi"),
        (lost_something, "lỡ bấm vào link rồi", "link ở đâu"),
        (lost_something, "lỡ cài app nó gửi", "đã cài app vssid rồi"),
        (lost_something, "tui lỡ đọc rồi làm sao giờ", "tôi vừa cung cấp mã số rồi sao hỏi hoài"),
        (lost_something, "bị mất 5 triệu", "làm lại mật khẩu mất 50k đúng không"),
        (lost_something, "tôi bị lừa rồi", "tôi sợ bị lừa quá"),
        (lost_something, "em đã cho họ mã otp", "tôi đã chờ mã OTP 10 phút rồi không thấy"),
        (lost_something, "đã nộp tiền cho họ", "tôi đã nộp tiền bhyt hộ gia đình mà chưa thấy thẻ"),
        (lost_something, "I gave him the code", "someone told me to scan a QR code"),
        (asks_whether, "số 1900 9068 có lừa đảo không", "trang x là lừa đảo, tôi báo cáo"),
        (wants_again, "chưa thấy mã", "thấy rồi"),
        (wants_again, "gửi lại mã đi", "mã đây"),
        (wants_again, "không nhận được mã", "tôi nhập mã rồi mà"),
        (wants_again, "không", "không phải tôi"),
        (wants_again, "mã gửi lâu rồi mà chưa nhận được", "đã gửi mã otp cho bạn rồi"),
        (hesitates, "sai rồi", "đúng, không sai"),
        (has_not_arrived, "chưa nhận được mật khẩu", "quên mật khẩu"),
        (resembles_email, "hoa@gmail", "email nào vậy"),
        (resembles_email, "hoanguyen gmail", "không có"),
        (resembles_email, "hoagmail.com", "ở đâu vậy."),
        (asks_to_repeat, "nhắc lại xem nào", "lại đây"),
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
