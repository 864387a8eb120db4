"""What somebody took back: after "à nhầm, ..." only the value finally meant stays."""

import re
from typing import List, Optional, Sequence

from assistant.nlu.typed_text import read_whole
from assistant.nlu.values import Identifier

_SLIP = r"(?:nham|lon|lo|sai|nhầm|loon|lộn|quen|trat|bam nham|go nham)"
_PHONE_OR_MAIL_WORD = r"(?:la|thanh|so|ma|email|mail|ten|sinh|ngay|nam|o|tinh|the|sang|cai|chu|dau|is|it's|the|phai)"
_CORRECTION = re.compile(
    r"\b(?:nham|lon|sua lai|dung la|dung ra|dung phai la|phai la|moi dung|moi phai|ms dung|ms phai|moi chinh xac"
    r"|chinh xac la|noi lai|doc lai|viet lai|nhap lai|xin loi"
    r"|y (?:em|minh|toi|chau|con|mik|e|mk|tui|la|quen|lon|nham)|quen mat|a quen|a khong|ah khong|o khong|i mean|meant"
    r"|actually|sorry|correction|instead|make that|oops|wait|rather"
    r"|scratch that|my bad|typo|no no|go sai|viet sai|sai roi|trat roi|khong a|ko a|a ko|a k|a hong|i lon|i nham|uy|y lon"
    r"|thay bang|thay vi)\b"
)
_NEGATED = re.compile(
    r"\b(?:khong phai|ko phai|k phai|hk phai|kg phai|hong phai|hong p|k p|ko p|khong p|hok phai|hoi nay|luc nay|hoi truoc"
    r"|dung co|dung lay|bo|bo so|thay vi|"
    r"not|isn't|instead of|rather than|ignore|cho dung|chu dung|(?:chu )?(?:khong|ko|hong) (?:phai )?(?:la|o)|chu (?:ko|k"
    r"|hk|hong)|"
    rf"(?:ghi|go|nhap|viet|danh|dua|gui|noi|doc|bam|khai|dien|typed?|wrote|gave|entered|said) (?:nham|lon|sai|by mistake"
    rf"|wrong(?:ly)?)|(?:i )?(?:mis\w+))"
    rf"(?:\s+{_PHONE_OR_MAIL_WORD}){{0,3}}\s*:?\s*$"
)
_TAKEN_BACK = re.compile(
    r"^\W*(?:(?:a|ah|la|bi|thi|o|u|y|i|e|em|toi|ui|oi|chet|do|roi|ma|kia|do la|is|was|that's|no)\W+){0,3}(?:sai|nham|lon"
    r"|wrong|incorrect|khong dung|trat)\b"
    r"|^\W*(?:a|ah|o|y|oi|ui|uh|no|wait|oh) ?,? ?(?:khong phai|ko phai|k phai|hong phai|hk phai|khong|ko|hong|no|not that"
    r"|wait)\b(?! (?:co|biet|nho|duoc|hieu))"
    r"|^\W*(?:khong phai|ko phai|hong phai)\s*[,.;!\-]|^ ?,? ?(?:nay|do|cu|kia) (?:bo|sai|nham)|^\W*(?:is|was) (?:wrong"
    r"|a typo|old)\b"
)
_CONFIRMED = re.compile(
    r"^\W*(?:(?:nay|do|nha|nhe|a|ne) )?(?:moi (?:la )?(?:dung|phai|chuan|chinh xac)|ms (?:la )?(?:dung|phai|chuan|đúg|dug)"
    r"|la dung|dung (?:ne|nha|nhe|roi|a|co)\b"
    r"|co (?:nhe|a|ma|ay|chu|nha)\b|is (?:right|correct|the (?:right|correct))|lan\b)"
)
_MEANT = re.compile(
    r"\b(?:dung (?:la|ra la|phai la)|phai la|ma la|chinh xac la|sua (?:lai )?(?:la|thanh|:)|should be|correct (?:one"
    r"|\w+)? ?is|make that)\W*(?:so|ma|ten|o|tinh)?\W*$"
)


def settle(text: str, found: List[Identifier]) -> List[Identifier]:
    """Drop what the person took back: after "à nhầm, ..." only the value finally meant stays.

    `không phải A mà là B`, `B chứ không phải A` and `A, à không phải, B` all leave B. Values without a correction all
    stay. A link that is only refused beside a mail (`mail is a@x.com, not y.com`) was that mail's host.
    """
    if len(found) < 2:
        return found
    folded = _plain(text)
    kept: List[Identifier] = []
    for kind in dict.fromkeys(one.kind for one in found):
        same = [one for one in found if one.kind == kind]
        if len({one.value for one in same}) > 1:
            same = _meant(folded, same)
        elif kind == "url" and any(one.kind == "email" for one in found):
            same = [one for one in same if not _NEGATED.search(_before(folded, one))]
        kept.extend(same)
    return sorted(kept, key=lambda one: one.start)


def _meant(folded: str, same: Sequence[Identifier]) -> List[Identifier]:
    """Return those of several values of one kind that are finally meant."""
    confirmed = [one for one in same if _CONFIRMED.search(folded[one.end : one.end + 40]) or _MEANT.search(_before(folded, one))]
    if confirmed:
        return _all_of(same, confirmed[-1])
    refused = [
        one
        for one, following in zip(same, [*same[1:], None], strict=False)
        if _NEGATED.search(_before(folded, one)) or _TAKEN_BACK.search(_behind(folded, one, following))
    ]
    taken_back = {one.value for one in refused}
    meant = [one for one in same if one.value not in taken_back]
    if refused and meant:
        between = folded[refused[0].end : meant[-1].start]
        return _all_of(same, meant[-1]) if len(meant) == 1 or _CORRECTION.search(between) else meant
    for place in range(len(same) - 1, 0, -1):
        if _CORRECTION.search(folded[same[place - 1].end : same[place].start]):
            return list(same[place:])
    return [same[-1]] if _CORRECTION.search(folded[same[-1].end : same[-1].end + 40]) and len(same) == 2 else list(same)


def _all_of(same: Sequence[Identifier], one: Identifier) -> List[Identifier]:
    return [other for other in same if other.value == one.value]


def _before(folded: str, one: Identifier) -> str:
    return folded[max(0, one.start - 60) : one.start]


def _behind(folded: str, one: Identifier, following: Optional[Identifier]) -> str:
    """Return what follows a value, up to the next of its kind."""
    end = min(one.end + 40, following.start if following else len(folded))
    return folded[one.end : end]


def _plain(text: str) -> str:
    """Return `text` folded in place, keystrokes as they are where decoding would move offsets."""
    reading = read_whole(text)
    if not reading.is_typed_in_keys:
        return reading.folded
    placed = list(" " * len(reading.text))
    for word in reading.words:
        placed[word.start : word.end] = word.folded.ljust(word.end - word.start)[: word.end - word.start]
    return "".join(placed)
