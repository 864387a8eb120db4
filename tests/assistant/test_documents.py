"""Passports of any country and health insurance cards."""

import pytest

from assistant.nlu.identifiers import find


def values(text: str) -> list[tuple[str, str]]:
    """Return kind and value of everything in a text."""
    return [(one.kind, one.value) for one in find(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("passport number là C7719026 nha", "C7719026"),
        ("Japanese passport TZ4418205 and no ID", "TZ4418205"),
        ("passport FE902117, living in Da Nang", "FE902117"),
        ("M60317755", "M60317755"),
        ("hộ chiếu c7719026", "C7719026"),
        ("hộ chiếu của tôi số c 771 9026", "C7719026"),
        ("passport GB 537710284", "537710284"),
        ("hộ chiếu xê bảy bảy một chín không hai sáu", "C7719026"),
        ("I lost my passport M20118837 at the bar", "M20118837"),
    ],
)
def test_a_passport_is_written_in_capitals(text: str, value: str) -> None:
    assert values(text) == [("id_document", value)]


@pytest.mark.parametrize("text", ["HS4797900000001", "thẻ DN 4 79 7900000001", "GD-4-79-7900000001", "hs 4 79 79.0000.0001"])
def test_of_a_card_number_the_last_ten_digits_are_the_code(text: str) -> None:
    assert values(text) == [("bhxh_code", "7900000001")]


@pytest.mark.parametrize(
    "text",
    [
        "mẫu D02",
        "TK1-TS",
        "QĐ 595",
        "A1234567890",
        "xe 51F-12345",
        "phòng B12",
        "mã k12345",
        "hồ sơ 04486.G/2020/08708",
        "ABC1234567",
    ],
)
def test_other_letters_and_digits_are_no_document(text: str) -> None:
    assert values(text) == []
