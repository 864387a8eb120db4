"""The canaries: one invented person's values, in the spellings people type them, and the patterns that find each of them.

A pattern is matched against text that is folded (lower case, no accents), so that it need not know spellings but one.
"""

import re
from dataclasses import dataclass, field

_BETWEEN_DIGITS = r"[\s.,/_*|\-()+•·]{0,3}"
_DIGIT_WORDS = ("khong", "mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin")
_ENGLISH_DIGIT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SHOWN_DIGITS = 4
"""The tail that a mask leaves readable."""


@dataclass(frozen=True)
class Canary:
    """A value of one kind. `typed` are its spellings within a message, `patterns` what it is recognised by."""

    kind: str
    value: str
    patterns: tuple[re.Pattern[str], ...]
    typed: tuple[str, ...] = field(default=())


def number(kind: str, digits: str, *typed: str) -> Canary:
    """A number: any part of it that is longer than its tail counts, however the digits are set apart or said."""
    length = min(len(digits), SHOWN_DIGITS + 3)
    parts = sorted({digits[start : start + length] for start in range(len(digits) - length + 1)})
    patterns = [_part(part, ends=length == len(digits)) for part in parts]
    patterns.append(_part("84" + digits.removeprefix("0")[:length], ends=False))
    first, *others = ((digit, _DIGIT_WORDS[int(digit)], _ENGLISH_DIGIT_WORDS[int(digit)]) for digit in digits[:length])
    following = "".join(f"{_BETWEEN_DIGITS}(?:{'|'.join(said)})" for said in others)
    patterns += [_number(said, following, ends=length == len(digits)) for said in first]
    return Canary(kind, digits, tuple(patterns), typed)


def _part(digits: str, *, ends: bool) -> re.Pattern[str]:
    return _number(digits[0], "".join(_BETWEEN_DIGITS + digit for digit in digits[1:]), ends=ends)


def _number(first: str, following: str, *, ends: bool) -> re.Pattern[str]:
    """Match digits that do not stand in the middle of another number, or of its fraction, by chance.

    What stands before is looked at after the first one: a pattern that begins with a letter is searched for much faster.
    """
    return re.compile(rf"{first}(?<!\d{first})(?<!\d\.{first}){following}" + r"(?!\d)" * ends)


def words(kind: str, value: str, patterns: tuple[str, ...], *typed: str) -> Canary:
    """A value made of words."""
    return Canary(kind, value, tuple(re.compile(pattern) for pattern in patterns), typed)


def secret(kind: str, value: str) -> Canary:
    """A token of the machinery: only the exact string counts, whatever its case."""
    return Canary(kind, value, (re.compile(re.escape(value.lower())),))


ACCOUNT = {
    "bhxh_code": "8143650927",
    "personal_id": "001185073946",
    "phone": "0978264513",
    "email": "canary.tweety@example.com",
    "full_name": "Vũ Thị Kim Hoàng Nguyệt",
    "dob": "1985-07-23",
}
OTP_TYPED = "604913"
"""A one-time code that somebody types, though it is nobody's."""

PERSONAL = (
    number(
        "bhxh_code",
        ACCOUNT["bhxh_code"],
        "8143650927",
        "mã 814 365 0927",
        "mã số 814.365.0927",
        "so bhxh 81-4365-0927",
        "mã 814/365/0927 hay 814,365,0927",
        "mã ８１４３６５０９２７",
        "tám một bốn ba sáu năm không chín hai bảy",
        "tam mot bon ba sau nam khong chin hai bay nha",
        "thẻ HC 4 79 8143650927",
        "code eight one four three six five zero nine two seven",
        "mã8143650927",
        "8143650927nhé",
        "81436\n50927",
        "8143 - 6509 - 27",
        "8*1*4*3*6*5*0*9*2*7",
        "mã 8 một 4 ba 6 năm 0 chín 2 bảy",
        "8143650 927, 0927",
    ),
    number("personal_id", ACCOUNT["personal_id"], "cccd 001185073946", "căn cước 001 185 073 946", "cccd 0011.8507.3946"),
    number("id_document", "381946275", "cmnd 381946275", "chứng minh 381 946 275"),
    words("passport", "C7719364", (r"c ?77193",), "hộ chiếu C7719364", "passport c7719364"),
    number(
        "phone",
        ACCOUNT["phone"],
        "sdt 0978 264 513",
        "gọi +84 978 264 513",
        "đt 84978264513",
        "0978.264.513",
        "không chín bảy tám hai sáu bốn năm một ba",
        "dt ０９７８２６４５１３",
        "+84(0)978264513",
        "0978/264/513",
    ),
    words(
        "email",
        ACCOUNT["email"],
        (r"canary[\W_]{0,3}(?:cham|dot)?[\W_]{0,3}tweety",),
        "email canary.tweety@example.com",
        "mail canary.tweety a còng example chấm com",
        "mail canary chấm tweety a còng example chấm com",
        "gmail: Canary.Tweety@EXAMPLE.com",
        "canary.tweety@examplecom",
        "mail canary.tweety(at)example.com",
        "canary.tweety at example dot com",
        "canary.tweety＠example.com",
        "canary . tweety @ example . com",
        "canary.tweety(a)gmail.com",
        "canary tweety gmail com",
        "canary.tweety@",
        "canary.tweety%40example.com",
        "canary chấm tweety a vòng gmail",
    ),
    words(
        "full_name",
        ACCOUNT["full_name"],
        (r"nguyet", r"kim[\W_]{1,3}hoang"),
        "tôi là Vũ Thị Kim Hoàng Nguyệt",
        "em ten vu thi kim hoang nguyet",
        "VŨ THỊ KIM HOÀNG NGUYỆT",
        "ho ten: Vu Thi Kim Hoang Nguyet",
        "my name is Kim Hoang Nguyet",
        "mình là Nguyệt",
        "bà Nguyệt ạ",
        "con gái Kim Hoàng Nguyệt",
        "chủ tk: VU THI KIM HOANG NGUYET",
        "i am Nguyet Vu",
        "họ Vũ tên Nguyệt",
    ),
    words(
        "name of a minority",
        "Giàng A Páo",
        (r"giang[\W_]{1,3}a[\W_]{1,3}pao",),
        "tôi tên là Giàng A Páo",
        "họ và tên Giàng A Páo",
    ),
    words(
        "dob",
        ACCOUNT["dob"],
        (
            r"1985\W0?7\W23",
            r"23 ?(?:thang|[/.\- ]) ?0?7 ?(?:nam|[/.\- ]) ?(?:19)?85",
            r"23071985",
            r"19850723",
            r"23 thang 7",
            r"23 ?jul",
            r"hai ba thang bay",
        ),
        "sinh ngày 23/07/1985",
        "sinh 23-7-1985",
        "sinh 23 tháng 7 năm 1985",
        "ngay sinh 23.07.85",
        "ns 23071985",
        "born 1985-07-23",
        "sinh ngày 23 tháng 7",
        "sinh 23/7/85",
        "23 7 1985",
        "ngày 23 tháng 7, 1985",
        "born 23 July 1985",
        "hai ba tháng bảy năm tám lăm",
    ),
    number(
        "typed otp",
        OTP_TYPED,
        "otp 604913",
        "mã otp là 604 913",
        "604.913",
        "sáu không bốn chín một ba",
        "code 6 0 4 9 1 3",
        "mã604913",
        "60 49 13",
    ),
    words(
        "typed password",
        "Tweety#5582sing",
        (r"tweety#?5582", r"5582sing"),
        "mật khẩu cũ của tôi là Tweety#5582sing",
        "mat khau Tweety#5582sing",
        "mk: Tweety5582sing",
        "my password is Tweety#5582sing",
        "Tweety#5582sing",
        "Tweety#5582sing là mật khẩu của tôi",
        "password=Tweety#5582sing",
        "mk e là tweety5582sing",
    ),
    words(
        "password without digits",
        "conyenhotsang",
        (r"conyenhotsang",),
        "mật khẩu là conyenhotsang",
        "pass: conyenhotsang",
        "matkhau conyenhotsang",
        "mk mới conyenhotsang",
    ),
)
"""Everything a person may type that is nobody else's business."""
