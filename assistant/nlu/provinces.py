"""The provinces a message names, as their proper accented names: in any spelling, old ones stay old.

A name with all its accents, or in a message without any, is taken at its word. What could be an ordinary word
(`hai đường`, `làm đồng`), a misspelling or an abbreviation counts only where a place is expected.
"""

import re
from typing import Iterator, List, Optional, Sequence, Tuple

from assistant.nlu.province_table import Spelling, joined, table
from assistant.nlu.reading import Reading, Word
from assistant.nlu.syllables import is_plain_shape, split_tone
from assistant.nlu.values import Identifier, without_overlaps

_PLACE_BEFORE = re.compile(
    r"(?:\b(?:o|tai|que|tinh|thanh pho|tp|t\.p|bhxh|bao hiem xa hoi|bao hiem|ve|duoi|tren|ngoai|trong|tu|vo|vao|ra|len|xuong|qua|den|toi|nguoi|dan|goc|gan|quanh"
    r"|khu vuc|vung|benh vien|bv|bvien|khach|dat|ho khau|thuong tru|tam tru|in|at|from|near|to|of|for|around|visit|live|nguyen quan|dia chi|noi|xu|mien"
    r"|que quan|cho|huyen|quan|phuong|xa|thi xa|kcn|cong ty|cty|nha|viec|dau|mien tay|owr|song|sinh)|[,\-–/(:]|\bq\.? ?[\w ]{1,12}|^) ?$"
)
_STRONG_PLACE_BEFORE = re.compile(
    r"(?:\b(?:o|tai|que|tinh|thanh pho|tp|bhxh|bao hiem xa hoi|ve|nguoi|in|at|from|near|que quan|goc|thuong tru|ho khau|gan|dan|province|vo|ra|tu)|,) ?(?:tinh |thanh pho |tp )?$"
)
_PLACE_BEHIND = re.compile(r"^ ?(?:province|city|tinh|\)|,|$|\.)")
_NO_PLACE_BEFORE = re.compile(r"\b(?:duong|pho|ho ten|ten|ho|chi|anh|co|chu|bac|ong|ba|em|be|chau|thi|van|may|hang|lop|truong) $")
_LONGEST_NAME = 5


def find(reading: Reading, taken: Sequence[Tuple[int, int]] = ()) -> List[Identifier]:
    """Return the provinces in order of mention; none overlaps a span of `taken` (people's names, mails, links)."""
    words = [word for word in reading.words if word.lower.isalnum() or word.written in "-–."]
    found: List[Identifier] = []
    place = 0
    while place < len(words):
        for end, name in _readings(reading, words, place):
            start, stop = words[place].start, words[end - 1].end
            if not any(start < last and first < stop for first, last in taken):
                found.append(Identifier("province", name, start, stop))
                place = end - 1
                break
        place += 1
    return without_overlaps(found)


def _readings(reading: Reading, words: Sequence[Word], place: int) -> Iterator[Tuple[int, str]]:
    """Yield what may begin at a word, the longest first: its end and the province."""
    if not words[place].lower.isalnum():
        return
    known = table()
    for count in range(min(_LONGEST_NAME, len(words) - place), 0, -1):
        run = words[place : place + count]
        if not run[-1].lower.isalnum() or reading.text[run[0].start : run[-1].end].count("\n"):
            continue
        if any(one.written in "-–." for one in run) and not _is_one_name(reading, run):
            continue
        letters = [one for one in run if one.lower.isalnum()]
        key = "".join(one.folded for one in letters)
        if key in known.exact and _is_meant(reading, letters, known.exact[key]):
            yield place + count, known.exact[key].name
        elif count == 1 and run[0].lower in known.short and _is_short_form(reading, run[0]):
            yield place + count, known.short[run[0].lower]
        elif count <= 2 and len(letters) == count:
            near = _near(reading, letters, key)
            if near:
                yield place + count, near


def _is_one_name(reading: Reading, run: Sequence[Word]) -> bool:
    """Return whether signs inside a run belong to a name (`Bà Rịa - Vũng Tàu`, `đ.nẵng`), not between two."""
    return len(run) > 1 and "." not in reading.text[run[1].start : run[-1].end].replace(". ", "..")[1:]


def _is_meant(reading: Reading, run: Sequence[Word], spelling: Spelling) -> bool:
    """Judge whether words that fold to a province's name mean it."""
    before, behind = _around(reading, run)
    if spelling.accented and len(spelling.accented) == len(run):
        same = [_same(word.lower, proper) for word, proper in zip(run, spelling.accented)]
        bare = [word.lower == word.folded for word in run]
        if all(same) and not (all(bare) and spelling.also_a_word):
            return not (spelling.also_a_word and _in_a_name(before, run))
        if all(one or plain for one, plain in zip(same, bare)):  # accents only left out
            if spelling.also_a_word:
                return bool(_STRONG_PLACE_BEFORE.search(before)) or (_capital(run) and not _in_a_name(before, run)) or len(reading.words) <= len(run) + 1
            return all(bare) or _capital(run) or bool(_PLACE_BEFORE.search(before))
        wrong = sum(not one for one in same)
        return (wrong == 1 and len(run) > 1 and (bool(_STRONG_PLACE_BEFORE.search(before)) or (_capital(run) and bool(_PLACE_BEFORE.search(before)))))
    if spelling.also_a_word and all(word.lower == word.folded for word in run):
        return bool(_STRONG_PLACE_BEFORE.search(before)) or (_capital(run) and not _in_a_name(before, run))
    if any(word.lower != word.folded and not word.lower.startswith("đ") for word in run) and len(run) == 1 and not spelling.accented:
        return False
    return True


def _in_a_name(before: str, run: Sequence[Word]) -> bool:
    return bool(_NO_PLACE_BEFORE.search(before))


def _capital(run: Sequence[Word]) -> bool:
    return all(word.written[:1].isupper() for word in run)


def _same(word: str, proper: str) -> bool:
    return word == proper or split_tone(word) == split_tone(proper)


def _around(reading: Reading, run: Sequence[Word]) -> Tuple[str, str]:
    return reading.folded[max(0, run[0].at - 26) : run[0].at], reading.folded[run[-1].to : run[-1].to + 12]


def _is_short_form(reading: Reading, word: Word) -> bool:
    before, behind = _around(reading, [word])
    loud = word.written.isupper() and not reading.text.isupper()
    placed = re.search(r"(?:\b(?:o|tai|que|tinh|bhxh|ve|nguoi|qe|len|ra|vo|in|from|q\.? ?\w+ ?\w+)|,) $", before)
    return bool(placed) or (loud and word.lower in ("hn", "hcm", "sg", "đn") and bool(re.search(r"[a-z] $", before)))


def _near(reading: Reading, run: Sequence[Word], key: str) -> Optional[str]:
    """Return the one province a misspelling stands for (a letter missing, doubled, changed or moved), where a place is expected."""
    if not 5 <= len(key) <= 12:
        return None
    before, behind = _around(reading, run)
    impossible = any(not is_plain_shape(word.folded) for word in run)
    strong = bool(_STRONG_PLACE_BEFORE.search(before))
    capital = _capital(run) and not reading.text.isupper()
    if not (strong or (capital and _PLACE_BEFORE.search(before)) or (impossible and (_PLACE_BEFORE.search(before) or capital))):
        return None
    known = table()
    candidates = set(known.near.get(key, ()))
    for place in range(len(key)):
        shorter = key[:place] + key[place + 1 :]
        if shorter in known.exact and len(known.exact[shorter].accented) == 2:
            candidates.add(shorter)
        candidates |= known.near.get(shorter, frozenset())
    meant = {known.exact[one].name for one in candidates if _is_likely(run, known.exact[one], one, impossible)}
    return meant.pop() if len(meant) == 1 else None


def _is_likely(run: Sequence[Word], spelling: Spelling, key: str, impossible: bool) -> bool:
    """One syllable must be right; when both are Vietnamese syllables, right with an accent in it."""
    if len(run) == 1:
        return run[0].folded[0] == key[0] and run[0].folded[-1] == key[-1] and impossible and len(run[0].folded) > 6
    right = [word.folded == joined(proper) for word, proper in zip(run, spelling.accented)]
    exact = [_same(word.lower, proper) and word.lower != word.folded for word, proper in zip(run, spelling.accented)]
    first = run[0].folded[0] == joined(spelling.accented[0])[0]
    return any(right) and first and (impossible or any(exact))
