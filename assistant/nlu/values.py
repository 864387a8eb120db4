"""A value found in a text, and how several of them are handed on."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Dict, Iterable, List, Sequence, Tuple, Union


@dataclass(frozen=True)
class Identifier:
    """One value found in a text: `kind` is the entity's name, `start` and `end` are offsets into that text."""

    kind: str
    value: str
    start: int
    end: int


def without_overlaps(found: Iterable[Identifier], taken: Iterable[Tuple[int, int]] = ()) -> List[Identifier]:
    """Return what overlaps nothing `taken`, in order of mention; of two that overlap the one earlier in `found` stays.

    The order of `found` is the one rule about overlaps.
    """
    spans = sorted(taken)
    kept: List[Identifier] = []
    for one in found:
        place = bisect_left(spans, (one.start, one.end))
        if place and spans[place - 1][1] > one.start:
            continue
        if place < len(spans) and spans[place][0] < one.end:
            continue
        spans.insert(place, (one.start, one.end))
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
