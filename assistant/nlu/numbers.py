"""Numbers as people write and say them, and what a bare number is: its length and first digits decide, never the words."""

import re
from typing import Iterator, List, Optional, Tuple

from assistant.nlu.numerals import dictated, is_inside, is_numeral
from assistant.nlu.typed_text import TypedText, Word, read_whole
from assistant.nlu.values import Identifier

MOBILE_PREFIXES = ("03", "05", "07", "08", "09")
"""First digits of Vietnamese mobile numbers since the change of 15/09/2018."""
AMOUNT = re.compile(
    r"(?<!\d)\d{1,3}(?:[.,]\d{3})+(?=\s*(?:đ|vnd|vnđ|dong|đồng|k|nghin|nghìn|trieu|triệu|tr|ty|tỷ)(?!\w))", re.IGNORECASE
)
"""Money: not an identifier, and it stays readable."""

_SEPARATOR = r"(?:[ .\-\u00a0\u2010-\u2015_*]| - |\. )"
_DIGIT_RUN = re.compile(rf"(?<![\w@])(?:\(\+?84\) ?0?|\(0\d{{1,3}}\) ?|\+ ?)?\d(?:{_SEPARATOR}?\d)*(?![^\W_])(?!_\w*[a-zA-Z@])")
_DATE_LIKE = re.compile(r"\d{1,2}([.\-])\d{1,2}\1(?:\d{2}|\d{4})")
_ROUND = re.compile(r"[1-9](?:\d{0,2}(?:\.000)+|0{5,})")
_TWO_OTPS = re.compile(r"\d{6} \d{6}")
_SPOKEN_MINIMUM = 6
_MOST_GROUPS = 40
"""Groups of digits that are tried together; a wall of them holds no more identifiers than these."""
_COUNTED = frozenset(
    "thang ngay gio phut giay lan nguoi trieu nghin ngan tuoi tuan cai dua ty dong con nha so month months day days hour hours "
    "minute minutes year years".split()
) - {"con", "so"}
_BEFORE_A_YEAR = frozenset("sinh sanh de tu hoi vao den toi tuoi".split())


def classify(digits: str) -> Tuple[Optional[str], str]:
    """Tell what a bare number is by its length and first digits.

    Returns the entity's name and its normal form, or `(None, digits)`. Ten digits with a mobile prefix are a
    phone, other ten digits an insurance code; a form that asked for a code decides otherwise by itself.
    """
    if digits.startswith("+84") or (digits.startswith("84") and len(digits) == 11):
        digits = "0" + digits[3 if digits.startswith("+") else 2 :].lstrip("0")
    elif digits.startswith("0084") and len(digits) == 13:
        digits = "0" + digits[4:]
    if digits.startswith("+"):
        return None, digits
    length = len(digits)
    if digits.startswith(("1900", "1800")) and length in (8, 10):
        return "hotline", digits
    if (length == 10 and digits.startswith(MOBILE_PREFIXES)) or (length == 11 and digits.startswith("02")):
        return "phone", digits
    names = {6: "otp", 9: "id_document", 10: "bhxh_code", 12: "personal_id"}
    return names.get(length), digits


def written(text: str) -> Iterator[Identifier]:
    """Yield the numbers written in digits; a run of several numbers (`7912345678 123456`) is cut where each part is one."""
    for match in _DIGIT_RUN.finditer(text):
        run = match.group()
        if _DATE_LIKE.fullmatch(run) or _ROUND.fullmatch(run):
            continue
        if _TWO_OTPS.fullmatch(run):
            yield Identifier("otp", run[:6], match.start(), match.start() + 6)
            yield Identifier("otp", run[-6:], match.end() - 6, match.end())
            continue
        kind, value = classify(_bare(run))
        if kind is not None:
            yield Identifier(kind, value, *match.span())
            continue
        yield from _cut(text, match)


def _cut(text: str, match: "re.Match[str]") -> Iterator[Identifier]:
    parts = [(match.start() + part.start(), match.start() + part.end()) for part in re.finditer(r"\+ ?\d+|\d+", match.group())]
    parts = parts[:_MOST_GROUPS]
    index = 0
    while index < len(parts):
        for last in range(min(len(parts), index + 12) - 1, index - 1, -1):
            start, end = parts[index][0], parts[last][1]
            kind, value = classify(_bare(text[start:end]))
            if kind is not None and not _DATE_LIKE.fullmatch(text[start:end]):
                yield Identifier(kind, value, start, end)
                index = last
                break
        index += 1


def _bare(run: str) -> str:
    digits = re.sub(r"[^\d+]", "", run)
    return "+84" + digits[3:].lstrip("0") if digits.startswith("+84") else digits


def spoken(reading: TypedText) -> Iterator[Identifier]:
    """Yield the numbers said as words, when their length makes them one; a word too many at either end is let go."""
    for run in _runs(reading):
        for words in (run, run[:-1], run[1:]):
            digits = dictated([word.lower for word in words])
            kind, value = classify(digits) if digits else (None, "")
            if kind is not None and (words is run or kind != "otp"):
                yield Identifier(kind, value, words[0].start, words[-1].end)
                break


def spoken_runs(text: str) -> Iterator[Tuple[int, int, str]]:
    """Yield `(start, end, digits)` of runs of at least six digits said as words ("không chín một ...").

    Single numerals may stand among the words.
    """
    for run in _runs(read_whole(text)):
        digits = dictated([word.lower for word in run]) or ""
        if len(digits) >= _SPOKEN_MINIMUM:
            yield run[0].start, run[-1].end, digits


def _runs(reading: TypedText) -> Iterator[List[Word]]:
    """Yield the runs of number words; what only counts something behind it (`ba tháng`) and a year's own word are left out."""
    run: List[Word] = []
    words = [word for word in reading.words if word.written not in ",.-…"]
    for place, word in enumerate(words):
        digit = word.lower.isdigit() and len(word.lower) <= 4
        fits = is_numeral(word.lower) or digit or (run and is_inside(word.lower))
        if fits and run and reading.text[run[-1].end : word.start].strip(" ,.-…"):
            yield from _enough(run)
            run = []
        following = words[place + 1].folded if place + 1 < len(words) else ""
        before = words[place - 1].folded if place else ""
        if fits and (following in _COUNTED or (not run and word.folded == "nam" and before in _BEFORE_A_YEAR)):
            fits = False
        if fits and (run or not is_inside(word.lower) or is_numeral(word.lower)):
            run.append(word)
            continue
        yield from _enough(run)
        run = []
    yield from _enough(run)


def _enough(run: List[Word]) -> Iterator[List[Word]]:
    while run and is_inside(run[-1].lower) and run[-1].folded in ("so", "con", "linh", "le"):
        run = run[:-1]
    said = sum(not word.lower.isdigit() for word in run)
    grouped = any(len(word.lower) > 1 for word in run if word.lower.isdigit())
    if len(run) >= 3 and said >= (3 if grouped else 1):
        yield run
