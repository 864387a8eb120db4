"""Provinces in every spelling, and words that only look like one."""

import pytest

from assistant.nlu.corrections import settle
from assistant.nlu.provinces import find
from assistant.nlu.typed_text import TypedText


def provinces(text: str) -> list[str]:
    """Return the provinces finally meant in a text."""
    return [one.value for one in settle(text, find(TypedText(text)))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tôi ở Kiên Giang cô ạ.", "Kiên Giang"),
        ("bhxh quan dong da ha noi", "Hà Nội"),
        ("HANOI", "Hà Nội"),
        ("e ở hn", "Hà Nội"),
        ("sg có bv răng nào", "TP. Hồ Chí Minh"),
        ("bhxh q7 tphcm ở đâu", "TP. Hồ Chí Minh"),
        ("ở TP.HCM ạ", "TP. Hồ Chí Minh"),
        ("lên Sài Gòn làm", "TP. Hồ Chí Minh"),
        ("thành phố hồ chí minh", "TP. Hồ Chí Minh"),
        ("truj sowr BHXH Long An owr ddaau vaayj", "Long An"),
        ("to6i o73 ha3i pho2ng, muo61n bie61t", "Hải Phòng"),
        ("DDaf Nawxng ddi taauf hoar", "Đà Nẵng"),
        ("muoons taoj mowis owr DDawks Lawks", "Đắk Lắk"),
        ("Dia chì cơ quan bao hiẻm thanh hoá o dau", "Thanh Hóa"),
        ("ở daklak", "Đắk Lắk"),
        ("đ.nẵng", "Đà Nẵng"),
        ("nộp ở brvt", "Bà Rịa - Vũng Tàu"),
        ("clinics in Ba Ria - Vung Tau where", "Bà Rịa - Vũng Tàu"),
        ("nhà máy ở Thừa Thiên Huế", "Thừa Thiên Huế"),
        ("ở Huế", "Huế"),
        ("trước ở Hà Tây", "Hà Tây"),
        ("dia chi o dong hoi quang bin", "Quảng Bình"),
        ("bhxh quảng bìn", "Quảng Bình"),
        ("ở đa nẵg", "Đà Nẵng"),
        ("Vĩnh Phcú", "Vĩnh Phúc"),
        ("gần ga Vinh Nghê An", "Nghệ An"),
        ("ở quãng nam", "Quảng Nam"),
        ("người xứ Thanh", "Thanh Hóa"),
        ("không phải Bắc Ninh đâu, nhà cháu ở Bắc Giang cơ nhé", "Bắc Giang"),
        ("Phú Thọ, à quên, Vĩnh Phúc mới đúng.", "Vĩnh Phúc"),
    ],
)
def test_a_province_has_its_proper_name(text: str, name: str) -> None:
    assert provinces(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "tôi ở ngoài Bắc",
        "nhà có hai phòng",
        "cà phê hai đường",
        "tôi làm đồng",
        "sổ con la của tôi",
        "app k vô dc, hd e vs",
        "otp k về đt",
        "chị Huệ ơi",
        "em ten hue",
        "bún bò huế",
        "quản trị viên",
        "cần thợ sửa",
        "bên trên",
        "quận Bình Thạnh",
        "so dt tong dai la may",
        "cài đặt, vô tôi",
        "",
    ],
)
def test_ordinary_words_are_no_province(text: str) -> None:
    assert provinces(text) == []


def test_two_provinces_stay_in_order() -> None:
    assert provinces("tinh Bac Lieu nhap vo Ca Mau roi") == ["Bạc Liêu", "Cà Mau"]


def test_a_province_in_what_is_known_to_be_a_name_is_none() -> None:
    assert find(TypedText("TRƯƠNG VĨNH PHÚC"), [(0, 16)]) == []
