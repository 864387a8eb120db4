"""Telex and VNI keystrokes that no input method has turned into letters: `queen maatj khaaur`, `que6n ma65t kha63u`."""

import re
import unicodedata
from functools import lru_cache
from typing import Optional

from assistant.nlu.syllables import TONES, is_plain_shape, is_shape, is_syllable

_VOWELS = "aăâeêioôơuưy"
_TONE_OF = {key: mark for mark, key in TONES.items()}
_HAT = {"a": "â", "e": "ê", "o": "ô"}
_HORN = {"a": "ă", "o": "ơ", "u": "ư"}
_VNI_TONE = dict(zip("12345", ("s", "f", "r", "x", "j")))
_WORD = re.compile(r"[^\W\d_]+[0-9]?(?:[^\W_]*)")
_LATIN = re.compile(r"[a-z]+")
_LATIN_AND_DIGITS = re.compile(r"[a-z]+[a-z0-9]*")
ENGLISH = frozenset(
    """of or for as is us has was its this does his bus plus pass class less process access address press
    reset test text next max fax tax box fix six mix tex ex js if off staff her per over user after offer other order error are
    more were here there where see been seen need feed free week keep meet tree three door food good book look room too soon
    school boot data banana app apps post cost most host lost list last fast just must best rest west gas yes plans bans pens
    web saw law new now how few know show low own owner down town two down window view review add odd address daddy
    dad born road load broad sister doctor error bad had sad mad mom form door mess cross across boss loss miss kiss sos
    mar""".split()
)
"""English words that would decode to a syllable."""


@lru_cache(maxsize=4096)
def telex(word: str) -> Optional[str]:
    """Return the syllable that these Telex keys type, None when they type none or have no accent in them.

    Tone and mark keys may stand right after their vowel or at the end of the word, as people type them.
    """
    letters, tone = "", ""
    for key in word:
        nucleus = _first_vowel(letters)
        if key in _TONE_OF and nucleus is not None:
            if tone:
                return None
            tone = key
        elif key == "w":
            horned = _horned(letters)
            if horned is None:
                return None
            letters = horned
        elif key in _HAT and nucleus is not None and key in letters[nucleus:] and not letters.endswith("o" + "o"):
            letters = _replace_last(letters, key, _HAT[key])
        elif key == "d" and letters.startswith("d") and (letters == "d" or nucleus is not None):
            letters = "đ" + letters[1:]
        else:
            letters += key
    return _syllable(word, letters, tone)


def vni(word: str) -> Optional[str]:
    """The same for VNI keys, which are the digits 1 to 9."""
    letters, tone = "", ""
    for key in word:
        nucleus = _first_vowel(letters)
        if key in _VNI_TONE:
            if tone or nucleus is None:
                return None
            tone = _VNI_TONE[key]
        elif key == "6":
            place = max(letters.rfind(vowel) for vowel in _HAT)
            if place < 0:
                return None
            letters = letters[:place] + _HAT[letters[place]] + letters[place + 1 :]
        elif key == "7":
            horned = _horned(letters, "ou")
            if horned is None:
                return None
            letters = horned
        elif key == "8":
            if "a" not in letters:
                return None
            letters = _replace_last(letters, "a", "ă")
        elif key == "9":
            if not letters.startswith("d"):
                return None
            letters = "đ" + letters[1:]
        elif key == "0":
            return None
        else:
            letters += key
    return _syllable(word, letters, tone)


def decode(text: str) -> str:
    """Return `text` with its keystrokes turned into letters where it plainly holds some; otherwise `text` itself.

    Plainly: at least two words, or the only one of at most two, are no Vietnamese and no English word as they stand, but
    decode to a syllable with accents. A word that may stand for itself (`quen`, `pass`) stays.
    """
    lowered = text.lower()
    found = []
    plain = 0
    for match in _WORD.finditer(lowered):
        word = match.group()
        if word in ENGLISH:
            continue
        decoded = _decoded(word)
        if decoded is not None:
            found.append((match.start(), match.end(), decoded))
        else:
            plain += 1
    sure = [one for one in found if not is_plain_shape(lowered[one[0] : one[1]])]
    if not sure or (len(sure) < 2 and plain + len(found) > 2):
        return text
    for start, end, decoded in reversed(found):
        text = text[:start] + decoded + text[end:]
    return text


def _decoded(word: str) -> Optional[str]:
    if len(word) < 2:
        return None
    if _LATIN.fullmatch(word):
        return telex(word)
    if _LATIN_AND_DIGITS.fullmatch(word) and re.search(r"[a-z]\d", word):
        return vni(word)
    return None


def _first_vowel(letters: str) -> Optional[int]:
    start = 2 if letters.startswith(("qu", "gi")) and len(letters) > 2 else 0
    for index in range(start, len(letters)):
        if letters[index] in _VOWELS:
            return index
    return None


def _horned(letters: str, of: str = "aou") -> Optional[str]:
    """Put the horn (or breve) on the vowel that it belongs to; `uo` gets two."""
    place = letters.rfind("uo")
    if place >= 0 and not (letters.startswith("qu") and place == 1):
        return letters[:place] + "ươ" + letters[place + 2 :]
    for pair in ("ua", "ưo", "ui", "uu"):
        place = letters.rfind(pair)
        if place >= 0 and not letters.startswith("qu"):
            return letters[:place] + ("ươ" if pair == "ưo" else "ư" + pair[1]) + letters[place + 2 :]
    places = [letters.rfind(vowel) for vowel in of]
    if max(places) < 0:
        return None
    place = max(places)
    return letters[:place] + _HORN[letters[place]] + letters[place + 1 :]


def _replace_last(letters: str, old: str, new: str) -> str:
    place = letters.rfind(old)
    return letters[:place] + new + letters[place + 1 :]


def _syllable(word: str, letters: str, tone: str) -> Optional[str]:
    if letters == word or (letters == word.rstrip("sfrxj") and not tone):
        return None
    if not is_shape(letters):
        return None
    placed = put_tone(letters, tone)
    return placed if is_syllable(placed) else None


def put_tone(base: str, tone: str) -> str:
    """Return a syllable without tone mark with that tone (a Telex key) on the vowel where it is written today."""
    if not tone:
        return base
    start = 2 if base.startswith(("qu", "gi")) and len(base) > 2 and base[2] in _VOWELS else 0
    vowels = [index for index in range(start, len(base)) if base[index] in _VOWELS]
    if not vowels:
        return base
    marked = [index for index in vowels if base[index] in "ăâêôơư"]
    closed = vowels[-1] != len(base) - 1
    if marked:
        place = marked[-1]
    elif len(vowels) == 1:
        place = vowels[0]
    elif len(vowels) == 3 or closed:
        place = vowels[-1] if len(vowels) == 2 else vowels[1]
    else:
        place = vowels[0]
    return unicodedata.normalize("NFC", base[: place + 1] + _TONE_OF[tone] + base[place + 1 :])
