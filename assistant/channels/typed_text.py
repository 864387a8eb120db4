"""A person's text as Rasa may see it."""

import unicodedata
from string import whitespace

_EMOJI_JOINER = "\u200d"


def as_typed(text: str) -> str:
    """Return a person's text as Rasa may see it: NFC, no control characters, and never a command.

    Rasa reads a leading `/` as an intent with entities, from any channel; `／` becomes `/` under NFKC.
    """
    composed = unicodedata.normalize("NFC", text).replace("\t", " ")
    readable = "".join(char for char in composed if char in ("\n", _EMOJI_JOINER) or unicodedata.category(char)[0] != "C")
    return readable.lstrip("/／⁄∕" + _EMOJI_JOINER + whitespace).strip()
