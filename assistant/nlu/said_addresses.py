"""Mail addresses and links that are read out: their signs are words, their digits numerals, their letters may have names."""

import re
from typing import FrozenSet, Iterator, List, Optional, Sequence, Tuple

from assistant.nlu.folding import fold
from assistant.nlu.letters import letter
from assistant.nlu.numerals import dictated, is_inside, is_numeral, year
from assistant.nlu.typed_text import TypedText, Word
from assistant.nlu.values import Identifier

_AT = ("a", "acong", "acòng", "còng", "at", "alpha")
_RING = ("còng", "cong", "móc", "moc", "vòng", "vong", "cồng", "công")
_DOT = ("chấm", "cham", "dot", "chầm", "phẩy")
_SIGNS = {
    ("gạch", "dưới"): "_", ("gach", "duoi"): "_", ("gạch", "chân"): "_", ("shift", "gạch"): "_", ("gạch", "ngang"): "-",
    ("gach", "ngang"): "-", ("gạch", "nối"): "-", ("gach", "noi"): "-", ("trừ",): "-", ("underscore",): "_", ("dash",): "-",
    ("hyphen",): "-",
}  # fmt: skip
_HOSTS = {
    "gờmeo": "gmail", "gomeo": "gmail", "gmeo": "gmail", "gmail": "gmail", "gờmail": "gmail", "gomail": "gmail", "dimeo": "gmail",
    "gimeo": "gmail", "jimeo": "gmail", "jimail": "gmail", "gimail": "gmail", "giimeo": "gmail", "gêmeo": "gmail",
    "gemeo": "gmail", "dgmail": "gmail",
    "rờmeo": "gmail", "giêmeo": "gmail", "giêmail": "gmail", "meo": "gmail", "mail": "gmail",
    "yahoo": "yahoo", "yahu": "yahoo", "dahu": "yahoo", "giahu": "yahoo", "yahô": "yahoo", "diahu": "yahoo", "daru": "yahoo",
    "hotmail": "hotmail", "hótmeo": "hotmail", "hotmeo": "hotmail", "hótmail": "hotmail",
    "outlook": "outlook", "aolúc": "outlook", "aotlúc": "outlook", "aotlook": "outlook", "autlúc": "outlook",
    "autlook": "outlook",
    "icloud": "icloud", "aicờlao": "icloud", "aicloud": "icloud", "icờlao": "icloud", "aiclao": "icloud",
}  # fmt: skip
_TOPS = {"com": "com", "côm": "com", "cơm": "com", "kom": "com", "vn": "vn", "vờnờ": "vn", "vênờ": "vn", "vien": "vn",
    "việtnam": "vn", "net": "net", "nét": "net", "org": "org",
         "edu": "edu", "êđu": "edu", "gov": "gov", "gốp": "gov", "góp": "gov", "gọp": "gov", "info": "info", "co": "co",
         "jp": "jp", "kr": "kr", "uk": "uk", "tw": "tw", "cn": "cn", "sg": "sg", "au": "au", "ph": "ph", "us": "us",
         "io": "io"}  # fmt: skip
_STOPS = frozenset(
    """là thư mail email meo gmail imeo chỉ vào qua bằng của is to address mới cũ này nhé dạ ờ à ạ thêm thì gửi về đổi thành
    sang với
    cái hộp hòm tôi em cho mình dùng đúng phải nhầm lộn trang web link website my the địa ghi có lại con cháu và nha tên đăng
    ký from with
    for using use https http trên miền do kia đây uh um tui mk me at it lấy nhập gắn bổ sung vô được đọc người ta nó máy gì
    nào ơi""".split()
)
_PLAIN_STOPS = frozenset(fold(word) for word in _STOPS) - frozenset("minh thanh a e o hop hom cho con do em".split()) | {
    "mik",
    "em",
}
"""Words of the sentence that end the part before the at sign; without accents some are likelier names."""
_NAMES_TOO = frozenset("nam tu tam bay sau bon chin".split())
"""Numerals without their accents, which among numerals with accents are no numerals."""
_SPELLED_MINIMUM = 3
"""Names of letters in a row from which they are letters."""
_LONGEST_LOCAL = 64
"""Characters of a mailbox name (RFC 5321)."""
_LONGEST_SAID = 9
"""Words of the part before the at sign that are looked back for."""


def mails(reading: TypedText, typed: Sequence[Identifier] = ()) -> Iterator[Identifier]:
    """Yield mails whose signs are said; no part of one lies in a mail that was typed before it."""
    words = reading.words
    stops: Optional[FrozenSet[str]] = None
    for place, word in enumerate(words):
        after = _behind_at(words, place)
        glued = place > 0 and word.lower == "@" and words[place - 1].to == word.at
        if after is None or (glued and not _before(reading, word).isascii()):
            continue
        end, host = _host(words, after)
        if not host:
            continue
        stops = stops or _stops(reading)
        behind = max((one.end for one in typed if one.end <= word.start), default=0)
        begin, local = _local(words, place, stops, behind)
        if local:
            yield Identifier("email", f"{local}@{host}", words[begin].start, words[end - 1].end)


def _before(reading: TypedText, word: Word) -> str:
    """Return what is typed right before a word, without a space."""
    return (reading.text[max(0, word.start - _LONGEST_LOCAL) : word.start].split() or [""])[-1]


def _behind_at(words: Sequence[Word], place: int) -> Optional[int]:
    """Return the place behind a said or typed at sign; `a` alone is none."""
    lower = words[place].lower
    following = words[place + 1].lower if place + 1 < len(words) else ""
    if lower in ("a", "à", "â") and following in _RING:
        return place + 2
    if lower == "@" or lower in _AT[1:]:
        return place + 1
    return None


def _host(words: Sequence[Word], place: int) -> Tuple[int, Optional[str]]:
    """Return where a host ends that begins at a word, and the host."""
    name = ""
    for index in range(place, min(place + 6, len(words))):
        word = words[index]
        if word.lower in _DOT or word.lower == ".":
            end, top = _tops(words, index)
            return (end, _known(name) + top) if top and name else (index, None)
        if _HOSTS.get(name) and word.lower in ("com", "côm", "cơm"):
            return index + 1, _HOSTS[name] + ".com"
        name += word.lower if not is_numeral(word.lower) or len(word.lower) < 2 else dictated([word.lower]) or word.lower
    return place, None


def _known(name: str) -> str:
    return _HOSTS.get(name) or _HOSTS.get(fold(name)) or re.sub(r"[^a-z0-9\-]", "", fold(name))


def _tops(words: Sequence[Word], place: int) -> Tuple[int, str]:
    """Return where `chấm com`, `chấm com chấm vn`, ... end, and what they say."""
    said = ""
    while place + 1 < len(words) and (words[place].lower in _DOT or words[place].lower == "."):
        for count in (2, 1):
            run = words[place + 1 : place + 1 + count]
            top = _top("".join(word.lower for word in run), words[place].lower) if len(run) == count else None
            if top:
                break
        if not top:
            break
        said += "." + top
        place += 1 + count
    return place, said


def _top(said: str, dot: str) -> Optional[str]:
    """Return the top-level domain that a word says; behind an English `dot` any country's."""
    foreign = dot == "dot" and said.isascii() and said.isalpha() and len(said) == 2
    return _TOPS.get(said) or (said if foreign else None)


def _local(words: Sequence[Word], at: int, stops: FrozenSet[str], behind: int) -> Tuple[int, str]:
    """Return where the part before an at sign begins, and that part.

    Words said apart are joined up to a word of the sentence, or to the offset `behind` which it lies.
    """
    begin = at
    while begin and at - begin < _LONGEST_SAID + (words[at].lower != "@") * 8:
        word = words[begin - 1]
        joined = word.to == words[begin].at or word.lower not in stops
        number = begin < at and is_numeral(word.lower) and (word.folded != "khong" or is_numeral(words[begin].lower))
        single = words[at].lower == "@" and word.to != words[begin].at and begin < at
        if (
            not (joined or number)
            or single
            or word.start < behind
            or not (word.lower.isalnum() or word.written in "._-+")
            or (word.written == "." and word.to != words[begin].at)
        ):
            break
        begin -= 1
    local = _spelled(words[begin:at])
    return begin, local if re.fullmatch(r"[a-z0-9_%+\-]+(?:\.[a-z0-9_%+\-]+)*", local) else ""


def _stops(reading: TypedText) -> FrozenSet[str]:
    """Return the words that end a said address, with accents where the message has them."""
    accented = sum(word.lower != word.folded for word in reading.words)
    return _STOPS if accented * 4 > len(reading.words) else _PLAIN_STOPS | _STOPS


def _spelled(words: Sequence[Word]) -> str:
    """Return the letters, digits and signs that words say; a run of numerals becomes digits."""
    pieces: List[str] = []
    place = 0
    accented = any(is_numeral(word.lower) and word.lower != word.folded for word in words)
    while place < len(words):
        word = words[place]
        if accented and word.lower in _NAMES_TOO:
            pieces.append(word.lower)
            place += 1
            continue
        sign = _SIGNS.get((word.lower, words[place + 1].lower)) if place + 1 < len(words) else None
        if sign or (word.lower,) in _SIGNS:
            pieces.append(sign or _SIGNS[(word.lower,)])
            place += 2 if sign else 1
            continue
        end = place
        while end < len(words) and letter(words[end].lower) and not is_numeral(words[end].lower):
            end += 1
        if end - place >= _SPELLED_MINIMUM:
            pieces += [str(letter(one.lower)) for one in words[place:end]]
            place = end
            continue
        end = place
        while end < len(words) and (is_numeral(words[end].lower) or (end > place and _is_inside_a_number(words[end].lower))):
            end += 1
        ambiguous = end - place == 1 and word.lower in ("năm", "nam", "ba", "tư", "tu", "sau", "bay", "tam", "mot", "hai", "bon")
        run = [one.lower for one in words[place:end]] if end > place and not (ambiguous and end < len(words)) else []
        digits = (year(run) or dictated(run)) if run else None
        if digits:
            pieces.append(digits)
            place = end
            continue
        pieces.append("." if word.lower in _DOT else word.folded)
        place += 1
    return "".join(pieces)


def _is_inside_a_number(word: str) -> bool:
    return is_inside(word) or word in ("nghìn", "ngàn", "nghin", "ngan")


def links(reading: TypedText) -> Iterator[Identifier]:
    """Yield links whose dots are said: `vssid chấm gov chấm vn`."""
    words = reading.words
    stops = _stops(reading)
    place = 0
    while place < len(words):
        end, top = _tops(words, place) if words[place].lower in _DOT else (place, "")
        if top and place:
            begin = place
            while begin and place - begin < 7:
                word = words[begin - 1]
                if not word.lower.isalnum() or (word.lower in stops and word.to != words[begin].at):
                    break
                begin -= 1
            name = _spelled(words[begin:place])
            if re.fullmatch(r"[a-z0-9\-]+(?:\.[a-z0-9\-]+)*", name):
                yield Identifier("url", name + top, words[begin].start, words[end - 1].end)
        place = max(end, place + 1)
