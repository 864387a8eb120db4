"""What may be written down of a conversation: everything but the personal values in it.

Used by every store and log of the Rasa process when it writes, never when it reads. It errs on the side of
blanking: a lost word in a transcript is cheaper than a kept password.
"""

import csv
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, FrozenSet, Iterable, List, Tuple

from assistant.nlu.folding import compose, fold, fold_in_place
from assistant.nlu.identifiers import AMOUNT, Identifier, find, spoken_runs

MASK = "••••"
PUBLIC_KINDS = frozenset({"hotline", "url"})
"""Identifiers of the agency or of somebody who is asked about, never of the person."""

KNOWN_CHANNELS = (Path("knowledge/official_channels.csv"), Path("knowledge/reported_frauds.csv"))

_LONG_NUMBER = re.compile(r"(?<![\d•])\d(?:[ .,/_\-]{0,2}\d){4,}(?!\d)")
_LIKE_AN_EMAIL = re.compile(r"\S*(?<!•) ?(?:@|[\[(]at[\])]|\ba[ -]?(?:cong|moc)\b) ?\S+(?: ?[.,] ?\w+)*")
_LONG_DATE = re.compile(r"\b\d{1,2} ?(?:thang|/|-|\.) ?\d{1,2} ?(?:nam|/|-|\.) ?\d{2,4}\b")
_MAIL_HOSTS = ("gmail.com", "yahoo.com", "yahoo.com.vn", "outlook.com", "hotmail.com", "icloud.com", "example.com")
"""A longer "host" that ends in one of these is a mail address without its @."""
_SURNAMES = (
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh truong lam mai cao luong trinh dao ha "
    "chau ta phung to quach thai kieu tang vuong luu dam mac"
).split()
_MIDDLE_NAMES = (
    "thi van duc minh thanh ngoc huu quoc thu kim hong xuan gia bao tuan quang dinh hoang my thuy phuong mai viet manh "
    "nhu khanh bich"
).split()
_NAME_WORD = r"[^\W\d_]+"
_FOLDED_NAME = re.compile(
    # Surnames that are also everyday words count only before "thi" or "van", the commonest middle names.
    rf"\b(?:(?:nguyen|tran|pham|huynh|trinh) (?:{'|'.join(_MIDDLE_NAMES)})|(?:{'|'.join(_SURNAMES)}) (?:thi|van))"
    rf"(?: {_NAME_WORD}){{1,3}}\b"
)
_WRITTEN_NAME = re.compile(rf"\b{_NAME_WORD}(?: {_NAME_WORD})+")
_NAME_CUE = re.compile(
    r"\b(?:ho (?:va )?ten|ten(?: day du)?(?: (?:toi|em|minh|con|chau|me|bo|ba|cua \w+))?"
    r"|(?:toi|em|minh|con|chau) ten|my name(?: is)?|full name|name)"
    r"(?: la\b| is\b| ?:)* ?((?:[^\W\d_]+)(?: [^\W\d_]+){0,4})"
)
_PASSWORD_CUE = re.compile(r"\b(?:mat khau|mk|pass(?:word)?|pw|pin)\b")
_SAID_TO_BE = ("la", "is", "was", ":", "=")
_PASSWORD_WITHIN = 7
"""Words after the cue in which a password is looked for."""


def blank(text: str, own_words: bool = False) -> str:
    """Return `text` with identifiers, names and passwords masked.

    Codes, numbers and phones keep their last four digits, mails their first letter and host; one-time codes,
    names, birth dates and passwords keep nothing. Masking twice changes nothing. `own_words` says that the
    assistant wrote the text: its sentences hold no names, so only identifiers are looked for.
    """
    if not text:
        return text
    text = compose(text)
    public, private = [], []
    for one in find(text):
        (public if _is_public(one) else private).append(one)
    spans = [(one.start, one.end, _masked(one)) for one in private]
    spans += [(start, end, MASK) for start, end, digits in spoken_runs(text)]
    kept = [(one.start, one.end) for one in public] + [match.span() for match in AMOUNT.finditer(text)]
    if not own_words:
        folded = fold_in_place(text)
        spans += [(start, end, MASK) for start, end in [*_names(text, folded), *_passwords(folded)]]
        spans += _unless(spans, _LIKE_AN_EMAIL.finditer(folded))
        known = spans + [(start, end, "") for start, end in kept]
        spans += _unless(known, [*_LONG_DATE.finditer(folded), *_LONG_NUMBER.finditer(text)])
    result, written = "", 0
    for start, end, mask in _merged(spans):
        result += text[written:start] + mask
        written = end
    return result + text[written:]


def blank_values(data: Any) -> Any:
    """Return a copy of JSON-like `data`, made by the assistant, in which every string went through `blank`."""
    if isinstance(data, str):
        return blank(data, own_words=True)
    if isinstance(data, dict):
        return {key: blank_values(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [blank_values(value) for value in data]
    return data


@lru_cache(maxsize=1)
def _known_numbers() -> FrozenSet[str]:
    """The agency's own numbers and the reported ones, digits only: everybody may read them."""
    numbers = set()
    for path in KNOWN_CHANNELS:
        with path.open(encoding="utf-8", newline="") as rows:
            numbers |= {row["normalised_value"] for row in csv.DictReader(rows) if row["kind"] == "phone"}
    return frozenset(numbers)


def _merged(spans: List[Tuple[int, int, str]]) -> List[Tuple[int, int, str]]:
    """Join overlapping spans; a joined span shows nothing of what it hides."""
    merged: List[Tuple[int, int, str]] = []
    for start, end, mask in sorted(spans, key=lambda span: (span[0], span[1], -len(span[2]))):
        if merged and start < merged[-1][1]:
            first, last, shown = merged[-1]
            same = (start, end) == (first, last)
            merged[-1] = (first, max(last, end), shown if same else MASK)
        else:
            merged.append((start, end, mask))
    return merged


def _unless(known: List[Tuple[int, int, str]], found: Iterable["re.Match[str]"]) -> List[Tuple[int, int, str]]:
    """Return a mask for each match, but for what is known, or masked already: that keeps its readable form."""
    return [
        (*match.span(), MASK)
        for match in found
        if MASK not in match.group() and not any(match.start() < end and start < match.end() for start, end, _ in known)
    ]


def _masked(one: Identifier) -> str:
    if one.kind == "email":
        local, _, host = one.value.partition("@")
        return f"{local[:1]}{MASK}@{host}"
    if one.kind in ("otp", "dob"):
        return MASK
    return MASK if one.kind == "url" else MASK + one.value[-4:]


def _names(text: str, folded: str) -> List[Tuple[int, int]]:
    spans = [match.span() for match in _FOLDED_NAME.finditer(folded)]
    spans += [match.span(1) for match in _NAME_CUE.finditer(folded)]
    for match in _WRITTEN_NAME.finditer(text):
        words = list(re.finditer(_NAME_WORD, match.group()))
        index = 0
        while index < len(words):
            run = index
            while run < len(words) and words[run].group().istitle():
                run += 1
            if run - index >= 2 and fold(words[index].group()) in _SURNAMES:
                spans.append((match.start() + words[index].start(), match.start() + words[run - 1].end()))
            index = max(run, index + 1)
    return spans


def _passwords(folded: str) -> List[Tuple[int, int]]:
    """Return the spans of words that look like the password a sentence speaks of."""
    spans = []
    for cue in _PASSWORD_CUE.finditer(folded):
        before = ""
        for word in list(re.finditer(r"[^\s:=]+|[:=]", folded[cue.end() :]))[:_PASSWORD_WITHIN]:
            token = word.group().strip(",.!?")
            mixed = any(char.isdigit() for char in token) and any(char.isalpha() for char in token)
            symbols = any(not char.isalnum() and char not in "-•/" for char in token[:-1])
            if token and (mixed or symbols or (before in _SAID_TO_BE and len(token) >= 6)) and MASK not in token:
                spans.append((cue.end() + word.start(), cue.end() + word.end()))
            before = word.group()
    return spans


def _is_public(one: Identifier) -> bool:
    """Tell whether an identifier is known to all, or of a kind that names nobody. A ten-digit 1900... may be a code."""
    if one.kind == "url":
        return not one.value.endswith(_MAIL_HOSTS) or one.value in _MAIL_HOSTS
    return one.value in _known_numbers() or (one.kind in PUBLIC_KINDS and len(one.value) != 10)
