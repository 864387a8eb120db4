"""A value found in a text, and how several of them are handed on."""

from dataclasses import dataclass
from typing import Dict, Iterable, List, Sequence, Union


@dataclass(frozen=True)
class Identifier:
    """One value found in a text: `kind` is the entity's name, `start` and `end` are offsets into that text."""

    kind: str
    value: str
    start: int
    end: int


def without_overlaps(found: Iterable[Identifier]) -> List[Identifier]:
    """Return what does not overlap, in order of mention; of two that overlap the one earlier in `found` stays.

    The order of `found` is the one rule about overlaps: mails, links, dates, documents, money, digits, said digits.
    """
    kept: List[Identifier] = []
    for one in found:
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def values_by_kind(found: Sequence[Identifier]) -> Dict[str, Union[str, List[str]]]:
    """Group values by entity name: one value, or a list in order of mention when several differ."""
    grouped: Dict[str, List[str]] = {}
    for one in found:
        values = grouped.setdefault(one.kind, [])
        if one.value not in values:
            values.append(one.value)
    return {kind: values[0] if len(values) == 1 else values for kind, values in grouped.items()}
