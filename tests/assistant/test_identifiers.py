"""Every identifier in the spellings people use."""

import pytest

from assistant.nlu.identifiers import find, settle, values_by_kind


def values(text: str) -> dict[str, str | list[str]]:
    """Return what is finally meant in a text."""
    return values_by_kind(settle(text, find(text)))


@pytest.mark.parametrize(
    "text",
    [
        "7900000001",
        "mã số: 7900000001.",
        "79 0000 0001",
        "79.0000.0001",
        "790-000-0001",
        "７９０００００００１",
        "thẻ HS4797900000001",
        "DN 4 79 7900000001",
        "bảy chín không không không không không không không một",
        "bay chin khong khong khong khong khong khong khong mot",
        "(7900000001)",
        "mã:7900000001,nhé",
    ],
)
def test_a_code_is_found_however_it_is_written(text: str) -> None:
    assert values(text) == {"bhxh_code": "7900000001"}


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("079190000001", "personal_id", "079190000001"),
        ("cmnd 123456789", "id_document", "123456789"),
        ("0912345678", "phone", "0912345678"),
        ("+84 912 345 678", "phone", "0912345678"),
        ("84912345678", "phone", "0912345678"),
        ("024 37899999", "phone", "02437899999"),
        ("otp 123 456", "otp", "123456"),
        ("1900.9068", "hotline", "19009068"),
        ("1900 2525 10", "hotline", "1900252510"),
        ("sinh 14/5/1990", "dob", "1990-05-14"),
        ("1990-05-14", "dob", "1990-05-14"),
        ("882.400 đây ạ", "otp", "882400"),
        ("mã 7.900.000.001 đúng không", "bhxh_code", "7900000001"),
        ("Lan.Nguyen@Example.COM", "email", "lan.nguyen@example.com"),
        ("lan chấm nguyen a còng gmail chấm com", "email", "lan.nguyen@gmail.com"),
        ("lan a cong gmail.com", "email", "lan@gmail.com"),
        ("lan at gmail dot com", "email", "lan@gmail.com"),
        ("lan @ gmail.com", "email", "lan@gmail.com"),
        ("https://BHXH.co/abc", "url", "bhxh.co/abc"),
        ("trang www.hoidapluatbaohiemxahoi.com.", "url", "www.hoidapluatbaohiemxahoi.com"),
    ],
)
def test_every_kind_has_its_normal_form(text: str, kind: str, value: str) -> None:
    assert values(text) == {kind: value}


@pytest.mark.parametrize(
    "text",
    ["mất 250.000 đồng", "79000", "năm 2023", "1.000 đồng/phút", "change it at once.\nAll others", "một hai ba", "10.30.25"],
)
def test_what_is_no_identifier_is_left_alone(text: str) -> None:
    assert values(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "a@x.vn à nhầm b@x.vn",
        "không phải a@x.vn mà là b@x.vn",
        "b@x.vn chứ không phải a@x.vn",
        "mail a@x.vn, ý em là b@x.vn",
        "a@x.vn, sorry I mean b@x.vn",
        "a@x.vn nham, b@x.vn",
        "b@x.vn mới đúng, a@x.vn sai rồi",
        "b@x.vn, lúc nãy tôi ghi nhầm a@x.vn",
        "a@x.vn is wrong, b@x.vn",
    ],
)
def test_after_a_correction_the_value_finally_meant_counts(text: str) -> None:
    assert values(text) == {"email": "b@x.vn"}


def test_several_values_without_a_correction_all_stay_in_order() -> None:
    assert values("a@x.vn và b@x.vn") == {"email": ["a@x.vn", "b@x.vn"]}


def test_different_kinds_in_one_sentence_are_all_found() -> None:
    text = "em tên Lan, mã 7900000001, mail lan@example.com, otp 123456"
    assert values(text) == {"bhxh_code": "7900000001", "email": "lan@example.com", "otp": "123456"}


def test_offsets_are_those_of_the_original_text() -> None:
    text = "ｍã ７９０００００００１ nhé"
    (one,) = find(text)
    assert text[one.start : one.end] == "７９０００００００１"


def test_two_one_time_codes_are_no_personal_number() -> None:
    assert values("123456 654321") == {"otp": ["123456", "654321"]}
