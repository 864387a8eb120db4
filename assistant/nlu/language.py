"""The language a message was written in, as far as it is a sentence."""

import csv
import re
from functools import lru_cache
from pathlib import Path
from typing import Dict, List, Optional

from assistant.nlu.folding import compose, fold
from assistant.nlu.keystrokes import decode
from assistant.nlu.provinces import find as find_provinces
from assistant.nlu.syllables import is_plain_shape
from assistant.nlu.typed_text import read_beginning

TABLE = Path(__file__).with_name("language_words.csv")
"""Words and how much each speaks for English: the logarithm of how many times oftener English sentences have it than
Vietnamese ones, from -4 to 4. Words that count as much as their shape says are left out."""
LONGEST = 1_500
"""Characters that are read: a sentence has shown its language by then."""
_WORD = re.compile(r"[^\W\d_]+")
_CODE = frozenset("@/<>={}()")
"""What has one of these is an address or markup, no word."""
_SEPARATED = re.compile(r"\S+")
_VIETNAMESE_LETTER = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
_LIKE_A_SYLLABLE, _UNLIKE_ONE = -1.5, 1.0
_ACCENTED, _ACCENTED_NAME = -3.5, -0.5
_UNKNOWN_NAME = 0.3
"""The share of its weight that a word of a name has: an unknown one with a capital within a sentence, one beside another
such that looks Vietnamese. Names are no language."""
_SURELY = 0.3
_LONGEST_PLACE = 3
"""Words among which a province's name leaves none for a sentence."""
_LONGEST_NAME = 5
"""Words, all with a capital letter, that may be the name of a person or a place in any language."""
_BORROWED = frozenset(
    """account app bhxh bhyt cccd code email gmail hotline id insurance line login mail number office otp pass password reset
    security social vneid vssid passport tp tphcm hcm hn sg dn shop ad admin ok oke okay okey yes no hi hello hey bye
    thanks thank you please sorry alo hold on wait moment one sec""".split()
)
"""English words of everyday Vietnamese, names of things and interjections: alone they decide nothing."""


def guess(text: str) -> str:
    """Return "vi" or "en", whatever `text` is; "vi" when it says nothing about it."""
    return "en" if _english(_words(text)) > _SURELY else "vi"


def detect(text: str) -> Optional[str]:
    """Return "vi" or "en" when `text` is a sentence of that language, None when it says nothing about it.

    A bare value (a name, too), one word, or a string of interjections ("ok thanks") decides nothing.
    """
    words = _words(text)
    if len(words) <= _LONGEST_PLACE and find_provinces(read_beginning(compose(text))):
        return None
    if len(words) < 2 or _is_a_name(words) or all(fold(word) in _BORROWED for word in words):
        return None
    weight = _english(words)
    if weight > _SURELY:
        return "en"
    return "vi" if weight < -_SURELY else None


def _is_a_name(words: List[str]) -> bool:
    return len(words) <= _LONGEST_NAME and all(word == word.capitalize() for word in words)


def _words(text: str) -> List[str]:
    said = " ".join(part for part in _SEPARATED.findall(compose(text)[:LONGEST]) if _CODE.isdisjoint(part))
    return _WORD.findall(decode(said))


def _english(words: List[str]) -> float:
    """Return how much the words speak for English, each counted once; below zero for Vietnamese."""
    table = _table()
    weights: Dict[str, float] = {}
    capital = [word[0].isupper() and not word.isupper() for word in words]
    for place, word in enumerate(words):
        name, folded = capital[place], fold(word)
        beside_another = name and any(capital[max(place - 1, 0) : place] + capital[place + 1 : place + 2])
        if _VIETNAMESE_LETTER.search(word):
            weights[folded] = _ACCENTED_NAME if name else _ACCENTED
        elif folded in table:
            weights[folded] = table[folded] * (_UNKNOWN_NAME if beside_another and table[folded] < 0 else 1)
        else:
            shape = _LIKE_A_SYLLABLE if is_plain_shape(folded) else _UNLIKE_ONE
            weights[folded] = shape * _UNKNOWN_NAME if name and (place or beside_another) else shape
    return sum(weights.values())


@lru_cache(maxsize=1)
def _table() -> Dict[str, float]:
    with TABLE.open(encoding="utf-8", newline="") as rows:
        return {row["word"]: float(row["weight"]) for row in csv.DictReader(rows)}
