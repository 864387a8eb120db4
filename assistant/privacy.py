"""What may be written down of a conversation: everything but the personal values in it.

Used by every store and log of the Rasa process when it writes, never when it reads. It errs on the side of
blanking: a lost word in a transcript is cheaper than a kept password.
"""

import csv
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, FrozenSet, List, Tuple

from assistant.nlu.folding import compose, fold_in_place
from assistant.nlu.identifiers import AMOUNT, Identifier, find, spoken_runs
from assistant.private_words import names, passwords

MASK = "••••"
PUBLIC_KINDS = frozenset({"hotline", "url"})
"""Identifiers of the agency or of somebody who is asked about, never of the person."""

KNOWN_CHANNELS = (Path("knowledge/official_channels.csv"), Path("knowledge/reported_frauds.csv"))

_LONG_NUMBER = re.compile(r"(?<![\d•])\d(?:[ .,/_*|…\-\ufe0f\u20e3]{0,3}\d){4,}(?!\d)")
_LIKE_AN_EMAIL = re.compile(
    r"\S*(?<!•) ?(?:@|%40|[\[(]at?[\])]|\ba[ -]?(?:cong|moc|vong)\b) ?\S*(?: ?[.,] ?\w+)*"
    r"|\S+(?: \S+)? (?:gmail|yahoo|outlook|hotmail|icloud)(?: cham | dot |[ .]{1,3})com\b"
)
_NUMERAL = r"(?:mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|muoi|mong)"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_LONG_DATE = re.compile(
    r"\b\d{1,2} ?(?:thang|/|-|\.) ?\d{1,2} ?(?:nam|/|-|\.|,) ?\d{2,4}\b"
    rf"|\b\d{{1,2}} ?{_MONTH},? ?\d{{2,4}}\b|\b{_MONTH} \d{{1,2}},? \d{{2,4}}\b"
    r"|(?:(?<=ngay )|(?<=sinh ))\d{1,2} thang \d{1,2}\b"
    rf"|\b{_NUMERAL}(?: {_NUMERAL})+ thang {_NUMERAL}(?: nam)?(?: {_NUMERAL})*\b"
)
_MAIL_HOSTS = ("gmail.com", "yahoo.com", "yahoo.com.vn", "outlook.com", "hotmail.com", "icloud.com", "example.com")
"""A longer "host" that ends in one of these is a mail address without its @."""


def blank(text: str, own_words: bool = False) -> str:
    """Return `text` with identifiers, names and passwords masked.

    Codes, numbers and phones keep their last four digits, mails their first letter and host; one-time codes,
    names, birth dates and passwords keep nothing. Masking twice changes nothing. `own_words` says that the
    assistant wrote the text: its sentences hold no names, so only identifiers are looked for.
    """
    if not text:
        return text
    return _blank_own(text) if own_words else _blank(text, own_words)


@lru_cache(maxsize=512)
def _blank_own(text: str) -> str:
    """The assistant says the same sentences again and again; what people say is never kept in memory."""
    return _blank(text, own_words=True)


def _blank(text: str, own_words: bool) -> str:
    text = compose(text)
    public, private = [], []
    for one in find(text):
        (public if _is_public(one) else private).append(one)
    spans = [(one.start, one.end, _masked(one, text[one.start : one.end])) for one in private]
    if not own_words:
        spans += [span for one in public for span in _private_path(text, one)]
    spans += [(start, end, MASK) for start, end, digits in spoken_runs(text)]
    kept = [
        (start, end, "")
        for start, end in [(one.start, one.end) for one in public] + [match.span() for match in AMOUNT.finditer(text)]
    ]
    if not own_words:
        folded = fold_in_place(text)
        spans += [(start, end, MASK) for start, end in [*names(text, folded), *passwords(folded)]]
        spans += _between(spans, _LIKE_AN_EMAIL, folded)
        spans += _between(kept, _LONG_DATE, folded)
        spans += _between([*spans, *kept], _LONG_NUMBER, text)
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


def _between(known: List[Tuple[int, int, str]], pattern: "re.Pattern[str]", text: str) -> List[Tuple[int, int, str]]:
    """Return a mask for each match in the gaps between known spans, which keep their readable form; what is masked stays."""
    found: List[Tuple[int, int, str]] = []
    begin = 0
    for start, end, _ in [*sorted(known), (len(text), len(text), "")]:
        if begin < start:
            found += [(*match.span(), MASK) for match in pattern.finditer(text, begin, start) if MASK not in match.group()]
        begin = max(begin, end)
    return found


def _private_path(text: str, one: Identifier) -> List[Tuple[int, int, str]]:
    """Return a mask for what stands behind a link's host when it may hold a value: who is asked about is the host."""
    path = re.search(r"(?<![/:])[/?#]", text[one.start : one.end]) if one.kind == "url" else None
    if path is None or not re.search(r"[\d@%=]", text[one.start + path.end() : one.end]):
        return []
    return [(one.start + path.end(), one.end, MASK)]


def _masked(one: Identifier, written: str) -> str:
    if one.kind == "email":
        local, _, host = one.value.partition("@")
        return f"{local[:1]}{MASK}@{host}"
    if one.kind in ("otp", "dob"):
        return MASK
    if one.kind == "id_document" and one.value[0].isalpha():
        return one.value[0] + MASK
    oddly_cut = re.search(r"_| - ", written)
    return MASK if one.kind == "url" or oddly_cut else MASK + one.value[-4:]


def _is_public(one: Identifier) -> bool:
    """Tell whether an identifier is known to all, or of a kind that names nobody. A ten-digit 1900... may be a code."""
    if one.kind == "url":
        return not one.value.endswith(_MAIL_HOSTS) or one.value in _MAIL_HOSTS
    return one.value in _known_numbers() or (one.kind in PUBLIC_KINDS and len(one.value) != 10)
