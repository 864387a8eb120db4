"""Numbers written and said in every grouping, and what a bare number is."""

import pytest

from assistant.nlu.identifiers import find, settle, values_by_kind
from assistant.nlu.numerals import dictated, small, year


def values(text: str) -> dict[str, str | list[str]]:
    """Return what is finally meant in a text."""
    return values_by_kind(settle(text, find(text)))


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("không chín một hai", "0912"),
        ("khong chin muoi hai", "092"),
        ("không chín mười hai", "0912"),
        ("bảy lăm", "75"),
        ("mười chín", "19"),
        ("hai mươi mốt", "21"),
        ("tám mươi", "80"),
        ("chín trăm linh năm", "905"),
        ("một trăm hai mươi ba", "123"),
        ("ba số tám", "888"),
        ("hai con chín", "99"),
        ("double five", "55"),
        ("triple zero one", "0001"),
        ("twenty one nineteen", "2119"),
        ("0 9 một hai", "0912"),
    ],
)
def test_dictated_digits_are_read_in_any_grouping(said: str, digits: str) -> None:
    assert dictated(said.split()) == digits


@pytest.mark.parametrize(
    ("said", "number"), [("mười chín", 19), ("ba mốt", 31), ("hai hai", 22), ("giêng", 1), ("chạp", 12), ("tư", 4), ("nhà", None)]
)
def test_days_and_months_are_small_numbers(said: str, number: int | None) -> None:
    assert small(said.split()) == number


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("một nghìn chín trăm bảy mươi", "1970"),
        ("một ngàn chín trăm tám mươi chín", "1989"),
        ("hai nghìn không trăm linh năm", "2005"),
        ("hai ngàn mười tám", "2018"),
        ("hai ngàn", "2000"),
        ("một chín bốn bảy", "1947"),
        ("một chín tám mươi", "1980"),
        ("hai không không năm", "2005"),
        ("năm mươi lăm", "55"),
        ("chín hai", "92"),
        ("nineteen eighty five", "1985"),
        ("two thousand and five", "2005"),
        ("ba", None),
    ],
)
def test_years_are_said_whole_or_by_their_last_digits(said: str, digits: str | None) -> None:
    assert year(said.split()) == digits


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("số không chín ba bốn bảy một tám hai sáu thì đổi sao", "phone", None),
        ("số không chín không ba bốn bảy một tám hai sáu thì đổi sao", "phone", "0903471826"),
        ("căn cước là không ba sáu không sáu bốn không không hai chín một tám", "personal_id", "036064002918"),
        ("số không chín tám ba số sáu một hai ba hai", "phone", "0986661232"),
        ("oh nine one two double five three four seven eight", "phone", "0912553478"),
        ("mã là năm không chín bảy một ba mới phải", "otp", "509713"),
        ("+84 (0) 912 345 678", "phone", None),
        ("sđt 09 12 34 56 78", "phone", "0912345678"),
        ("sđt 0912 - 345 - 678", "phone", "0912345678"),
        ("098-601-5523", "phone", "0986015523"),
        ("0034 không phải", "otp", None),
        ("1900-9068", "hotline", "19009068"),
        ("gọi +84918702246", "phone", "0918702246"),
    ],
)
def test_a_number_is_what_its_length_says(text: str, kind: str, value: str | None) -> None:
    assert values(text).get(kind) == value


@pytest.mark.parametrize(
    "text",
    [
        "đóng từ tháng ba năm hai ngàn mười lăm đến nay",
        "lương tám triệu năm trăm nghìn",
        "1.500.000 đồng",
        "tôi chờ năm phút ba lần bốn ngày rồi",
        "nam 2012 den gio",
        "19034567890123",
        "24/7",
        "100.000.000",
    ],
)
def test_what_is_counted_or_paid_is_no_identifier(text: str) -> None:
    assert values(text) == {}


def test_numbers_side_by_side_are_cut_where_each_is_one() -> None:
    assert values("0912.345.678 - 0987654321") == {"phone": ["0912345678", "0987654321"]}
    assert values("mã 79 1234 5678 và cmnd 025 123 456") == {"bhxh_code": "7912345678", "id_document": "025123456"}
