"""One form for words however they are typed: no accents, no capitals, no punctuation."""

import re
import unicodedata

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_STROKED_D = str.maketrans("đĐ", "dD")


def without_accents(text: str) -> str:
    """Lower case without diacritics; full-width letters and digits become plain ones."""
    apart = unicodedata.normalize("NFKD", text.translate(_STROKED_D))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


def words(text: str) -> tuple[str, ...]:
    """The words of a text: runs of Latin letters and digits without accents."""
    return tuple(_NOT_A_WORD.sub(" ", without_accents(text)).split())
