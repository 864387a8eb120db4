"""One reading of a message for everything that looks for values: folded, keystrokes turned into letters, offsets kept."""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Dict, List, Optional, Tuple

from assistant.nlu.folding import fold
from assistant.nlu.keystrokes import ENGLISH, telex, vni
from assistant.nlu.syllables import is_plain_shape

LONGEST = 1_500
"""Characters in which names of people and places are looked for: behind them a message is no longer about one."""
MOST_WORDS = 400
"""Words and signs of them; a wall of signs holds no names."""

_KEYED_SHARE = 5
"""At least one word in so many must be plain keystrokes: two English words among many only look like some."""

_BORROWED = {
    "ddawks": "đắk",
    "lawks": "lắk",
    "ddawk": "đăk",
    "lawk": "lăk",
    "ddaks": "đák",
    "d9a81k": "đắk",
    "la81k": "lắk",
    "d9a8k": "đăk",
    "la8k": "lăk",
}
"""Keystrokes of place names whose spelling is no Vietnamese syllable."""

_TYPED = re.compile(r"(?<![\w@.\-/])[A-Za-z][A-Za-z0-9]+(?![\w@])")
_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
_LETTER_RUN = re.compile(r"[^\W\d_]\w*")
_LETTERS = re.compile(r"[a-z]+")


class _Letters(Dict[int, str]):
    """A table for `str.translate` that keeps the length: narrow, lower, and without accents when `plain`."""

    def __init__(self, lower: bool, plain: bool) -> None:
        super().__init__()
        self._lower, self._plain = lower, plain

    def __missing__(self, code: int) -> str:
        char = chr(code) if not 0xD800 <= code <= 0xDFFF else "?"  # half a character: it cannot be written as UTF-8
        narrow = unicodedata.normalize("NFKC", char)
        result = narrow if len(narrow) == 1 and not narrow.isspace() else " " if char.isspace() and char != "\n" else char
        if self._lower:
            result = result.lower() if len(result.lower()) == 1 else result
        if self._plain:
            result = (fold(result) or result)[0]
        if len(self) < 5000:  # a table of the letters in use, not of all of Unicode
            self[code] = result
        return result


_NARROW, _LOWER, _PLAIN = _Letters(False, False), _Letters(True, False), _Letters(True, True)


def narrow(text: str) -> str:
    """Return `text` with full-width letters and digits narrowed one by one, so that offsets stay the same."""
    return text.translate(_NARROW)


@dataclass(frozen=True)
class Word:
    """A word, number or sign of a reading. `start` and `end` are offsets into the text, `at` and `to` into the reading."""

    written: str
    lower: str
    folded: str
    start: int
    end: int
    at: int
    to: int


class TypedText:
    """A message read once: `text` (narrow), `lower` and `folded` (the same without accents), and its words.

    In a message of raw Telex or VNI keystrokes `lower` and `folded` hold the letters they type, so they may be shorter
    than the text; `span` leads back to it.
    """

    def __init__(self, text: str) -> None:
        self.text = narrow(text)
        self.lower, self._starts, self._ends = _decoded(self.text)
        self.folded = self.lower.translate(_PLAIN)
        self.is_typed_in_keys = self._starts is not None
        self.words = [self._word(match) for match in _WORD.finditer(self.lower)]
        self._begins = [word.at for word in self.words]

    def place(self, at: int) -> int:
        """Return which word is the first that begins at or behind an offset into the reading."""
        return bisect_left(self._begins, at)

    def span(self, at: int, to: int) -> Tuple[int, int]:
        """Return the offsets into the text of a part of the reading that is not empty."""
        if self._starts is None or self._ends is None:
            return at, to
        return self._starts[at], self._ends[to - 1]

    def _word(self, match: "re.Match[str]") -> Word:
        at, to = match.span()
        start, end = self.span(at, to)
        return Word(self.text[start:end], match.group(), self.folded[at:to], start, end, at, to)


@lru_cache(maxsize=4)
def read_whole(text: str) -> TypedText:
    """Return the reading of a message; all who look for values in it share one."""
    return TypedText(text)


def read_beginning(text: str) -> TypedText:
    """Return the reading of the part of a message in which names are looked for."""
    typed = read_whole(text[:LONGEST])
    if len(typed.words) > MOST_WORDS:
        typed = TypedText(typed.text[: typed.words[MOST_WORDS].start])
    return typed


def _decoded(text: str) -> Tuple[str, Optional[List[int]], Optional[List[int]]]:
    """Return the lower-case text with keystrokes decoded, and the offsets of each letter's start and end (None: unchanged)."""
    lower = text.translate(_LOWER)
    found: List[Tuple[int, int, str]] = []
    sure = 0
    for match in _TYPED.finditer(lower):
        word = match.group()
        letters = None
        if word not in ENGLISH:
            letters = _BORROWED.get(word) or (telex(word) if _LETTERS.fullmatch(word) else vni(word))
        if letters is None:
            continue
        found.append((match.start(), match.end(), letters))
        sure += not is_plain_shape(word)
    words = len(_LETTER_RUN.findall(lower)) if sure else 0
    if not sure or (sure < 2 < words) or sure * _KEYED_SHARE < words:
        return lower, None, None
    pieces: List[str] = []
    starts: List[int] = []
    ends: List[int] = []
    done = 0
    for start, end, letters in [*found, (len(lower), len(lower), "")]:
        pieces += [lower[done:start], letters]
        starts += range(done, start)
        ends += range(done + 1, start + 1)
        starts += [min(start + index, end - 1) for index in range(len(letters))]
        ends += [end] * len(letters)
        done = end
    return "".join(pieces), starts, ends
