"""A message that did not answer: which item its number looks like, how to find what is asked, and at last who can help."""

import re
from typing import Any

from actions.answers import COURTESIES
from actions.turn import Turn
from actions.wording import says_phone

EXPLAINED_AT, HUMAN_AT = 2, 3
"""The miss at which the question is explained, and the one at which the way to a person is told."""
CODE_DIGITS = (10, 12)
_DIGITS = re.compile(r"\d(?:[ .\-]?\d){4,}")

Sentence = tuple[str, dict[str, Any]]
"""A response and its parameters."""


def miss(turn: Turn, asked: str, item: str) -> float:
    """Say what is missing, at the second time how to find it, at the third who can help; return the count.

    `item` names what is asked in sentences: every one-time code is an `otp`.
    """
    misses = float(turn.slot("misses") or 0) + 1
    misfit = _looks_like(turn, asked)
    if misses >= HUMAN_AT:
        turn.say("utter_human")
    elif misfit is not None:
        turn.say(misfit[0], **misfit[1])
    elif misses == EXPLAINED_AT:
        turn.say(f"utter_{item}_explained")
    elif turn.intent not in COURTESIES or turn.has_digits or "." in turn.text or "@" in turn.text:
        turn.say(f"utter_{item}_unclear")
    return misses % HUMAN_AT


def _looks_like(turn: Turn, asked: str) -> Sentence | None:
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
