"""Letters read out by their names, as people spell a mail, a host or a passport: `vê ét ét ai đi`."""

from typing import Dict, Optional

NAMES: Dict[str, str] = {
    "a": "a", "bê": "b", "bờ": "b", "bi": "b", "xê": "c", "cờ": "c", "xi": "c", "dê": "d", "đê": "d", "dờ": "d", "đờ": "d",
    "đi": "d",
    "e": "e", "ê": "e", "ép": "f", "ép phờ": "f", "phờ": "f", "giê": "g", "gờ": "g", "hát": "h", "hờ": "h", "i": "i", "ai": "i",
    "ca": "k", "lờ": "l", "e lờ": "l", "mờ": "m", "em mờ": "m", "nờ": "n", "en nờ": "n", "o": "o", "ô": "o", "pê": "p", "pờ": "p",
    "quy": "q", "cu": "q", "rờ": "r", "e rờ": "r", "ét": "s", "sờ": "s", "ét sờ": "s", "tê": "t", "tờ": "t", "u": "u", "vê": "v",
    "vờ": "v", "vi": "v", "đúp": "w", "ích": "x", "ích xì": "x", "y": "y", "dét": "z", "zét": "z",
}  # fmt: skip
"""Each name of a letter and the letter."""


def letter(word: str) -> Optional[str]:
    """Return the letter that a lower-case word names: itself when it is one plain letter, None when it names none."""
    if len(word) == 1 and word.isascii() and word.isalpha():
        return word
    return NAMES.get(word)
