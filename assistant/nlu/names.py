"""What a word looks like to somebody who looks for people's names: features of a message's words, and spans out of labels."""

import re
from typing import List, Sequence, Tuple

from assistant.nlu.folding import fold
from assistant.nlu.given_names import GIVEN
from assistant.nlu.province_table import table
from assistant.nlu.surnames import ACCENTED_SURNAMES, COMMON, FOREIGN, MIDDLE, OTHER
from assistant.nlu.syllables import is_plain_shape
from assistant.nlu.typed_text import TypedText, Word

_CUE_BEFORE = re.compile(r"(?:\bten|\bten la|\bten toi la|\bten em la|\bname|\bname is|\bi am|\bi'm|ho ten)[ :]*$")
_INSTITUTION_BEFORE = re.compile(
    r"(?<!\w)(?:phòng khám|bệnh viện|bv|pk|công ty|cty|tập đoàn|trường|đường|phố|chợ|xã|phường|quận|huyện|thị trấn|kcn"
    r"|khu công nghiệp|nhà thuốc|ngân hàng"
    r"|phong kham|benh vien|cong ty|tap doan|nha thuoc|ngan hang|thi tran|phuong|quan|huyen|hospital|clinic"
    r"|company)(?: tnhh| cp| đa khoa| quốc tế| tư nhân| may)? $"
)
_DOUBLE_SURNAME = re.compile(r"\b(?:au|ton|cong) $")
_JOINED_BEFORE = re.compile(r"(?<![^\W_])[^\W\d_]+['’\-]$")
_JOINED_BEHIND = re.compile(r"['’\-][^\W\d_]+(?![^\W_])")
_NO_NAMES = frozenset(
    """app google maps map code data bank support center centre lake west east north south store honda wave yamaha office
    boss vssid vneid zalo facebook
    page fanpage bhxh bhyt vietcombank agribank techcombank bidv momo play ch oh sorry hello hi dear thanks thank good
    morning afternoon evening park
    hospital clinic university school street road beach company ltd co group hotel factory plaza tower mall city province
    district ward airport english
    vietnam viet insurance social security health department ministry help desk line hotline otp cccd cmnd passport visa id
    email mail gmail iphone samsung
    android oppo xiaomi windows word excel python java netflix youtube tiktok shopee lazada grab monday tuesday wednesday
    thursday friday saturday sunday
    january february march april june july august september october november december tet covid pdf sim wifi""".split()
) - {"park", "west", "north", "may", "co", "line", "word", "viet", "hi"}
"""Words of which no name is made, though they stand with capitals."""
_FUNCTION = frozenset(
    """thì là mà của được không có cho để rồi cách này nào với và khi nên cũng vẫn đã đang sẽ bị bởi vì đâu gì sao ạ nhé nha
    tôi mình thi tra cuu
    la ma cua duoc khong co cho de roi cach nay voi va bi dau gi sao a nhe nha toi minh nhu vay trieu tram nghin triệu trăm
    nghìn đồng tháng năm""".split()
) - {"thi", "la", "va", "co", "de", "năm", "nhu", "tra", "ma", "cua", "dau", "sao", "vay", "minh", "nha", "bi", "cho"}
"""Words that end a name typed in small letters."""
BEGIN, INSIDE, OUTSIDE = "B", "I", "O"
_PLAIN_GIVEN = frozenset(fold(syllable) for syllable in GIVEN)


def features(reading: TypedText) -> List[List[str]]:
    """Return the features of each word of a message, as strings."""
    words = reading.words
    letters = [word for word in words if word.lower.isalpha()]
    accented = sum(word.lower != word.folded for word in letters)
    capitals = sum(word.written[0].isupper() for word in letters)
    if letters and all(word.written.isupper() for word in letters if len(word.written) > 1):
        manner = "L"
    else:
        manner = "l" if capitals <= 1 else "m"
    plain = accented * 5 < len(letters)
    known = (
        ["<"] * 4 + ["#" + str(min(len(word.folded), 5)) if word.folded.isdigit() else word.folded for word in words] + [">"] * 3
    )
    looks = [_look(word, plain) for word in words]
    shapes = ["<"] * 2 + [shape for shape, _ in looks] + [">"] * 3
    kinds = ["<"] * 2 + ["/".join(kind) for _, kind in looks] + [">"] * 3
    places = _in_provinces(words)
    manner += "p" if plain else "a"
    result = []
    for at, (shape, own) in enumerate(looks):
        around, near = known[at : at + 8], slice(at, at + 5)
        before2, before1, here, after1, after2 = (shapes[at + step] + kinds[at + step] for step in range(5))
        row = [f"w{step}={word}" for step, word in zip(range(-4, 4), around, strict=False)]
        row += [f"s{step}={value}" for step, value in zip(range(-2, 3), shapes[near], strict=False)]
        row += [f"k{step}={value}" for step, value in zip(range(-2, 3), kinds[near], strict=False)]
        for kind in own:
            row += ["i" + kind, "i" + kind + shape + manner]
        row += [
            "m" + manner + here,
            "b" + around[3] + "," + here,
            "c" + before1 + "," + here,
            "d" + here + "," + after1,
            "e" + here + "," + after1 + "," + after2,
            "f" + before1 + "," + here + "," + after1,
            "g" + around[2] + "," + around[3],
            "p" + places[at],
            "q" + places[at] + before1 + "," + here,
            "u" + before2 + "," + before1 + "," + here,
        ]
        result.append(row)
    return result


def _in_provinces(words: Sequence[Word]) -> List[str]:
    """Say of each word whether it begins or ends what reads like a province's name of two words."""
    marks = ["-"] * len(words)
    exact = table().exact
    for at in range(len(words) - 1):
        if words[at].folded + words[at + 1].folded in exact:
            marks[at] = "b" if marks[at] == "-" else "x"
            marks[at + 1] = "e"
    return marks


def _look(word: Word, plain: bool) -> Tuple[str, Tuple[str, ...]]:
    """Return a word's shape, and which lists of names it stands in."""
    written, folded = word.written, word.folded
    if not word.lower.isalpha():
        return ("#" if word.lower.isdigit() else word.lower if word.lower in ",.:-'(" else "."), ()
    shape = "X" if written.isupper() and len(written) > 1 else "Xx" if written[0].isupper() else "x"
    kinds = []
    if folded in COMMON:
        kinds.append("surname" if word.lower in ACCENTED_SURNAMES or plain else "surname?")
    elif folded in OTHER:
        kinds.append("rare")
    if folded in FOREIGN:
        kinds.append("foreign")
    if folded in MIDDLE:
        kinds.append("middle")
    if word.lower in GIVEN and (word.lower != folded or not plain):
        kinds.append("given")
    elif folded in _PLAIN_GIVEN and plain:
        kinds.append("plain")
    if not is_plain_shape(folded):
        kinds.append("alien")
    return shape, tuple(kinds)


def labels(reading: TypedText, spans: Sequence[Tuple[int, int]]) -> List[str]:
    """Return a label for each word: where an annotated name begins, goes on, or none is."""
    result = []
    for word in reading.words:
        inside = next(((start, end) for start, end in spans if start <= word.start and word.end <= end), None)
        result.append(OUTSIDE if inside is None else BEGIN if word.start == inside[0] else INSIDE)
    return result


def spans(reading: TypedText, given: Sequence[str]) -> List[Tuple[int, int]]:
    """Return the spans of the text that labels say are names: at least two words of letters, no sign at an end."""
    found: List[List[Word]] = []
    for word, label in zip(reading.words, given, strict=False):
        if label == BEGIN or (label == INSIDE and not found):
            found.append([word])
        elif label == INSIDE and found[-1]:
            found[-1].append(word)
        elif found and found[-1]:
            found.append([])
    result = []
    for run in found:
        while run and not run[-1].lower.isalpha():
            run = run[:-1]
        while run and not run[0].lower.isalpha():
            run = run[1:]
        run = _before_function_words(run)
        if run and _is_a_name(reading, run):
            result.append(_whole(reading, run[0].start, run[-1].end))
    return [span for place, span in enumerate(result) if span not in result[:place]]


def _before_function_words(run: List[Word]) -> List[Word]:
    """Return what stands before the first word of a sentence in a run of small letters."""
    if not run or not run[0].written.islower():
        return run
    return run[: next((place for place, word in enumerate(run) if place and word.lower in _FUNCTION), len(run))]


def _is_a_name(reading: TypedText, run: Sequence[Word]) -> bool:
    """Return whether words may be a whole name: two of letters, and in small letters a surname or a cue before them."""
    if sum(word.lower.isalpha() for word in run) < 2 and "-" not in reading.text[run[0].start : run[-1].end]:
        return False
    first = run[0]
    if any(word.folded in _NO_NAMES for word in run):
        return False
    if _INSTITUTION_BEFORE.search(reading.lower[max(0, first.at - 24) : first.at]):
        return False
    if not first.written.islower() or first.folded in COMMON or first.folded in OTHER or first.folded in FOREIGN:
        return True
    return bool(_CUE_BEFORE.search(reading.folded[max(0, first.at - 16) : first.at]))


def _whole(reading: TypedText, start: int, end: int) -> Tuple[int, int]:
    """Return a span with what a hyphen joins to its ends (`Ji-hoon`, `H'Lan`) and the first word of a double surname."""
    double = _DOUBLE_SURNAME.search(reading.folded[:start]) if not reading.is_typed_in_keys else None
    start -= (
        len(double.group())
        if double and reading.folded.startswith(("duong", "that", "nu", "tang ton", "huyen ton"), start)
        else 0
    )
    before, behind = _JOINED_BEFORE.search(reading.text[:start]), _JOINED_BEHIND.match(reading.text[end:])
    return start - (len(before.group()) if before else 0), end + (behind.end() if behind else 0)
