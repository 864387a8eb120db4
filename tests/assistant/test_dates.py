"""Birth dates in the spellings people use, and dates that are none."""

from datetime import date

import pytest

from assistant.nlu.dates import find
from assistant.nlu.typed_text import TypedText

TODAY = date(2026, 11, 22)


def dates(text: str) -> list[str]:
    """Return the birth dates in a text."""
    return [one.value for one in find(TypedText(text), TODAY)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sinh 12/3/85", "1985-03-12"),
        ("6-9-77", "1977-09-06"),
        ("sn 10.10.92", "1992-10-10"),
        ("ngày mùng 3 tháng 2 năm 58", "1958-02-03"),
        ("sinh ngyà mung 3 thang 2 nam 58", "1958-02-03"),
        ("mùng ba tháng mười năm một nghìn chín trăm bảy mươi", "1970-10-03"),
        ("sinh ngày mười chín tháng tám năm một chín bốn bảy", "1947-08-19"),
        ("sinh ngày hai hai tháng mười một năm hai ngàn hai mươi", "2020-11-22"),
        ("sinh ngày hai mươi lăm tháng chạp năm chín hai", "1992-12-25"),
        ("sinh năm 62", "1962"),
        ("sn 66", "1966"),
        ("sn 2k1 nha", "2001"),
        ("sinh năm năm mươi lăm", "1955"),
        ("sinh nawm 1995 owr Socs Trawng", "1995"),
        ("tuổi Hợi, sinh năm 1971", "1971"),
        ("đẻ năm 2015", "2015"),
        ("sinh tháng 5 năm 2016", "2016"),
        ("19 Aug 1987", "1987-08-19"),
        ("born on the 5th of May, 1990", "1990-05-05"),
        ("May 5, 1990", "1990-05-05"),
        ("12-Mar-85", "1985-03-12"),
        ("Born the second of June, 1991.", "1991-06-02"),
        ("DOB 1984/11/23", "1984-11-23"),
        ("dob: 11/23/1984", "1984-11-23"),
        ("Trying to enrol my dad, Nguyen Dinh Khoi, born 1959, stuck", "1959"),
        ("Nguyễn Văn Tám, 1957, An Giang", "1957"),
        ("nguyen van tam, 1957, an giang", "1957"),
        ("sinh 23071985", "1985-07-23"),
        ("1985 ạ", "1985"),
        ("sinh 29/2/2004", "2004-02-29"),
        ("ngày sinh: 05 08 1979", "1979-08-05"),
    ],
)
def test_a_birth_date_is_found_however_it_is_written(text: str, value: str) -> None:
    assert dates(text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "nộp hồ sơ ngày 12/3/2024",
        "hẹn ngày 5 tháng 10 năm 2025 mà chưa thấy",
        "làm từ 1/3/2015 đến 30/6/2020",
        "đóng từ 01/2019 đến 12/2023",
        "thẻ hết hạn 31/12/2024",
        "passport issued 12/12/2020 expires 12/12/2030",
        "submitted on 5 May 2024",
        "sinh 2 con",
        "con tôi sinh 12 tháng rồi",
        "sinh viên năm 2023",
        "sinh 30/2/1990",
        "sinh 31/12/2027",
        "sinh năm 2050",
        "phiên bản 2.3.10",
        "hồ sơ 04486.G/2020/08708",
        "23071985",
        "mở 24/7",
        "tu nam 2012 den gio",
        "năm 2023",
    ],
)
def test_another_date_is_none(text: str) -> None:
    assert dates(text) == []


def test_two_digits_are_a_year_of_the_last_hundred() -> None:
    assert dates("sinh 1/1/26") == ["2026-01-01"]
    assert dates("sinh 1/1/27") == ["1927-01-01"]
    assert dates("sinh 1/12/26") == []


def test_two_people_have_two_birth_dates() -> None:
    assert dates("Do Thi Cam Tu, 15/01/2001 and Mai Xuan Hoa, 09/09/1997.") == ["2001-01-15", "1997-09-09"]
