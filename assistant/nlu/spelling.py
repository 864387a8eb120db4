"""One spelling of what may be spelled in several ways without meaning anything else. Its length may differ from the text's."""

import re
import unicodedata

_OLD_PLACE = {"òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ",
              "òe": "oè", "óe": "oé", "ỏe": "oẻ", "õe": "oẽ", "ọe": "oẹ",
              "ùy": "uỳ", "úy": "uý", "ủy": "uỷ", "ũy": "uỹ", "ụy": "uỵ"}  # fmt: skip
_NEW_PLACE = {old: new for new, old in _OLD_PLACE.items()}
_PLACED = re.compile(rf"(?<!q)(?:{'|'.join(_NEW_PLACE)})(?!\w)")
_REPEATED = re.compile(r"([aeiouyàáảãạâăèéẻẽẹêìíỉĩịòóỏõọôơùúủũụưỳýỷỹỵ])\1{2,}|([^\W\d])\2{3,}")
_REPEATED_END = re.compile(r"([aiouyàáảãạâăìíỉĩịòóỏõọôơùúủũụưỳýỷỹỵ])\1+(?!\w)")
_REPEATED_SIGN = re.compile(r"([^\w\s])\1+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LETTER_BY_LETTER = re.compile(r"(?<!\w)(?:[^\W\d_][ .\-_*]){3,}[^\W\d_](?!\w)")


def tidy(text: str) -> str:
    """Return `text` in lower case and NFC, full-width letters narrowed, invisible characters gone, tones at their new place.

    A vowel that stands three times or more, a consonant that stands four times (`cccd` does not), or a vowel twice at the end
    of a word stands once (`rồiiii`, `emmmm`, `đii`).
    """
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower()
    text = _REPEATED_SIGN.sub(r"\1", _REPEATED.sub(r"\1\2", text))
    text = _REPEATED_END.sub(r"\1", text)
    text = _LETTER_BY_LETTER.sub(lambda match: re.sub(r"[ .\-_*]", "", match.group()), text)
    return _PLACED.sub(lambda match: _NEW_PLACE[match.group()], text)
