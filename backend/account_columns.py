"""What each column of a file of accounts must be; raises BadValue with the reason in words, never with the value."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from backend.errors import BadValue
from backend.identifiers import email_address, fold, insurance_code, mobile_number

COLUMNS = ("bhxh_code", "full_name", "dob", "personal_id", "phone", "email", "province", "status")
NEEDED = ("bhxh_code", "full_name", "status")
STATUSES = ("active", "waiting", "locked")
MAX_NAME = 100  # characters; the longest name of an identity card has under 50
MAX_EMAIL = 254  # characters (RFC 5321, section 4.5.3.1.3)
FIRST_YEAR = 1900
INVISIBLE = ("Cc", "Cf", "Zl", "Zp")  # categories of Unicode: controls, formats, line and paragraph separators
_MOBILE = re.compile(r"\+84[35789][0-9]{8}")


def cell(column: str, typed: str, today: date) -> str | None:
    """The canonical value, None for an empty one that may be; `today` bounds birth dates."""
    if any("\ud800" <= char <= "\udfff" for char in typed):
        raise BadValue(column, "not UTF-8")
    text = fold(typed) if column != "full_name" else unicodedata.normalize("NFC", typed).strip()
    if any(unicodedata.category(char) in INVISIBLE for char in text):
        raise BadValue(column, "an invisible character (like NUL or a line break)")
    if not text:
        if column in NEEDED:
            raise BadValue(column, "empty")
        return None
    if column == "dob":
        return _birth(text, today)
    try:
        return CHECKS[column](text)
    except BadValue as error:
        raise BadValue(column, WORDS.get(error.reason, error.reason)) from None


def _code(text: str) -> str:
    code = insurance_code(text)
    if len(code) != 10:
        raise BadValue("", "length")
    return code


def _name(text: str) -> str:
    if len(text) > MAX_NAME:
        raise BadValue("", f"longer than {MAX_NAME} characters")
    if not any(char.isalpha() for char in text) or any(char.isdigit() for char in text):
        raise BadValue("", "not a name")
    return " ".join(text.split())


def _birth(text: str, today: date) -> str:
    year_alone = re.fullmatch(r"[0-9]{4}", text) is not None
    try:
        if not year_alone and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        born = date(int(text), 1, 1) if year_alone else date.fromisoformat(text)
    except ValueError:
        raise BadValue("dob", "not a date like 1990-05-14, nor a year") from None
    if born.year < FIRST_YEAR or born > today:
        raise BadValue("dob", f"before {FIRST_YEAR} or in the future")
    return text


def _personal(text: str) -> str:
    if not re.fullmatch(r"[0-9]{12}", text):
        raise BadValue("", "not 12 digits")
    return text


def _phone(text: str) -> str:
    number = mobile_number(text)
    if not _MOBILE.fullmatch(number):
        raise BadValue("", "not_a_phone")
    return number


def _email(text: str) -> str:
    address = email_address(text)
    if len(address) > MAX_EMAIL:
        raise BadValue("", "too_long")
    return address


def _province(text: str) -> str:
    if not re.fullmatch(r"[0-9]{2}", text):
        raise BadValue("", "not a province's two digits")
    return text


def _status(text: str) -> str:
    if text not in STATUSES:
        raise BadValue("", f"not one of {', '.join(STATUSES)}")
    return text


CHECKS: dict[str, Callable[[str], str]] = {
    "bhxh_code": _code,
    "full_name": _name,
    "personal_id": _personal,
    "phone": _phone,
    "email": _email,
    "province": _province,
    "status": _status,
}
WORDS = {
    "too_long": "too long",
    "not_a_code": "not a 10-digit insurance code",
    "length": "not a 10-digit insurance code",
    "not_a_phone": "not a Vietnamese mobile number",
    "not_an_email": "not an email address",
}
