"""Names and passwords in a sentence: what only the words around it, or its look, give away. It errs on the side of finding."""

import re
from typing import Iterator, List, Tuple

from assistant.nlu.folding import fold

_SURNAMES = (
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh truong lam mai cao luong trinh dao ha "
    "chau ta phung to quach thai kieu tang vuong luu dam mac"
).split()
_MIDDLE_NAMES = (
    "thi van duc minh thanh ngoc huu quoc thu kim hong xuan gia bao tuan quang dinh hoang my thuy phuong mai viet manh "
    "nhu khanh bich"
).split()
_NAME_WORD = r"[^\W\d_]+"
_FOLDED_NAME = re.compile(
    # Surnames that are also everyday words count only before "thi" or "van", the commonest middle names.
    rf"\b(?:(?:nguyen|tran|pham|huynh|trinh) (?:{'|'.join(_MIDDLE_NAMES)})|(?:{'|'.join(_SURNAMES)}) (?:thi|van))"
    rf"(?: {_NAME_WORD}){{1,3}}\b"
)
_WRITTEN_NAME = re.compile(rf"\b{_NAME_WORD}(?: {_NAME_WORD})+")
_WRITTEN_WORDS = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD})*")
_IN_PUBLIC_NAMES = frozenset(
    "bao hiem xa hoi y te viet nam cong dich vu quoc gia co quan nha nuoc tro ly quen mat khau tai khoan toi em minh ban "
    "dien thoai can cuoc cong dan so the zalo facebook google gmail email vssid xin chao hello hi cam on khong co la "
    "starting rasa".split()
)
_PERSON = r"(?:toi|em|minh|con|chau|bac|co|chu|ong|ba|anh|chi|be|i am|i'm|this is)"
_PERSON_CUE = re.compile(rf"\b(?:{_PERSON} la|i am|i'm|this is|ong|ba|co|chu|bac|anh|chi|be) (?=[^\W\d_])")
_NAME_CUE = re.compile(
    r"\b(?:ho (?:va )?ten|ten(?: day du)?(?: (?:toi|em|minh|con|chau|me|bo|ba|cua \w+))?"
    r"|(?:toi|em|minh|con|chau) ten|my name(?: is)?|full name|name)"
    r"(?: la\b| is\b| ?:)* ?((?:[^\W\d_]+)(?: [^\W\d_]+){0,4})"
)
_PASSWORD_CUE = re.compile(r"\b(?:mat ?khau|mk|pass(?:word|wd)?|pw|pin)\b")
_ITSELF_A_PASSWORD = re.compile(r"(?=\S*[a-z])(?=\S*\d)(?=\S*[#$!%^&*?+~])(?!\S*[•/=])\S{6,}")
_CALLED_A_PASSWORD = re.compile(r"(\S{6,}) (?:la|is|was) (?:my |the )?(?:mat ?khau|mk|pass(?:word|wd)?|pw|pin)\b")
_SAID_TO_BE = ("la", "is", "was", ":", "=")
_PASSWORD_WITHIN = 7
"""Words after the cue in which a password is looked for."""
_NO_SYLLABLE = 8
"""Letters from which a single word is no Vietnamese one: right after the cue it may be a password of letters only."""


def names(text: str, folded: str) -> List[Tuple[int, int]]:
    """Return the spans of what may be a person's name; `folded` is `text` folded in place."""
    spans = [match.span() for match in _FOLDED_NAME.finditer(folded)]
    spans += [match.span(1) for match in _NAME_CUE.finditer(folded)]
    spans += [span for cue in _PERSON_CUE.finditer(folded) for span in _titled(text, cue.end(), at_least=1)]
    begin = 0
    for start, end in _titled(text, 0, at_least=2, anywhere=True):
        if start >= begin:
            spans.append((start, end))
            begin = end
    return spans


def passwords(folded: str) -> List[Tuple[int, int]]:
    """Return the spans of words that look like a password, or like the one a sentence speaks of."""
    spans = [match.span() for match in _ITSELF_A_PASSWORD.finditer(folded)]
    spans += [match.span(1) for match in _CALLED_A_PASSWORD.finditer(folded) if not _is_syllable(match.group(1))]
    for cue in _PASSWORD_CUE.finditer(folded):
        before = ""
        for place, word in enumerate(list(re.finditer(r"[^\s:=]+|[:=]", folded[cue.end() :]))[:_PASSWORD_WITHIN]):
            token = word.group().strip(",.!?()\"'")
            mixed = any(char.isdigit() for char in token) and any(char.isalpha() for char in token)
            symbols = any(not char.isalnum() and char not in "-•/" for char in token[:-1])
            said = (before in _SAID_TO_BE and len(token) >= 6) or (place < 2 and token.isalpha() and not _is_syllable(token))
            if token and (mixed or symbols or said) and "•" not in token:
                spans.append((cue.end() + word.start(), cue.end() + word.end()))
            before = word.group()
    return spans


def _titled(text: str, begin: int, at_least: int, anywhere: bool = False) -> Iterator[Tuple[int, int]]:
    """Yield runs of capitalised words, unless all of them are words of the agency's own names."""
    for match in _WRITTEN_NAME.finditer(text, begin) if anywhere else filter(None, [_WRITTEN_WORDS.match(text, begin)]):
        words = list(re.finditer(_NAME_WORD, match.group()))
        index = 0
        while index < len(words):
            run = index
            while run < len(words) and words[run].group().istitle() and words[run].group() != "I":
                run += 1
            if run - index >= at_least and not all(fold(word.group()) in _IN_PUBLIC_NAMES for word in words[index:run]):
                yield match.start() + words[index].start(), match.start() + words[run - 1].end()
            if not anywhere:
                return
            index = max(run, index + 1)


def _is_syllable(token: str) -> bool:
    return len(token) < _NO_SYLLABLE
