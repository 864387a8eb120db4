"""The provinces a message names, as their proper accented names: in any spelling, old ones stay old.

A name with all its accents, or in a message without any, is taken at its word. What could be an ordinary word
(`hai đường`, `làm đồng`), a misspelling or an abbreviation counts only where a place is expected.
"""

import itertools
import re
import unicodedata
from typing import Iterator, List, Optional, Sequence, Tuple

from assistant.nlu.folding import fold
from assistant.nlu.province_table import DISTRICTS, OLDER_NAMES, Spelling, joined, table
from assistant.nlu.syllables import is_plain_shape, split_tone
from assistant.nlu.typed_text import TypedText, Word
from assistant.nlu.values import Identifier

_PLACE_BEFORE = re.compile(
    r"(?:\b(?:o|tai|que|tinh|thanh pho|tp|t\.p|bhxh|bao hiem xa hoi|bao hiem|ve|duoi|tren|ngoai|trong|tu|vo|vao|ra|len"
    r"|xuong|qua|den|toi|nguoi|dan|goc|gan|quanh"
    r"|khu vuc|vung|benh vien|bv|bvien|khach|dat|ho khau|thuong tru|tam tru|in|at|from|near|to|of|for|around|visit|live"
    r"|nguyen quan|dia chi|noi|xu|mien"
    r"|que quan|cho|huyen|quan|phuong|xa|thi xa|kcn|cong ty|cty|nha|viec|dau|sang|mien tay|owr|song|sinh|di)|[,\-–/(:]"
    r"|\bq\.? ?[\w ]{1,12}|^) ?$"
)
_STRONG_PLACE_BEFORE = re.compile(
    r"(?:\b(?:o|tai|que|tinh|thanh pho|tp|bhxh|bao hiem xa hoi|ve|nguoi|in|at|from|near|que quan|goc|thuong tru|ho khau|gan"
    r"|dan|province|vo|ra|tu|sang)|,) ?(?:tinh |thanh pho |tp )?$"
)
_ENGLISH_WORDS = frozenset("name hang than can long son lam the that this when then hanh".split())
_NO_PLACE_BEFORE = re.compile(
    r"(?<!\w)(?:đường|phố|họ tên|tên|họ|chị|anh|cô|chú|bác|ông|bà|em|bé|cháu|thị|văn|mấy|hàng|lớp|trường|duong|pho|ho ten"
    r"|ten|ho|co|chu|bac|ong|ba|be"
    r"|thi|van|may|hang|lop|truong) $"
)
_DISH_BEFORE = re.compile(r"(?:bún|bò|bun|bo) $")
_PROPER_BEFORE = re.compile(r"[A-ZĐĂÂÊÔƠƯ][^\W\d_]+ $")
_CHAT_WORDS = frozenset("hd nt dt đt bn bt vl kt pt nd ld tb cm st ct hp qt tv tg kg py vt bg đl".split())
"""Short forms that stand for ordinary words too, so that only a word of place right before them tells."""
_LONGEST_NAME = 5


def find(reading: TypedText, taken: Sequence[Tuple[int, int]] = ()) -> List[Identifier]:
    """Return the provinces in order of mention; none overlaps a span of `taken` (people's names, mails, links)."""
    words = [word for word in reading.words if word.lower.isalnum() or word.written in "-–."]
    found: List[Identifier] = []
    place = 0
    while place < len(words):
        for end, name in _readings(reading, words, place):
            one = Identifier("province", name, words[place].start, words[end - 1].end)
            if not _overlaps(one, taken):
                found.append(one)
                place = end - 1
                break
        place += 1
    return found


def _overlaps(one: Identifier, taken: Sequence[Tuple[int, int]]) -> bool:
    return any(one.start < end and start < one.end for start, end in taken)


def _readings(reading: TypedText, words: Sequence[Word], place: int) -> Iterator[Tuple[int, str]]:
    """Yield what may begin at a word, the longest first: its end and the province."""
    if not words[place].lower.isalnum():
        return
    known = table()
    first = words[place]
    longest = _LONGEST_NAME if first.folded in known.parts or len(first.folded) == 1 else 2
    for count in range(min(longest, len(words) - place), 0, -1):
        run = words[place : place + count]
        last = run[-1]
        if count > 1 and not (
            last.lower.isalnum() and (last.folded in known.parts or longest > 2) and _is_one_name(reading, run)
        ):
            continue
        letters = [one for one in run if one.lower.isalnum()] if count > 2 else run
        key = "".join([one.folded for one in letters])
        if key in known.exact and len(letters) >= min(count, 2) and _is_meant(reading, letters, known.exact[key]):
            yield place + count, known.exact[key].name
        elif count == 1 and first.lower in known.short and _is_short_form(reading, first):
            yield place + count, known.short[first.lower]
        elif count <= 2 and 5 <= len(key) <= 12:
            near = _near(reading, letters, key)
            if near:
                yield place + count, near


def _is_one_name(reading: TypedText, run: Sequence[Word]) -> bool:
    """Return whether words belong to one name (`Bà Rịa - Vũng Tàu`, `đ.nẵng`): no comma, no full stop but an abbreviation's."""
    for word, following in itertools.pairwise(run):
        between = reading.lower[word.to : following.at]
        if between.strip(" ") or len(between) > 2:
            return False
        if word.written == "." and between and (len(run[0].lower) > 2 or len(run[0].lower) == 1):
            return False
    return True


def _is_meant(reading: TypedText, run: Sequence[Word], spelling: Spelling) -> bool:
    """Judge whether words that fold to a province's name mean it."""
    before, _ = _around(reading, run)
    named = _is_named(reading, run) or (spelling.name == "Huế" and bool(_DISH_BEFORE.search(reading.lower[: run[0].at])))
    placed = bool(_PLACE_BEFORE.search(before)) or _behind_a_town(before)
    bare = [word.lower == word.folded for word in run]
    if not spelling.accented or len(spelling.accented) != len(run):
        last = spelling.name.split()[-1].lower()
        if not spelling.accented and not all(
            one or word.lower[0] == "đ" or word.lower.endswith(last) for one, word in zip(bare, run, strict=False)
        ):
            return False
        return len(run) == 1 or placed or not named
    same = [_same(word.lower, proper) for word, proper in zip(run, spelling.accented, strict=False)]
    if all(same) and not (all(bare) and spelling.also_a_word):
        return not (named and (spelling.also_a_word or not _capital(run)))
    if spelling.as_written:
        return False
    weaker = all(one or _weaker(word.lower, proper) for one, word, proper in zip(same, run, spelling.accented, strict=False))
    if weaker and all(bare):  # accents left out
        if spelling.also_a_word:
            return (placed or _capital(run) or len(reading.words) <= len(run) + 1) and not named
        return (not named or placed) and (_is_plain(reading) or placed or _capital(run))
    if weaker:
        swallowed = _PROPER_BEFORE.search(reading.text[: run[0].start]) is not None and not reading.text.isupper()
        counted = run[0].lower == "hai"
        return placed or (_capital(run) and not swallowed) or not (counted or swallowed or named)
    wrong = sum(not one for one in same)
    strong = bool(_STRONG_PLACE_BEFORE.search(before)) or _behind_a_town(before)
    return wrong == 1 and len(run) > 1 and (strong or (_capital(run) and placed and not reading.text.isupper()))


def _is_named(reading: TypedText, run: Sequence[Word]) -> bool:
    """Return whether the word before belongs to a person's name or to a street's."""
    return bool(_NO_PLACE_BEFORE.search(reading.lower[max(0, run[0].at - 12) : run[0].at]))


def _is_plain(reading: TypedText) -> bool:
    """Return whether a message is written without accents, or nearly so."""
    accented = sum(word.lower != word.folded for word in reading.words)
    return accented * 4 <= len(reading.words)


def _behind_a_town(before: str) -> bool:
    """Return whether the text before ends in a town of the table (`biên hòa đồng nai`)."""
    words = before.rstrip(" ,").split()
    return any(" ".join(words[-count:]) in table().towns for count in (1, 2, 3) if len(words) > count)


def _capital(run: Sequence[Word]) -> bool:
    return all(word.written[:1].isupper() for word in run)


def _same(word: str, proper: str) -> bool:
    """Compare two syllables; where the tone mark stands, and which of the two broken tones it is, does not matter."""
    if word == proper:
        return True
    (base, tone), (proper_base, proper_tone) = split_tone(word), split_tone(proper)
    return base == proper_base and (tone == proper_tone or {tone, proper_tone} == {"r", "x"})


def _weaker(word: str, proper: str) -> bool:
    """Return whether a syllable is another with some of its marks left out (`Nôi` for `Nội`)."""
    written, full = unicodedata.normalize("NFD", word), unicodedata.normalize("NFD", proper)
    if fold(word) != fold(proper) or ("đ" in word and "đ" not in proper):
        return False
    marks = [char for char in written if unicodedata.combining(char)]
    return all(mark in full for mark in marks)


def _around(reading: TypedText, run: Sequence[Word]) -> Tuple[str, str]:
    return reading.folded[max(0, run[0].at - 26) : run[0].at], reading.folded[run[-1].to : run[-1].to + 12]


def _is_short_form(reading: TypedText, word: Word) -> bool:
    before, behind = _around(reading, [word])
    if len(reading.words) == 1 and word.lower not in _CHAT_WORDS:
        return True
    if (
        re.search(r"(?:(?<!\w)(?:o|tai|que|qe|tinh|nguoi)|\bbhxh(?: tinh| tp)|\bq\.? ?\w+(?: \w+)?|\bsn \d+) $", before)
        and word.lower not in _CHAT_WORDS
    ):
        return True
    if re.search(r"(?<!\w)(?:ở|quê|tại|o|que|qê|tỉnh|ng) $", reading.lower[max(0, word.at - 6) : word.at]):
        return True
    loud = word.written.isupper() and not reading.text.isupper()
    return word.lower == "hn" and bool(re.search(r"[a-z] $", before)) and (loud or bool(re.match(r" ?(?:[,.?)]|$)", behind)))


def _near(reading: TypedText, run: Sequence[Word], key: str) -> Optional[str]:
    """Return the one province that a misspelling (a letter missing, added, changed, moved) stands for, where one is expected."""
    impossible = not all(is_plain_shape(word.folded) for word in run)
    if not impossible and len(run) == 1:
        return None
    if key in DISTRICTS or any(word.folded in _ENGLISH_WORDS for word in run):
        return None
    before, _ = _around(reading, run)
    behind_a_town = _behind_a_town(before)
    strong = bool(_STRONG_PLACE_BEFORE.search(before)) or behind_a_town
    if not strong and _is_named(reading, run):
        return None
    capital = _capital(run) and not reading.text.isupper()
    certain = impossible and any(word.lower != word.folded for word in run)
    if not (
        strong
        or certain
        or (capital and _PLACE_BEFORE.search(before))
        or (impossible and (_PLACE_BEFORE.search(before) or capital))
    ):
        return None
    known = table()
    candidates = set(known.near.get(key, ()))
    for place in range(len(key)):
        shorter = key[:place] + key[place + 1 :]
        if shorter in known.exact and shorter not in OLDER_NAMES and len(known.exact[shorter].accented) == 2:
            candidates.add(shorter)
        candidates |= known.near.get(shorter, frozenset())
    meant = {known.exact[one].name for one in candidates if _is_likely(run, known.exact[one], one, impossible or behind_a_town)}
    return meant.pop() if len(meant) == 1 else None


def _is_likely(run: Sequence[Word], spelling: Spelling, key: str, impossible: bool) -> bool:
    """One syllable must be right; when both are Vietnamese syllables, right with an accent in it."""
    if len(run) == 1:
        return run[0].folded[0] == key[0] and run[0].folded[-1] == key[-1] and impossible and len(run[0].folded) > 6
    right = [
        _same(word.lower, proper) or _weaker(word.lower, proper) for word, proper in zip(run, spelling.accented, strict=False)
    ]
    exact = [
        _same(word.lower, proper) and word.lower != word.folded for word, proper in zip(run, spelling.accented, strict=False)
    ]
    first = run[0].folded[0] == joined(spelling.accented[0])[0]
    return any(right) and first and (impossible or any(exact))
