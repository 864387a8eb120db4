"""What a message says, read in several ways: the words as meant, with and without accents, whatever keyboard they came from."""

import re
from dataclasses import dataclass

from assistant.nlu.abbreviations import expand
from assistant.nlu.folding import compose, fold
from assistant.nlu.identifiers import find
from assistant.nlu.keystrokes import decode
from assistant.nlu.provinces import find as find_provinces
from assistant.nlu.spelling import tidy
from assistant.nlu.typed_text import read_beginning

STANDS_FOR = {
    "bhxh_code": "κ", "dob": "δ", "email": "ε", "hotline": "η", "id_document": "ι", "otp": "ο", "personal_id": "π",
    "phone": "φ", "url": "υ",
}  # fmt: skip
"""One letter per kind of value: its digits say nothing about what somebody wants, that there is one does."""
PROVINCE = "ρ"
"""Stands behind the words of a message that names a province."""
NO_WORDS = "ω"
"""Stands for a message without any letter or digit (emoji, punctuation)."""
GESTURES = {"👍": "ok", "👌": "ok", "✅": "ok", "🆗": "ok", "👎": "không", "❌": "không"}
"""What an emoji says that stands alone; beside words it says nothing of its own."""
LONGEST = 1_500
"""Characters that are read: nobody's wish stands only behind them, and a wall of text costs no more than a long letter."""
_TERM = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class Words:
    """The words of a message in order, a space between any two; `folded` has no accents."""

    accented: str
    folded: str


def read(text: str) -> Words:
    """Return the words of `text`: values as one letter each, keystrokes decoded, abbreviations written out."""
    composed = compose(text)[:LONGEST]
    masked = composed
    for one in reversed(find(composed)):
        masked = f"{masked[: one.start]} {STANDS_FOR[one.kind]} {masked[one.end :]}"
    if not any(char.isalnum() for char in masked):
        masked = " ".join(dict.fromkeys(meant for sign, meant in GESTURES.items() if sign in masked)) or f"{masked} {NO_WORDS}"
    if find_provinces(read_beginning(composed)):
        masked = f"{masked} {PROVINCE}"
    meant = " ".join(_TERM.findall(expand(decode(tidy(masked)))))
    return Words(meant, fold(meant))
