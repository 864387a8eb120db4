"""What may be written down."""

import pytest

from assistant.privacy import blank


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("mã 7900000001", "mã ••••0001"),
        ("sđt 0912 345 678", "sđt ••••5678"),
        ("Lan.Nguyen@example.com", "l••••@example.com"),
        ("otp 123 456", "otp ••••"),
        ("sinh 14/05/1990", "sinh ••••"),
        ("Tôi là Nguyễn Thị Lan, chào bạn", "Tôi là ••••, chào bạn"),
        ("em ten la nguyen thi lan", "em ten la ••••"),
        ("NGUYỄN THỊ LAN", "••••"),
        ("my name is John Smith", "my name is ••••"),
        ("mật khẩu của tôi là Abc@12345", "mật khẩu của tôi là ••••"),
        ("pass: hoahong88", "pass: ••••"),
        ("mã 790000000", "mã ••••0000"),
        ("79123", "••••"),
        ("mã 790/0000/001 hay 790,000,0001", "mã •••• hay ••••"),
        ("79_0000_0001", "••••"),
        ("otp 882,400", "otp ••••"),
        ("882.400 đây ạ", "•••• đây ạ"),
        ("mã 7.900.000.001 đúng không", "mã ••••0001 đúng không"),
        ("1900123456", "••••3456"),
        ("lan.nguyen@gmailcom", "••••"),
        ("nguyễn.lan@gmail.com nhé", "•••• nhé"),
        ("lan.nguyen a-còng gmail", "••••"),
        ("lan.nguyen[at]gmail.com", "••••"),
        ("mail: lan.nguyengmail.com", "mail: ••••"),
        ("mật khẩu cũ hoahong88", "mật khẩu cũ ••••"),
        ("mật khẩu là: hoahong88", "mật khẩu là: ••••"),
        ("my password was Abc@12345 before", "my password was •••• before"),
        ("tên con tôi là Bùi Gia Bảo", "tên con ••••"),
        ("tôi tên lan", "tôi tên ••••"),
        ("sinh 14 tháng 5 năm 1990", "sinh ••••"),
        ("sinh 14/5/90", "sinh ••••"),
        ("안녕 Nguyễn Thị Lan, mật khẩu là hoahong88", "안녕 ••••, mật khẩu là ••••"),
        ("không chín một hai ba bốn năm sáu", "••••"),
        ("C7719364 7912345678", "C•••• ••••5678"),
        ("sinh 23071985 7912345678", "sinh •••• ••••5678"),
        ("7912345678(lan.nguyen@gmailcom)", "••••5678••••"),
        ("8143 - 6509 - 27", "••••"),
        ("lan.nguyen(a)gmail.com hay lan nguyen gmail com", "•••• hay ••••"),
        ("VŨ THỊ KIM HOÀNG NGUYỆT", "••••"),
        ("con gái Kim Hoàng Nguyệt", "con gái ••••"),
        ("mình là Nguyệt ạ", "mình là •••• ạ"),
        ("Tweety#5582sing", "••••"),
        ("hoahong88 là mật khẩu của tôi", "•••• là mật khẩu của tôi"),
        ("mk mới conyenhotsang nhé", "mk mới •••• nhé"),
        ("hai ba tháng bảy năm tám lăm", "••••"),
        ("born 23 July 1985", "born ••••"),
    ],
)
def test_personal_values_are_masked(text: str, written: str) -> None:
    assert blank(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "tôi quên mật khẩu thì phải làm sao",
        "gọi 1900 9068 hoặc 024 37899999",
        "số 1900252510 lừa mất 250.000 đồng",
        "vào https://dichvucong.baohiemxahoi.gov.vn",
        "hồ sơ nộp ở đâu",
        "reset password for me",
        "từ tháng sau, trong ba tháng",
        "Bảo Hiểm Xã Hội Việt Nam",
        "Starting Rasa server on http://127.0.0.1:5005",
        "••••0001",
        "",
    ],
)
def test_what_names_nobody_stays_readable(text: str) -> None:
    assert blank(text) == text


@pytest.mark.parametrize(
    "text", ["mã 7900000001 mail a.b@example.com", "mật khẩu là Abc@12345", "Lê Thị Mai 0912345678 otp 123456"]
)
def test_masking_twice_changes_nothing(text: str) -> None:
    assert blank(blank(text)) == blank(text)


def test_the_assistants_own_sentences_are_not_taken_for_names() -> None:
    text = "go to the nearest office, or to Cổng Dịch vụ công"
    assert blank(text, own_words=True) == text
