"""Identifiers as people write them: codes, phones, mails, one-time codes, links.

Parsed in Python, not learned: the digits decide what a number is, never the words around it.
Names and normal forms are those of the domain's entities.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Dict, Iterator, List, Optional, Tuple, Union

from assistant.nlu.folding import fold, fold_in_place

MOBILE_PREFIXES = ("03", "05", "07", "08", "09")
"""First digits of Vietnamese mobile numbers since the change of 15/09/2018."""

_SEPARATOR = r"[ .\-\u00a0]"
_DIGIT_RUN = re.compile(rf"(?<![\w@])\+?\d(?:{_SEPARATOR}?\d)*(?!\w)")
_CARD = re.compile(rf"(?<!\w)[A-Za-z]{{2}}(?:{_SEPARATOR}?\d){{13}}(?!\w)")
_DATE = re.compile(r"(?<![\d])(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*((?:19|20)\d\d)(?!\d)")
AMOUNT = re.compile(
    r"(?<!\d)\d{1,3}(?:[.,]\d{3})+(?=\s*(?:đ|vnd|vnđ|dong|đồng|k|nghin|nghìn|trieu|triệu|ty|tỷ)(?!\w))", re.IGNORECASE
)
"""Money: not an identifier, and it stays readable."""
_ISO_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d{1,2})-(\d{1,2})(?!\d)")
_SHORT_DATE = re.compile(r"\d{1,2}([.\-])\d{1,2}\1\d{2}")
_TWO_OTPS = re.compile(r"\d{6} \d{6}")
_AT = r"(?: ?@ ?| +(?:a ?còng|a ?cong|a ?móc|a ?moc|at) +|(?:acòng|acong))"
_DOT = r"(?:\.| +(?:chấm|cham|dot) +)"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?"
_EMAIL = re.compile(
    rf"(?<![\w.+\-])[A-Za-z0-9_%+\-]+(?:{_DOT}[A-Za-z0-9_%+\-]+)*{_AT}{_LABEL}(?:{_DOT}{_LABEL})*?"
    rf"{_DOT}(?:[A-Za-z]{{2,24}})(?:\.[A-Za-z]{{2}})?(?![\w@])",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?<![\w@.])(?:https?://[^\s<>\"']+|(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)+"
    r"(?:com|vn|net|org|info|co|app|xyz|top|site|online|me|edu|gov|io|cc)(?:/[^\s<>\"']*)?)(?![\w@])",
    re.IGNORECASE,
)
_SPOKEN = {
    "khong": "0", "zero": "0", "oh": "0", "mot": "1", "one": "1", "hai": "2", "two": "2", "ba": "3", "three": "3",
    "bon": "4", "tu": "4", "four": "4", "nam": "5", "lam": "5", "nham": "5", "five": "5", "sau": "6", "six": "6",
    "bay": "7", "seven": "7", "tam": "8", "eight": "8", "chin": "9", "nine": "9",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+|\d+")
_SPOKEN_MINIMUM = 6
_CORRECTION = re.compile(
    r"\b(nham|lon|sua lai|dung la|dung ra|phai la|moi dung|y (em|minh|toi|chau|con|mik) la|quen mat"
    r"|i mean|actually|sorry|correction|instead)\b"
)
_NEGATED = re.compile(
    r"\b(khong phai|ko phai|k phai|hong phai|not|(ghi|go|nhap|viet|danh|dua|gui|noi) (nham|lon|sai))"
    r"\s*(la|thanh|so|ma|email|mail)?\s*$"
)
_TAKEN_BACK = re.compile(r"^\W*((a|la|bi|thi) )?(sai|nham|lon)\b|^\W*(is|was) wrong\b")
_CONFIRMED = re.compile(r"^\W*(moi (la )?dung|moi chinh xac|la dung|dung (ne|nha|nhe|roi|a)\b|is (right|correct))")


@dataclass(frozen=True)
class Identifier:
    """One identifier found in a text; `start` and `end` are offsets into that text."""

    kind: str
    value: str
    start: int
    end: int


def find(text: str) -> List[Identifier]:
    """Return every identifier in `text` in order of mention, overlaps resolved in favour of the longer form."""
    plain = _same_length_nfkc(text)
    taken: List[Tuple[int, int]] = []
    found: List[Identifier] = []

    def take(kind: Optional[str], value: str, start: int, end: int) -> None:
        if any(start < stop and begin < end for begin, stop in taken):
            return
        taken.append((start, end))
        if kind is not None:
            found.append(Identifier(kind, value, start, end))

    for match in _EMAIL.finditer(plain):
        take("email", _email_value(match.group()), *match.span())
    for match in _URL.finditer(plain):
        take("url", _url_value(match.group()), *match.span())
    for match in _DATE.finditer(plain):
        day, month, year = (int(part) for part in match.groups())
        if 1 <= day <= 31 and 1 <= month <= 12:
            take("dob", f"{year:04d}-{month:02d}-{day:02d}", *match.span())
    for match in _ISO_DATE.finditer(plain):
        year, month, day = (int(part) for part in match.groups())
        if 1 <= day <= 31 and 1 <= month <= 12:
            take("dob", f"{year:04d}-{month:02d}-{day:02d}", *match.span())
    for match in AMOUNT.finditer(plain):
        take(None, "", *match.span())
    for match in _CARD.finditer(plain):
        take("bhxh_code", re.sub(r"\D", "", match.group())[-10:], *match.span())
    for start, end in _digit_groups(plain):
        digits = re.sub(r"[^\d+]", "", plain[start:end])
        kind, value = classify(digits)
        if kind is not None:
            take(kind, value, start, end)
    for start, end, digits in spoken_runs(plain):
        kind, value = classify(digits)
        if kind is not None:
            take(kind, value, start, end)
    return sorted(found, key=lambda identifier: identifier.start)


def classify(digits: str) -> Tuple[Optional[str], str]:
    """Tell what a bare number is by its length and first digits.

    Returns the entity's name and its normal form, or `(None, digits)`. Ten digits with a mobile prefix are a
    phone, other ten digits an insurance code; a form that asked for a code decides otherwise by itself.
    """
    if digits.startswith("+84") or (digits.startswith("84") and len(digits) == 11):
        digits = "0" + digits[3 if digits.startswith("+") else 2 :]
    if digits.startswith("+"):
        return None, digits
    length = len(digits)
    if digits.startswith(("1900", "1800")) and length in (8, 10):
        return "hotline", digits
    if (length == 10 and digits.startswith(MOBILE_PREFIXES)) or (length == 11 and digits.startswith("02")):
        return "phone", digits
    names = {6: "otp", 9: "id_document", 10: "bhxh_code", 12: "personal_id"}
    return names.get(length), digits


def settle(text: str, found: List[Identifier]) -> List[Identifier]:
    """Drop what the person took back: after "à nhầm, ..." only the value finally meant stays.

    `không phải A mà là B` and `B chứ không phải A` both leave B. Values without a correction all stay.
    """
    folded = fold_in_place(_same_length_nfkc(text))
    kept: List[Identifier] = []
    for kind in dict.fromkeys(identifier.kind for identifier in found):
        same = [identifier for identifier in found if identifier.kind == kind]
        if len({identifier.value for identifier in same}) > 1:
            confirmed = [one for one in same if _CONFIRMED.search(folded[one.end :])]
            meant = [one for one in same if not (_NEGATED.search(folded[: one.start]) or _TAKEN_BACK.search(folded[one.end :]))]
            between = folded[same[0].end : same[-1].start] + folded[same[-1].end :]
            if confirmed:
                same = confirmed[-1:]
            elif meant and len(meant) < len(same):
                same = meant[-1:]
            elif _CORRECTION.search(between):
                same = same[-1:]
        kept.extend(same)
    return sorted(kept, key=lambda identifier: identifier.start)


def values_by_kind(found: List[Identifier]) -> Dict[str, Union[str, List[str]]]:
    """Group values by entity name: one value, or a list in order of mention when several differ."""
    grouped: Dict[str, List[str]] = {}
    for identifier in found:
        values = grouped.setdefault(identifier.kind, [])
        if identifier.value not in values:
            values.append(identifier.value)
    return {kind: values[0] if len(values) == 1 else values for kind, values in grouped.items()}


def _same_length_nfkc(text: str) -> str:
    """Fold full-width characters one by one, so that offsets stay those of the original text."""
    return "".join(folded if len(folded := unicodedata.normalize("NFKC", char)) == 1 else char for char in text)


def _email_value(written: str) -> str:
    value = re.sub(_AT, "@", written, count=1, flags=re.IGNORECASE)
    value = re.sub(r"\s+(?:chấm|cham|dot)\s+", ".", value, flags=re.IGNORECASE)
    return re.sub(r"\s+", "", value).lower()


def _url_value(written: str) -> str:
    bare = re.sub(r"^https?://", "", written.rstrip(".,;:!?)"), flags=re.IGNORECASE)
    host, slash, path = bare.partition("/")
    return host.lower() + (slash + path if path else "")


def _digit_groups(text: str) -> Iterator[Tuple[int, int]]:
    """Yield the spans of numbers; a run of several numbers (`7912345678 123456`) is cut where each part is one."""
    for match in _DIGIT_RUN.finditer(text):
        run = match.group()
        if _SHORT_DATE.fullmatch(run):
            continue
        if _TWO_OTPS.fullmatch(run):
            yield match.start(), match.start() + 6
            yield match.end() - 6, match.end()
            continue
        if classify(re.sub(r"[^\d+]", "", run))[0] is not None:
            yield match.span()
            continue
        parts = [(match.start() + part.start(), match.start() + part.end()) for part in re.finditer(r"\+?\d+", match.group())]
        index = 0
        while index < len(parts):
            for last in range(len(parts) - 1, index - 1, -1):
                start, end = parts[index][0], parts[last][1]
                if classify(re.sub(r"[^\d+]", "", text[start:end]))[0] is not None:
                    yield start, end
                    index = last
                    break
            index += 1


def spoken_runs(text: str) -> Iterator[Tuple[int, int, str]]:
    """Yield `(start, end, digits)` of runs of at least six digits said as words ("không chín một ...").

    Single numerals may stand among the words.
    """
    run: List[Tuple[int, int, str]] = []
    spoken = 0
    for match in _WORD.finditer(text):
        word = fold(match.group())
        digit = _SPOKEN.get(word, word if word.isdigit() and len(word) == 1 else None)
        if digit is not None and (not run or not text[run[-1][1] : match.start()].strip(" ,.-")):
            run.append((match.start(), match.end(), digit))
            spoken += not word.isdigit()
            continue
        if spoken and len(run) >= _SPOKEN_MINIMUM:
            yield run[0][0], run[-1][1], "".join(part[2] for part in run)
        run = [(match.start(), match.end(), digit)] if digit is not None else []
        spoken = int(digit is not None and not word.isdigit())
    if spoken and len(run) >= _SPOKEN_MINIMUM:
        yield run[0][0], run[-1][1], "".join(part[2] for part in run)
