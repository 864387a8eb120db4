"""Numbers said as words, Vietnamese and English: dictated digits (`bảy lăm`, `double five`), days, months and years."""

from typing import List, Optional, Sequence

from assistant.nlu.folding import fold

_UNITS = {
    "không": "0", "hông": "0", "một": "1", "mốt": "1", "hai": "2", "ba": "3", "bốn": "4", "tư": "4", "năm": "5", "lăm": "5",
    "nhăm": "5", "sáu": "6", "bảy": "7", "bẩy": "7", "tám": "8", "chín": "9",
}  # fmt: skip
_ENGLISH_UNITS = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9",
}  # fmt: skip
_ENGLISH_TENS = {
    "twenty": "2", "thirty": "3", "forty": "4", "fourty": "4", "fifty": "5", "sixty": "6", "seventy": "7", "eighty": "8",
    "ninety": "9",
}  # fmt: skip
_ENGLISH_TEENS = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16",
    "seventeen": "17", "eighteen": "18", "nineteen": "19",
}  # fmt: skip
_PLAIN_UNITS = {fold(word): digit for word, digit in _UNITS.items() if word != "hông"}
_TIMES = {"double": 2, "doube": 2, "triple": 3, "treble": 3}
_REPEATED = {"hai": 2, "ba": 3, "bốn": 4, "bon": 4}
_TEN = ("mười", "muoi")
_TENS = ("mươi", "muoi", "chục", "chuc")
_OF_EACH = ("số", "so", "con")
_ZERO = {"zê": ("rô", "ro"), "dê": ("rô", "ro"), "de": ("ro",), "ze": ("ro",)}
_TWENTY = ("hăm", "ham")
"""In the South: `hăm mốt` is 21."""
_ODD = ("linh", "lẻ", "le", "lẽ")
_HUNDRED = ("trăm", "tram")
_THOUSAND = ("nghìn", "nghin", "ngàn", "ngan")


def unit(word: str) -> Optional[str]:
    """Return the digit that a lower-case word says; an accented word must carry the accents of that number."""
    return _UNITS.get(word) or _PLAIN_UNITS.get(word) or _ENGLISH_UNITS.get(word)


def is_numeral(word: str) -> bool:
    """Return whether a word may begin a said number."""
    return (
        unit(word) is not None or word in (*_TEN, _TENS[0]) or word in _TIMES or word in _ENGLISH_TENS or word in _ENGLISH_TEENS
    )  # fmt: skip


def is_inside(word: str) -> bool:
    """Return whether a word may stand inside a said number but says no digit itself."""
    return word in _TENS or word in _OF_EACH or word in _ODD or word in _HUNDRED


def dictated(words: Sequence[str]) -> Optional[str]:
    """Return the digits of a number read out in any grouping (`không chín mười hai` is 0912), None when a word fits nowhere."""
    digits = ""
    place = 0
    while place < len(words):
        said, used = _one(words, place)
        if said is None:
            return None
        digits += said
        place += used
    return digits


def _one(words: Sequence[str], place: int) -> "tuple[Optional[str], int]":
    """Return the digits that begin at a word, and how many words they take."""
    word, *rest = words[place : place + 6]
    following = rest[0] if rest else ""
    after = rest[1] if len(rest) > 1 else ""
    if word.isdigit():
        return word, 1
    if word in _TIMES and (unit(following) or following.isdigit()):
        return (unit(following) or following) * _TIMES[word], 2
    if word in _REPEATED and following in _OF_EACH and (unit(after) or (after.isdigit() and len(after) == 1)):
        return (unit(after) or after) * _REPEATED[word], 3
    if word in _ENGLISH_TEENS:
        return _ENGLISH_TEENS[word], 1
    if word in _ENGLISH_TENS:
        last = _ENGLISH_UNITS.get(following, "0")
        return _ENGLISH_TENS[word] + last, 2 if last != "0" else 1
    if word in _TEN or word == "mươi":
        last = unit(following) if following in _UNITS or following in _PLAIN_UNITS else None
        return ("1" + last, 2) if last not in (None, "0") else ("10", 1)
    if word in _ZERO and following in _ZERO[word]:
        return "0", 2
    if word in _TWENTY and unit(following) not in (None, "0"):
        return "2" + str(unit(following)), 2
    if word in _ODD and (unit(following) or following in _ODD):
        return "0", 1
    digit = unit(word)
    if digit is None:
        return None, 0
    if following in _HUNDRED:
        return _hundreds(digit, rest[1:])
    if following in _TENS:
        last = unit(after)
        return (digit + last, 3) if last not in (None, "0") else (digit + "0", 2)
    return digit, 1


def _hundreds(digit: str, rest: Sequence[str]) -> "tuple[str, int]":
    if len(rest) > 1 and rest[0] in _ODD and unit(rest[1]):
        return f"{digit}0{unit(rest[1])}", 4
    if rest and (rest[0] in _TEN or (len(rest) > 1 and rest[1] in _TENS and unit(rest[0]))):
        said, used = _one(rest, 0)
        return digit + str(said), 2 + used
    return digit + "00", 2


def small(words: Sequence[str]) -> Optional[int]:
    """Return a day or month said in one to three words (`mười chín`, `hai ba`, `giêng`), None when it is no such number."""
    if len(words) == 1 and words[0] in ("giêng", "gieng"):
        return 1
    if len(words) == 1 and words[0] in ("chạp", "chap"):
        return 12
    digits = dictated(words)
    return int(digits) if digits and len(digits) <= 2 else None


def year(words: Sequence[str]) -> Optional[str]:
    """Return a year said in words as four or two digits (`một chín bốn bảy`, `hai nghìn lẻ năm`, `năm mươi lăm`)."""
    for place, word in enumerate(words):
        if word in _THOUSAND or word == "thousand":
            return _with_thousand(words[:place], words[place + 1 :])
    digits = dictated(words)
    return digits if digits and len(digits) in (2, 4) and len(words) > (digits != "10") else None


def _with_thousand(before: Sequence[str], after: Sequence[str]) -> Optional[str]:
    thousands = dictated(before)
    if thousands not in ("1", "2"):
        return None
    rest: List[str] = [word for word in after if word not in _ODD and word != "and"]
    if len(rest) > 2 and unit(rest[0]) == "0" and rest[1] in _HUNDRED:
        rest = rest[2:]
    if not rest:
        return thousands + "000"
    digits = dictated(rest)
    return thousands + digits.zfill(3) if digits and len(digits) <= 3 else None
