"""What a caller says instead of pressing it: a key of the menu, the digits of a code, another language."""

import re
from typing import List, Optional

from assistant.nlu.folding import compose, fold
from assistant.nlu.numerals import dictated, unit

_KEY_WORDS = frozenset("bam phim nhan an so chon press key number".split())
_FILLERS = frozenset("um uhm o a oi la roi ma cua toi em con ok uh er is my code it".split())
_OTHER = {"vi": re.compile(r"\b(?:english|tieng anh)\b"), "en": re.compile(r"\b(?:vietnamese|tieng viet)\b")}


def said_key(text: str) -> Optional[str]:
    """Return the key that a caller names ("phím tám", "bấm số 8"); "không" alone is a no, not a key."""
    words = _words(text)
    rest = [word for word in words if fold(word) not in _KEY_WORDS]
    if len(rest) != 1:
        return None
    key = rest[0] if rest[0].isdigit() and len(rest[0]) == 1 else unit(rest[0])
    return key if key != "0" or len(words) > 1 else None


def said_digits(text: str) -> str:
    """Return the digits of a message that is nothing but digits, keyed or said; "" for any other."""
    words = [word for word in _words(text) if fold(word) not in _FILLERS]
    return dictated(words) or dictated([word for word in words if word not in ("số", "so")]) or ""


def other_language(text: str, lang: str) -> bool:
    """Tell whether a caller asks for the language that is not spoken now."""
    return bool(_OTHER[lang].search(fold(text.lower())))


def _words(text: str) -> List[str]:
    return re.findall(r"\w+", compose(text).lower())
