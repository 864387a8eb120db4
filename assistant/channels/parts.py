"""A text that is longer than a provider takes, in parts."""

from typing import List

_BREAKS = ("\n\n", "\n", " ")
"""Where a text may be cut, best first."""


def units(text: str) -> int:
    """Return the length in UTF-16 units, the longest of the ways a provider may count."""
    return len(text.encode("utf-16-le")) // 2


def split(text: str, limit: int) -> List[str]:
    """Return the text in parts of at most `limit` units: cut between paragraphs, else lines, else words, else anywhere."""
    parts = []
    rest = text.strip()
    while units(rest) > limit:
        reach = _reach(rest, limit)
        cuts = (rest.rfind(mark, 1, reach + len(mark)) for mark in _BREAKS)
        cut = next((place for place in cuts if place > 0), reach)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts


def _reach(text: str, limit: int) -> int:
    """Return how many characters fit."""
    return len(text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore"))
