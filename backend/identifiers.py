"""Folding of what people type into one canonical form, and masking of it for answers."""

import re
import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from backend.errors import BadValue

MAX_TYPED = 1_024  # longer input is refused unread (security note, row 48)
_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015\u2212_/]+")
_CARD = re.compile(r"[A-Za-z]{2}[0-9]{13}")
_SHOWN = ("what", "proof", "province", "office")  # choices and places, which say nothing about one person
_DIGITS = re.compile(r"[0-9]+")


def fold(typed: str) -> str:
    """NFKC without surrounding blanks: full-width digits and letters become plain ones."""
    return unicodedata.normalize("NFKC", typed).strip()


def insurance_code(typed: str, field: str = "code") -> str:
    """10 digits (code, or the last 10 of a 15-character card number) or 12 digits (personal number).

    Raises BadValue with reason `too_long`, `not_a_code` or `length`.
    """
    if len(typed) > MAX_TYPED:
        raise BadValue(field, "too_long")
    bare = _SEPARATORS.sub("", fold(typed))
    if _CARD.fullmatch(bare):
        return bare[-10:]
    if not _DIGITS.fullmatch(bare):
        raise BadValue(field, "not_a_code")
    if len(bare) not in (10, 12):
        raise BadValue(field, "length")
    return bare


def email_address(typed: str, field: str = "email") -> str:
    """The address in lower case with an ASCII domain. Raises BadValue `too_long` or `not_an_email`."""
    if len(typed) > MAX_TYPED:
        raise BadValue(field, "too_long")
    try:
        found = validate_email(
            fold(typed),
            strict=True,
            allow_smtputf8=False,
            check_deliverability=False,
            allow_display_name=False,
        )
    except EmailNotValidError as error:
        raise BadValue(field, "not_an_email") from error
    if found.ascii_email is None:
        raise BadValue(field, "not_an_email")
    return found.ascii_email.lower()


def mobile_number(typed: str, field: str = "phone") -> str:
    """A Vietnamese mobile number as E.164. Raises BadValue `too_long` or `not_a_phone`."""
    if len(typed) > MAX_TYPED:
        raise BadValue(field, "too_long")
    try:
        number = phonenumbers.parse(fold(typed), "VN")
    except phonenumbers.NumberParseException as error:
        raise BadValue(field, "not_a_phone") from error
    # An extension would be dropped silently by the E.164 form, and 1900 numbers are valid Vietnamese ones too.
    mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    if number.extension or number.country_code != 84 or not mobile:
        raise BadValue(field, "not_a_phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def personal_number(typed: str, field: str = "personal_id") -> str:
    """The 12 digits of an identity card or personal identification number. Raises BadValue `too_long`, `not_an_id`."""
    bare = _SEPARATORS.sub("", _short(typed, field, 64))
    if not re.fullmatch(r"[0-9]{12}", bare):
        raise BadValue(field, "not_an_id")
    return bare


def id_number(typed: str, field: str = "id_number") -> str:
    """12 digits, the 9 of an old identity card, or a passport's letters and digits. Raises BadValue `too_long`, `not_an_id`."""
    bare = _SEPARATORS.sub("", _short(typed, field, 64)).upper()
    if not re.fullmatch(r"[0-9]{9}|[0-9]{12}|[A-Z]{1,2}[0-9]{6,8}", bare):
        raise BadValue(field, "not_an_id")
    return bare


def national(e164: str) -> str:
    """The number as people write it: 0 instead of +84."""
    return "0" + e164[3:] if e164.startswith("+84") else e164


def otp_digits(typed: str) -> str | None:
    """Six plain digits, or None for anything else (which still counts as an answer)."""
    if len(typed) > 64:
        return None
    bare = _SEPARATORS.sub("", fold(typed))
    return bare if re.fullmatch(r"[0-9]{6}", bare) else None


def _short(typed: str, field: str, most: int) -> str:
    folded = fold(typed)
    if len(typed) > MAX_TYPED or len(folded) > most:
        raise BadValue(field, "too_long")
    return folded


def masked(field: str, value: str) -> str:
    """What the dialogue may see of a value: the tail of a number, the first letter and the domain of an address."""
    if field == "email" or "@" in value:
        local, _, domain = value.partition("@")
        return f"{local[:1]}••••@{domain}"
    if field in _SHOWN:
        return value
    if field in ("full_name", "text"):
        return f"{value[:1]}••••"
    if field == "dob":
        return f"••••{value[:4]}"
    return f"••••{value[-4:]}"
