"""Telephone numbers as people write them: one canonical form, and the verdict on it."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from backend.official.facts import Row, facts
from backend.official.findings import Finding, Kind, Reason, Verdict
from backend.official.spelling import distance


class Shape(StrEnum):
    """What sort of number it is, by its digits alone."""

    SERVICE = "service"  # 1900 and 1800, 8 or 10 digits
    MOBILE = "mobile"
    LANDLINE = "landline"
    SHORT = "short"  # 3 to 6 digits: message codes, emergency numbers
    BEGINNING = "beginning"  # the first digits of mobile numbers, as in "numbers with 093"
    FOREIGN = "foreign"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class Number:
    """`digits` is the national form (`02437899999`, `19009068`), with `+` only when it is foreign or malformed."""

    shape: Shape
    digits: str


_SERVICE = re.compile(r"1[89]00(?:\d{4}|\d{6})")
_MOBILE = re.compile(r"0[35789]\d{8}")  # ten digits since 2018
_LANDLINE = re.compile(r"02\d{9}")
_BEGINNING = re.compile(r"0[35789]\d{1,5}")
_NOT_A_DIGIT = re.compile(r"[^\d]")
_LOCAL_DIGITS = 15  # at most, by ITU-T E.164


def read(typed: str) -> Number:
    """The number in a text that holds nothing else, in the digits of any script."""
    text = typed.strip()
    digits = _NOT_A_DIGIT.sub("", text)
    digits = "".join(str(unicodedata.digit(one)) for one in digits)
    international = text.lstrip(" (").startswith("+") or digits.startswith("00")
    if international:
        return _international(digits.removeprefix("00") if digits.startswith("00") else digits)
    return _national(digits) or _with_country_code(digits) or _short(digits) or Number(Shape.MALFORMED, digits[:_LOCAL_DIGITS])


def _national(digits: str) -> Number | None:
    for pattern, shape in ((_SERVICE, Shape.SERVICE), (_MOBILE, Shape.MOBILE), (_LANDLINE, Shape.LANDLINE)):
        if pattern.fullmatch(digits):
            return Number(shape, digits)
    without_zero = "0" + digits
    if _LANDLINE.fullmatch(without_zero) and without_zero in facts().official_numbers:
        return Number(Shape.LANDLINE, without_zero)
    return None


def _with_country_code(digits: str) -> Number | None:
    if not digits.startswith("84"):
        return None
    rest = digits[2:].removeprefix("0")
    if rest.startswith("1") or len(rest) < 9:
        return _national(rest) if _SERVICE.fullmatch(rest) else None
    return _national("0" + rest)


def _international(digits: str) -> Number:
    plus = "+" + digits[:_LOCAL_DIGITS]
    if digits.startswith("84"):
        found = _with_country_code(digits)
        beginning = "0" + digits[2:].removeprefix("0")
        if found is None and _BEGINNING.fullmatch(beginning):
            return Number(Shape.BEGINNING, beginning)
        return found or Number(Shape.MALFORMED, plus)
    try:
        number = phonenumbers.parse(plus, None)
        possible = phonenumbers.is_valid_number(number)
    except phonenumbers.NumberParseException:
        possible = False
    return Number(Shape.FOREIGN if possible else Shape.MALFORMED, plus)


def _short(digits: str) -> Number | None:
    if _BEGINNING.fullmatch(digits):
        return Number(Shape.BEGINNING, digits)
    return Number(Shape.SHORT, digits) if 3 <= len(digits) <= 6 and not digits.startswith("0") else None


def judge(number: Number) -> Finding:
    """The verdict on one number; a mobile prefix that was reported is no evidence against the others that bear it."""
    if number.shape is Shape.MALFORMED and re.match(r"\+1[89]00\d", number.digits):
        return _behind_a_plus(number)
    digits = number.digits
    official = facts().official_numbers.get(digits)
    if official is not None:
        reasons = [Reason.OFFICE_NUMBER if official.kind == "office phone" else Reason.LISTED]
        if not official.offered:
            reasons.append(Reason.NOT_OFFERED)
        return _finding(Verdict.OFFICIAL, number, tuple(reasons), official)
    reported = next((row for row in facts().reported_of("phone") if row.normalised == digits), None)
    if reported is not None:
        return _finding(Verdict.REPORTED_FRAUD, number, (Reason.REPORTED,), reported)
    prefix = next((row for row in facts().reported_of("prefix") if row.evidence and digits.startswith(row.normalised)), None)
    if prefix is not None:
        return _finding(Verdict.REPORTED_FRAUD, number, (Reason.REPORTED_PREFIX,), prefix)
    twin = _official_twin(number)
    if twin is not None:
        return _finding(Verdict.SUSPICIOUS, number, (Reason.LIKE_OFFICIAL_NUMBER,), related=(twin,))
    return _unlisted(number)


def _behind_a_plus(number: Number) -> Finding:
    """A service number shown as a foreign one, which it cannot be: suspicious, or what is reported of the bare one."""
    bare = judge(read(number.digits[1:]))
    if bare.verdict is Verdict.REPORTED_FRAUD:
        return _finding(bare.verdict, number, (*bare.reasons, Reason.MALFORMED), bare.matched)
    if bare.verdict is Verdict.UNKNOWN or bare.verdict is Verdict.NOT_OFFICIAL:
        return _finding(Verdict.UNKNOWN, number, (Reason.MALFORMED,))
    twins = (bare.matched,) if bare.matched else bare.related
    return _finding(Verdict.SUSPICIOUS, number, (Reason.LIKE_OFFICIAL_NUMBER, Reason.MALFORMED), related=twins)


def _official_twin(number: Number) -> Row | None:
    """The official service number that this one is easily taken for: one digit off, swapped or longer."""
    digits = number.digits
    if not re.match(r"0?1[89]", digits):
        return None
    hotlines = (row for row in facts().official_of("phone") if row.offered and _SERVICE.fullmatch(row.normalised))
    close = (row for row in hotlines if digits.startswith(row.normalised) or distance(digits, row.normalised) <= 1)
    return next(close, None)


def _unlisted(number: Number) -> Finding:
    if number.shape is Shape.SERVICE:
        hotlines = tuple(row for row in facts().official_of("phone") if row.offered and _SERVICE.fullmatch(row.normalised))
        return _finding(Verdict.NOT_OFFICIAL, number, (Reason.ONE_HOTLINE, Reason.IN_NO_LIST), related=hotlines)
    former = facts().former_numbers.get(number.digits)
    if former is not None:
        return _finding(Verdict.UNKNOWN, number, (Reason.FORMER_OFFICE_NUMBER,), related=(former,))
    if number.shape is Shape.MALFORMED:
        return _finding(Verdict.UNKNOWN, number, (Reason.MALFORMED,))
    if number.shape is Shape.FOREIGN:
        return _finding(Verdict.UNKNOWN, number, (Reason.FOREIGN_NUMBER, Reason.IN_NO_LIST))
    if number.shape not in (Shape.MOBILE, Shape.BEGINNING):
        return _finding(Verdict.UNKNOWN, number, (Reason.IN_NO_LIST,))
    beginning = [row for row in facts().reported_of("prefix") if number.digits.startswith(row.normalised)]
    reasons = [Reason.IN_NO_LIST, Reason.NO_STAFF_MOBILES]
    if beginning:
        reasons.append(Reason.PREFIX_IS_NO_EVIDENCE)
    longest = sorted(beginning, key=lambda row: -len(row.normalised))[:1]
    return _finding(Verdict.UNKNOWN, number, tuple(reasons), related=tuple(longest))


def _finding(
    verdict: Verdict,
    number: Number,
    reasons: tuple[Reason, ...],
    matched: Row | None = None,
    related: tuple[Row, ...] = (),
) -> Finding:
    return Finding(verdict, Kind.NUMBER, number.digits, reasons, matched, related)
