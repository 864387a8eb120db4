"""Mails and links, typed and said."""

import pytest

from assistant.nlu.identifiers import find, settle


def values(text: str) -> list[tuple[str, str]]:
    """Return kind and value of everything finally meant in a text."""
    return [(one.kind, one.value) for one in settle(text, find(text))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ờ bà muốn thêm cái thư lan huệ một chín bốn tám a còng gờ meo chấm com vào", "lanhue1948@gmail.com"),
        ("kim oanh bảy lăm a còng gờ meo chấm com con nhé", "kimoanh75@gmail.com"),
        ("email minh anh gạch dưới chín ba a còng ya hu chấm com chấm vn", "minhanh_93@yahoo.com.vn"),
        ("địa chỉ mail thanh tùng hai ngàn lẻ năm a còng g mail chấm com", "thanhtung2005@gmail.com"),
        ("lê hoàng chấm nam một không hai a còng i cloud chấm com", "lehoang.nam102@icloud.com"),
        ("la em hong phuc a cong gmail cham com", "hongphuc@gmail.com"),
        ("đọc là tê hát a nờ hát chấm lê a còng gờ meo chấm com", "thanh.le@gmail.com"),
        ("my email is john dot smith at outlook dot com", "john.smith@outlook.com"),
        ("nguyenlan92 a còng gmail.com", "nguyenlan92@gmail.com"),
        ("thaonguyen_95 a còng gmail com", "thaonguyen_95@gmail.com"),
        ("lan.nguyen @gmail .com", "lan.nguyen@gmail.com"),
        ("lan.nguyen@gmail,com", "lan.nguyen@gmail.com"),
        ("gửi kenji.morita@kyowa-vn.co.jp nhé", "kenji.morita@kyowa-vn.co.jp"),
        ("tranvanduc.han6g@gmail.com nho gan", "tranvanduc.han6g@gmail.com"),
    ],
)
def test_a_mail_is_found_typed_or_said(text: str, value: str) -> None:
    assert values(text) == [("email", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("vào vssid4-0.apk.info tải", "vssid4-0.apk.info"),
        ("cái zalo.me/bhxhvietnam này", "zalo.me/bhxhvietnam"),
        ("HTTPS://BHXH.co/abc?x=1.", "bhxh.co/abc?x=1"),
        ("trang bhxh chấm gov chấm vn có thật không", "bhxh.gov.vn"),
        ("trang web vê ét ét ai đi chấm com", "vssid.com"),
    ],
)
def test_a_link_has_no_scheme(text: str, value: str) -> None:
    assert values(text) == [("url", value)]


@pytest.mark.parametrize(
    "text",
    [
        "tôi ở a còng",
        "meet me at gmail dot com",
        "mo tai khoan.co ai giup",
        "rồi.Tôi",
        "tôi chấm công",
        "at home",
        "@",
        "a@",
        "xong.top",
    ],
)
def test_words_are_no_address(text: str) -> None:
    assert values(text) == []


def test_a_mailbox_with_accents_is_left_to_the_person() -> None:
    assert values("nguyễn.lan@gmail.com nhé") == []


def test_a_host_refused_beside_a_mail_is_no_link() -> None:
    assert values("no wait, mail is oksana.shev@gmail.com not ukr.net") == [("email", "oksana.shev@gmail.com")]
    assert values("trang ukr.net không phải của bảo hiểm à") == [("url", "ukr.net")]


def test_a_mail_that_is_said_behind_one_that_is_typed_is_found_too() -> None:
    text = "gmail: lan@example.com hoa.le at example dot com toi muon dang ky"
    assert [one.value for one in find(text)] == ["lan@example.com", "hoa.le@example.com"]
