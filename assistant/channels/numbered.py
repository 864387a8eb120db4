"""Choices where nothing can be pressed: a numbered list, and the answers that name one of them."""

import re
import unicodedata
from typing import Dict, List, Optional

_WORDS = (
    ("một", "mot", "nhất", "nhat", "đầu", "dau", "đầu tiên", "dau tien", "one", "first"),
    ("hai", "nhì", "nhi", "two", "second"),
    ("ba", "three", "third"),
    ("bốn", "bon", "tư", "tu", "four", "fourth"),
    ("năm", "nam", "five", "fifth"),
    ("sáu", "sau", "six", "sixth"),
    ("bảy", "bay", "seven", "seventh"),
    ("tám", "tam", "eight", "eighth"),
    ("chín", "chin", "nine", "ninth"),
    ("mười", "muoi", "ten", "tenth"),
)
_PLACES: Dict[str, int] = {word: place for place, words in enumerate(_WORDS) for word in words}
_LAST = ("cuối", "cuoi", "cuối cùng", "cuoi cung", "last")
_NUMBER = "|".join(sorted((*_PLACES, *_LAST), key=len, reverse=True))
_ANSWER = re.compile(
    r"(?:(?:tôi|toi|mình|minh|em|cho tôi|cho toi|i|i'll|i will) )?(?:(?:chọn|chon|lấy|lay|bấm|bam|choose|pick|take|press) )?"
    r"(?:(?:cái|cai|câu|cau|mục|muc|số|so|phương án|phuong an|lựa chọn|lua chon|the|option|number|no\.?) ?)*#?"
    rf"(?:(?:thứ|thu) )?(?P<number>\d{{1,2}}|{_NUMBER})"
    r"(?: (?:one|option|nhé|nhe|nha|ạ|a|đi|di|please))*"
)


def as_list(labels: List[str]) -> str:
    """Return the labels as lines, numbered from 1."""
    return "\n".join(f"{number}. {label}" for number, label in enumerate(labels, 1))


def chosen(text: str, count: int) -> Optional[int]:
    """Return which of `count` choices (from 0) a short answer names, None for any other text and for a number beyond them.

    Accents are heeded where there are any: "bà" is no "ba".
    """
    said = " ".join(unicodedata.normalize("NFKC", text).lower().split()).strip(" .,;:!?)(")
    match = _ANSWER.fullmatch(said)
    if match is None:
        return None
    number = match["number"]
    if number in _LAST:
        return count - 1
    place = int(number) - 1 if number.isdigit() else _PLACES[number]
    return place if 0 <= place < count else None
