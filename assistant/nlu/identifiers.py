"""Identifiers as people write them: codes, phones, mails, one-time codes, links, birth dates.

Parsed in Python, not learned: what a value looks like decides, the words around it only where its look does not.
Names and normal forms are those of the domain's entities.
"""

from datetime import date
from typing import List, Optional

from assistant.nlu import addresses, dates, documents, numbers
from assistant.nlu.corrections import settle
from assistant.nlu.numbers import AMOUNT, MOBILE_PREFIXES, classify, spoken_runs
from assistant.nlu.typed_text import read_whole
from assistant.nlu.values import Identifier, values_by_kind, without_overlaps

__all__ = ["AMOUNT", "MOBILE_PREFIXES", "Identifier", "classify", "find", "settle", "spoken_runs", "values_by_kind"]

_NOTHING = ""


def find(text: str, today: Optional[date] = None) -> List[Identifier]:
    """Return every identifier in `text` in order of mention; no birth date lies after `today`.

    Of two that overlap the one whose form says more stays: mails and links, then dates, documents with letters, money
    (which is none), numbers in digits, numbers in words.
    """
    reading = read_whole(text)
    found = [
        *addresses.find(reading),
        *dates.find(reading, today),
        *documents.find(reading),
        *(Identifier(_NOTHING, "", *match.span()) for match in AMOUNT.finditer(reading.text)),
        *numbers.written(reading.text),
        *numbers.spoken(reading),
    ]
    return [one for one in without_overlaps(found) if one.kind != _NOTHING]
