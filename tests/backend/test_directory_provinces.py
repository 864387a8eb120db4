"""Provinces by every spelling: old names map to the unit of today, and an ambiguous town is asked about."""

import pytest

from backend import knowledge
from backend.directory.book import places
from backend.directory.provinces import Meant, Province, Provinces

ROWS = knowledge.rows("provinces")
PROVINCES = Provinces(ROWS, places(knowledge.rows("facilities"), []))

SPELLINGS = """
Hà Nội | Hà Nội |
ha noi | Hà Nội |
HANOI | Hà Nội |
hn | Hà Nội |
tp hn | Hà Nội |
thành phố Hà Nội | Hà Nội |
Hà Tây | Hà Nội |
ở hà nội ạ | Hà Nội |
TP.HCM | Hồ Chí Minh |
sài gòn | Hồ Chí Minh |
saigon | Hồ Chí Minh |
tphcm | Hồ Chí Minh |
thanh pho ho chi minh | Hồ Chí Minh |
Bình Dương | Hồ Chí Minh | Bình Dương
binhduong | Hồ Chí Minh | Bình Dương
tỉnh bình dương | Hồ Chí Minh | Bình Dương
Vũng Tàu | Hồ Chí Minh | Bà Rịa - Vũng Tàu
brvt | Hồ Chí Minh | Bà Rịa - Vũng Tàu
Thủ Dầu Một | Hồ Chí Minh | Bình Dương
bắc giang | Bắc Ninh | Bắc Giang
Bắc Ninh | Bắc Ninh |
Thừa Thiên Huế | Huế |
huế | Huế |
đắc lắc | Đắk Lắk |
Dak Nong | Lâm Đồng | Đắk Nông
Đà Lạt | Lâm Đồng |
hoà bình | Phú Thọ | Hòa Bình
ＨＡ ＮＯＩ | Hà Nội |
Quy Nhơn | Gia Lai | Bình Định
""".strip().split("\n")


@pytest.mark.parametrize("case", SPELLINGS)
def test_a_province_is_understood_however_it_is_written(case: str) -> None:
    said, name, old = (part.strip() for part in case.split("|"))
    assert PROVINCES.meant(said) == Meant(Province(name, old or None))


def test_every_name_alias_and_short_form_of_the_table_is_understood() -> None:
    for row in ROWS:
        aliases = knowledge.several(row["aliases"])
        for said in (row["old_name"], f"tỉnh {row['old_name']}", *aliases, *knowledge.several(row["short_forms"])):
            meant = PROVINCES.meant(said).province
            assert meant is not None and (meant.name, meant.part) == (row["new_name"], row["old_name"]), said


@pytest.mark.parametrize("said", ["hn oi", "la gi", "bt thoi", "toi o ct", "", "   ", "xyz", "!!!", "th"[:1]])
def test_a_short_form_counts_only_as_the_whole_value(said: str) -> None:
    assert PROVINCES.meant(said).province is None or said == "la gi"


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Hoàng Mai", {"Hà Nội", "Nghệ An"}),
        ("tan uyen", {"Hồ Chí Minh", "Lai Châu"}),
        ("thị xã Hoàng Mai", {"Hà Nội", "Nghệ An"}),
    ],
)
def test_a_town_that_is_not_unique_gives_candidates(said: str, names: set[str]) -> None:
    meant = PROVINCES.meant(said)
    assert meant.province is None and {one.name for one in meant.candidates} == names


def test_without_the_other_places_a_town_is_that_of_the_table() -> None:
    assert Provinces(ROWS).meant("Hoàng Mai").province == Province("Nghệ An", None)
