"""Folding of what people say about themselves in words: names, dates, places, texts, choices."""

import re
import unicodedata
from datetime import date

from backend.errors import BadValue
from backend.identifiers import email_address, fold, mobile_number

_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
FIRST_YEAR = 1900  # nobody alive was born before
_DATE = re.compile(r"(?P<day>[0-9]{1,2})[\s./-]+(?P<month>[0-9]{1,2})[\s./-]+(?P<year>[0-9]{4})")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_YEAR = re.compile(r"(?P<year>[0-9]{4})")


def full_name(typed: str, field: str = "full_name") -> str:
    """A name in NFC with single spaces, at most 100 letters. Raises BadValue `too_long` or `not_a_name`."""
    name = " ".join(_text(typed, field, 100).split())
    if not re.fullmatch(r"[^\W\d_]+(?:[ '’.-]+[^\W\d_]+)*\.?", name):
        raise BadValue(field, "not_a_name")
    return name


def birth_date(typed: str, field: str = "dob") -> str:
    """`YYYY-MM-DD`, or `YYYY` where only the year is known. Raises BadValue `too_long` or `not_a_date`."""
    text = _text(typed, field, 40)
    found = _ISO.fullmatch(text) or _DATE.fullmatch(text) or _YEAR.fullmatch(text)
    if found is None:
        raise BadValue(field, "not_a_date")
    parts = {name: int(value) for name, value in found.groupdict().items()}
    try:
        born = date(parts["year"], parts.get("month", 1), parts.get("day", 1))
    except ValueError as error:
        raise BadValue(field, "not_a_date") from error
    if born.year < FIRST_YEAR:
        raise BadValue(field, "not_a_date")
    return born.isoformat() if "day" in parts else f"{born.year:04d}"


def place(typed: str, field: str = "place") -> str:
    """A province or an office as somebody names it, at most 200 letters. Raises BadValue `too_long` or `empty`."""
    return " ".join(_text(typed, field, 200).split())


def free_text(typed: str, field: str = "text") -> str:
    """What somebody writes to an officer, at most 1,000 letters, control and invisible characters gone."""
    return _text(typed, field, 1_000)


def contact(typed: str, field: str = "contact") -> str:
    """An email address or a mobile number. Raises BadValue of the one it looks like."""
    return email_address(typed, field) if "@" in typed else mobile_number(typed, field)


def choice(typed: str, field: str, among: tuple[str, ...]) -> str:
    """One of these words. Raises BadValue `choice`."""
    word = fold(typed) if len(typed) <= 64 else ""
    if word not in among:
        raise BadValue(field, "choice")
    return word


def _text(typed: str, field: str, most: int) -> str:
    # Line breaks stay; what could reorder, hide or forge a line in front of an officer does not (security note, row 74).
    kept = "".join(char for char in typed[: 4 * most] if char == "\n" or unicodedata.category(char) not in _HIDDEN)
    text = unicodedata.normalize("NFC", kept).strip()
    if len(text) > most or len(typed) > 4 * most:
        raise BadValue(field, "too_long")
    if not text:
        raise BadValue(field, "empty")
    return text
