"""Days, months and years among the words of a message, in digits or said, and where they begin and end."""

from typing import List, Optional, Sequence

from assistant.nlu import numerals
from assistant.nlu.typed_text import Word


def digits_at(words: Sequence[Word], place: int) -> bool:
    """Return whether a word is a number in digits."""
    return place < len(words) and words[place].folded.isdigit()


def day_before(words: Sequence[Word], place: int, most: int) -> "tuple[int, Optional[int]]":
    """Return where a day begins that stands right before a word, and the day; the longest reading that is one."""
    if words[place - 1].folded.isdigit():
        value = int(words[place - 1].folded) if len(words[place - 1].folded) <= 2 else 0
        return (place - 1, value) if 1 <= value <= most else (place, None)
    for count in (3, 2, 1):
        if place >= count and all(
            numerals.is_numeral(word.lower) or word.lower in ("mươi", "muoi") for word in words[place - count : place]
        ):
            value = numerals.small([word.lower for word in words[place - count : place]]) or 0
            if 1 <= value <= most:
                return place - count, value
    return place, None


def months_after(words: Sequence[Word], place: int) -> "tuple[List[int], List[int]]":
    """Return where a month may end that begins at a word, and which month; two words before one."""
    if digits_at(words, place):
        value = int(words[place].folded) if len(words[place].folded) <= 2 else 0
        return ([place + 1], [value]) if 1 <= value <= 12 else ([], [])
    ends, months = [], []
    for count in (2, 1):
        value = numerals.small([word.lower for word in words[place : place + count]]) or 0
        if place + count <= len(words) and 1 <= value <= 12:
            ends.append(place + count)
            months.append(value)
    return ends, months


def year_at(words: Sequence[Word], place: int) -> "tuple[int, Optional[str]]":
    """Return where a year ends that begins at a word, and its two or four digits."""
    if place >= len(words):
        return place, None
    first = words[place].folded
    if first.isdigit():
        joined = place + 1 < len(words) and words[place + 1].at == words[place].to and words[place + 1].lower.isalpha()
        if first == "2" and joined and words[place + 1].folded == "k":
            digits = (
                words[place + 2].folded if digits_at(words, place + 2) and words[place + 2].at == words[place + 1].to else "0"
            )
            return place + 2 + (digits != "0"), ("2" + digits.zfill(3) if len(digits) <= 2 else None)
        return (place + 1, first) if len(first) in (2, 4) and not joined else (place, None)
    for count in range(min(9, len(words) - place), 1, -1):
        run = words[place : place + count]
        if all(word.lower.isalpha() for word in run):
            said = numerals.year([word.lower for word in run])
            if said:
                return place + count, said
    return place, None
