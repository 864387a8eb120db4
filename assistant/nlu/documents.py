"""Identity documents with letters in them: passports of any country and health insurance cards."""

import re
from typing import Iterator

from assistant.nlu.letters import letter
from assistant.nlu.numerals import dictated, is_inside, is_numeral
from assistant.nlu.typed_text import TypedText
from assistant.nlu.values import Identifier

_SEPARATOR = r"[ .\-\u00a0]"
_CARD = re.compile(rf"(?<!\w)[A-Za-z]{{2}}(?:{_SEPARATOR}{{0,2}}\d){{13}}(?!\w)")
_PASSPORT_WORD = re.compile(r"\b(?:pass ?port\w*|paspor\w*|pasport\w*|ho chieu|ppt?|visa|travel document)\b")
_LOOKS_LIKE_ONE = re.compile(r"(?<![\w@./\-])(?P<letters>[A-Z]{1,2})(?P<digits>\d{6,8})(?![\w@/]|[.\-]\w)")
_CALLED_ONE = re.compile(
    rf"(?<![\w@/])(?P<letters>[A-Za-z]{{1,2}}){_SEPARATOR}?(?P<digits>\d(?:{_SEPARATOR}?\d){{5,7}})(?!\w|{_SEPARATOR}\d)"
)
_NO_LETTERS = frozenset("la so ma no is id my to cu va o em e a ad tk sn dt vn gb us uk kr jp cn tw my ph".split()) - {
    "e",
    "a",
    "vn",
    "my",
}
"""Two-letter words that stand before a number without belonging to it."""
_WITHIN = 70
"""Characters between the word passport and its number."""


def find(reading: TypedText) -> Iterator[Identifier]:
    """Yield card numbers as the insurance code at their end, and passports with their letters in upper case."""
    for match in _CARD.finditer(reading.text):
        yield Identifier("bhxh_code", re.sub(r"\D", "", match.group())[-10:], *match.span())
    for match in _LOOKS_LIKE_ONE.finditer(reading.text):
        yield Identifier("id_document", match.group(), *match.span())
    for word in _PASSPORT_WORD.finditer(reading.folded):
        begin = reading.span(*word.span())[1]
        for match in _CALLED_ONE.finditer(reading.text, begin, min(len(reading.text), begin + _WITHIN)):
            apart = match.end("letters") != match.start("digits")
            if not (apart and match["letters"].lower() in _NO_LETTERS):
                digits = re.sub(r"\D", "", match["digits"])
                yield Identifier("id_document", match["letters"].upper() + digits, *match.span())
        yield from _said(reading, word.end())


def _said(reading: TypedText, at: int) -> Iterator[Identifier]:
    """Yield a passport read out letter by letter right behind the word: `hộ chiếu xê bảy bảy một chín không hai sáu`."""
    place = reading.place(at)
    words = reading.words[place : place + 20]
    for place, word in enumerate(words[:6]):
        named = letter(word.lower)
        if named is None:
            continue
        end = place + 1
        while end < len(words) and (is_numeral(words[end].lower) or is_inside(words[end].lower) or words[end].lower.isdigit()):
            end += 1
        digits = dictated([one.lower for one in words[place + 1 : end]]) or ""
        if 6 <= len(digits) <= 8:
            yield Identifier("id_document", named.upper() + digits, word.start, words[end - 1].end)
            return
