"""A value that does not fit what was asked: which item it looks like."""

import re
from typing import Any

from actions.turn import Turn
from actions.wording import says_phone

CODE_DIGITS = (10, 12)
_DIGITS = re.compile(r"\d(?:[ .\-]?\d){4,}")

Sentence = tuple[str, dict[str, Any]]
"""A response and its parameters."""


def looks_like(turn: Turn, asked: str) -> Sentence | None:
    """Return what to say of a number that cannot be what was asked, None where there is none or nothing is known of it."""
    number = _DIGITS.search(turn.text)
    if number is None:
        return None
    count = sum(char.isdigit() for char in number.group())
    if asked == "code":
        if turn.value("phone") and says_phone(turn.text):
            return "utter_code_is_phone", {}
        if turn.value("id_document") or count == 9:
            return "utter_code_is_id_document", {}
        return None if count in CODE_DIGITS else ("utter_code_length", {"count": count})
    if asked == "id_number" and turn.value("bhxh_code"):
        return "utter_id_number_is_code", {}
    if asked.endswith("otp"):
        return "utter_otp_length", {"count": count}
    return None
