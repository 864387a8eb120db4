"""Birth dates, however they are written or said; a date of something else (`nộp ngày ...`, `từ ... đến ...`) is none.

Day first, except after an English month name or where only the other order is a date. A year alone counts when a
birth word or a name stands before it, or when it is all the message says.
"""

import re
from datetime import date
from typing import Iterator, List, Optional

from assistant.nlu.date_words import day_before, digits_at, months_after, year_at
from assistant.nlu.surnames import ENDS_LIKE_A_NAME
from assistant.nlu.typed_text import TypedText
from assistant.nlu.values import Identifier, without_overlaps

EARLIEST_YEAR = 1900
_SHORT = 60
_YOUNGEST_ALONE = 10
"""A later year that is all a message says is hardly somebody's birth year."""
_BIRTH = (
    r"(?:sinh(?!\s*(?:vien|hoat|dong|duc|san|con|trac|loi|ly|thai|kế|ke))|sanh(?! con)|\bs\.?n\b|\bn\.?s\b|\bngs\b|\bsih\b"
    r"|\bsing\b"
    r"|\bde nam|\bde ngay|\bd\.?o\.?b\b|\bborn\b|birth ?-?date|birth ?-?day|\bbday\b|\bdate of birth|\byear of birth|\bbirth\b"
    r"|khai sinh|tuoi (?:ty|suu|dan|mao|meo|thin|ty|ngo|mui|than|dau|tuat|hoi)\b)"
)
_BIRTH_BEFORE = re.compile(_BIRTH + r"[^;?!\n]{0,28}$")
_OTHER_BEFORE = re.compile(
    r"\b(?:nop|gui|hen|han|tu|den|toi|truoc|sau|cap|dong|nghi|nghi viec|vao|lam|ky|ki|luc|hieu luc|bua|hom|dang k[yi]|lan cuoi"
    r"|submit\w*|submitted|sent|filed?|applied|expir\w*|issued?|valid|since|until|till|from|to|before|after|on|paid|started"
    r"|joined"
    r"|phien ban|ban|version|ver|v|luat|nghi dinh|quyet dinh|thong tu|so|android|ios)\b[^,;?!\n]{0,18}$"
)
_OTHER_AFTER = re.compile(r"^\W{0,3}(?:het han|la het|den|toi|-|co hieu luc|to|until|till)\W+\d")
_MONTHS = {
    name: index + 1
    for index, names in enumerate(
        """jan january,feb february,mar march,apr april,may,jun june,jul july,aug august,sep sept september,
        oct october,nov november,dec december""".split(",")
    )
    for name in names.split()
}
_MONTH_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ORDINALS = (
    {
        name: index + 1
        for index, name in enumerate(
            """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
        sixteenth seventeenth eighteenth nineteenth twentieth""".split()
        )
    }
    | {"thirtieth": 30}
    | {f"twenty {name}": 21 + index for index, name in enumerate("first second third fourth fifth sixth".split())}
)
_DAY = rf"(?P<day>\d{{1,2}})(?: ?(?:st|nd|rd|th))?|(?P<ordinal>{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})"
_YEAR = r"(?P<year>(?:19|20)\d\d|'?\d\d)(?![\w]|[./-]\d)"
_NUMERIC = re.compile(
    r"(?<![\w/])(?<!\d[.\-])(?P<a>\d{1,2}) ?(?P<sign>[/.,\-\\_|]|(?<=\d) (?=\d)) ?(?P<b>\d{1,2}) ?"
    r"(?:(?P=sign)|\b ?nam ?|[/.\-]) ?(?P<year>(?:19|20)\d\d|\d\d)(?![\w]|[./\-]\d)"
)
_ISO = re.compile(r"(?<![\w./\-])(?P<year>(?:19|20)\d\d) ?[/.\-] ?(?P<b>\d{1,2}) ?[/.\-] ?(?P<a>\d{1,2})(?![\w]|[./\-]\d)")
_ENGLISH_DAY_FIRST = re.compile(
    rf"(?<!\w)(?:{_DAY})[ \-/]{{1,2}}(?:day )?(?:of )?(?P<month>{_MONTH_NAME})\b[ ,.\-/]{{0,3}}{_YEAR}"
)
_MONTH_FIRST = re.compile(rf"(?<!\w)(?P<month>{_MONTH_NAME})\b[ .\-/]{{1,2}}(?:the )?(?:{_DAY})[ ,.\-/]{{1,3}}{_YEAR}")
_TOGETHER = re.compile(r"(?<!\w)(?P<a>[0-3]\d)(?P<b>[01]\d)(?P<year>(?:19|20)\d\d|\d\d)(?![\w])")
_YEAR_WORDS = frozenset(
    """nam nan nawm na8m in la is the year of vao khoang ngay tai : - , . ( = duoc ra was around about trong on o e cua toi em
    minh chau con me bo no bac ba ong tuoi giap at binh dinh mau ky canh tan nham quy ty suu dan mao meo thin ngo mui than dau
    tuat hoi""".split()
)
"""What may stand between a birth word and a year."""
_AFTER_A_NUMBER = frozenset("thang ngay tuan tuoi gio lan con dua trieu nghin ngan k tr nguoi weeks week months days".split())
_ALONE = re.compile(
    r"\W*(?:(?:da|vang|uh|u|o|a|thi|la|minh|em|con|toi|nam|ngay|it is|it's|its|yes|di|chac)\W+){0,4}"
    r"(?P<year>(?:19|20)\d\d)(?:\W+(?:a|nhe|nha|ban|em|anh|chi|co|chau|nhe|do|day|ne|thoi|ad))*\W*"
)
_CORRECTED = re.compile(r"\b(?:nham|lon|khong phai|hong phai|ko phai|moi dung|sua|sorry|not|mean|actually|y quen|quen)\b")
_BARE_YEAR = re.compile(r"(?<![\w/.\-])(?P<year>(?:19|20)\d\d)(?![\w]|[/.\-]\d)")


def find(reading: TypedText, today: Optional[date] = None) -> List[Identifier]:
    """Return the birth dates of a message: ISO dates, or years where only the year is said. None lies after `today`."""
    known = today or date.today()
    found = [*_numeric(reading, known), *_english(reading, known), *_said(reading, known)]
    full = {one.value[:4] for one in found}
    return without_overlaps([*found, *(one for one in _years(reading, known) if one.value not in full)])


def _numeric(reading: TypedText, today: date) -> Iterator[Identifier]:
    for pattern in (_ISO, _NUMERIC):
        for match in pattern.finditer(reading.folded):
            if pattern is _NUMERIC and match["sign"] in " ,_|" and not _birth_before(reading, match.start()):
                continue
            value = _iso(match["a"], match["b"], match["year"], today)
            if value and _is_birth(reading, match.start(), match.end(), value, today):
                yield Identifier("dob", value, *reading.span(*match.span()))
    for match in _TOGETHER.finditer(reading.folded):
        value = _iso(match["a"], match["b"], match["year"], today)
        near = reading.folded[max(0, match.start() - 14) : match.start()]
        if value and re.search(_BIRTH + r"[^\d,;]{0,12}$", near):
            yield Identifier("dob", value, *reading.span(*match.span()))


def _english(reading: TypedText, today: date) -> Iterator[Identifier]:
    for pattern in (_ENGLISH_DAY_FIRST, _MONTH_FIRST):
        for match in pattern.finditer(reading.folded):
            day = match["day"] or str(_ORDINALS[match["ordinal"]])
            value = _iso(day, str(_MONTHS[match["month"]]), match["year"].lstrip("'"), today)
            if value and _is_birth(reading, match.start(), match.end(), value, today):
                yield Identifier("dob", value, *reading.span(*match.span()))


def _said(reading: TypedText, today: date) -> Iterator[Identifier]:
    """Yield dates around the word `tháng`, in digits or words: `mùng ba tháng mười năm một nghìn chín trăm bảy mươi`."""
    words = [word for word in reading.words if word.written not in ",.-:("]
    for place, word in enumerate(words):
        if word.folded not in ("thang", "thg", "thag") or not place:
            continue
        first, day = day_before(words, place, 31)
        last, month = months_after(words, place + 1)
        for after, month_said in zip(last, month, strict=False):
            at = after + (after < len(words) and words[after].folded in ("nam", "year", "/"))
            end, year = year_at(words, at)
            if year is None:
                continue
            if day is None or (at > after and words[after].folded == "/" and not _birth_before(reading, word.at)):
                value = _year(year, today)
                birth = _birth_before(reading, word.at)
                if value and birth:
                    yield Identifier("dob", value, word.start, words[end - 1].end)
                break
            value = _iso(str(day), str(month_said), year, today)
            if value and _is_birth(reading, words[first].at, words[end - 1].to, value, today):
                yield Identifier("dob", value, words[first].start, words[end - 1].end)
                break


def _years(reading: TypedText, today: date) -> Iterator[Identifier]:
    """Yield years alone."""
    alone = _ALONE.fullmatch(reading.folded) if len(reading.folded) < 60 else None
    if alone and _year(alone["year"], today) and int(alone["year"]) <= today.year - _YOUNGEST_ALONE:
        yield Identifier("dob", alone["year"], *reading.span(*alone.span("year")))
        return
    words = reading.words
    found = False
    for match in re.finditer(_BIRTH, reading.folded):
        place = reading.place(match.end())
        begin = place
        named = False
        while (
            place < len(words)
            and place < begin + 5
            and words[place].folded in _YEAR_WORDS
            and not (named and words[place].folded == "nam")
        ):
            named = named or words[place].folded == "nam"
            place += 1
        if (
            place + 2 < len(words) and words[place + 1].folded in ("/", "-", ".") and int(words[place].folded) <= 12
            if digits_at(words, place)
            else False
        ):
            place += 2  # a month before the year
        end, said = year_at(words, place)
        value = _year(said, today) if said else None
        following = words[end].folded if said and end < len(words) else ""
        if (
            value
            and (named or following not in _AFTER_A_NUMBER)
            and not (following in "/-." and following and digits_at(words, end + 1))
        ):
            found = True
            yield Identifier("dob", value, words[place].start, words[end - 1].end)
    corrected = _CORRECTED.search(reading.folded) and (found or _is_only_years(reading.folded))
    for match in _BARE_YEAR.finditer(reading.folded):
        before = reading.folded[max(0, match.start() - 20) : match.start()]
        start = reading.span(*match.span())[0]
        if corrected or ENDS_LIKE_A_NAME.search(reading.text[max(0, start - 60) : start]):
            value = _year(match["year"], today)
            if value and not re.search(r"\b(?:tu|den|toi|from|since|until|to) (?:nam )?$", before):
                yield Identifier("dob", value, *reading.span(*match.span()))


def _is_only_years(folded: str) -> bool:
    """Return whether a short message is about two years and nothing else (`là năm 1968 chứ không phải 1986`)."""
    return len(folded) < _SHORT and len(_BARE_YEAR.findall(folded)) == 2 and len(re.findall(r"\d+", folded)) == 2


def _is_birth(reading: TypedText, at: int, to: int, value: str, today: date) -> bool:
    """Judge by the words around a date whether somebody was born on it."""
    if _birth_before(reading, at):
        return True
    before, after = reading.folded[max(0, at - 40) : at], reading.folded[to : to + 24]
    if _OTHER_BEFORE.search(before) or _OTHER_AFTER.search(after):
        return False
    recent = int(value[:4]) >= today.year - 1
    return not recent or len(reading.words) <= 8


def _birth_before(reading: TypedText, at: int) -> bool:
    before = reading.folded[max(0, at - 48) : at]
    match = _BIRTH_BEFORE.search(before)
    return match is not None and not re.search(r"\b(?:nop|hen|het han|ky ngay|submitted|cap ngay)\b", before[match.start() :])


def _iso(day: str, month: str, year: str, today: date) -> Optional[str]:
    known = _year(year, today)
    if known is None:
        return None
    first, second = int(day), int(month)
    if second > 12 >= first and len(year) == 4:
        first, second = second, first
    try:
        value = date(int(known), second, first)
    except ValueError:
        return None
    return value.isoformat() if value <= today else None


def _year(year: str, today: date) -> Optional[str]:
    """Return the four digits of a year not in the future; two digits mean the last hundred years."""
    if len(year) == 2:
        century = today.year // 100 * 100
        full = century + int(year)
        return str(full if full <= today.year else full - 100)
    return year if len(year) == 4 and EARLIEST_YEAR <= int(year) <= today.year else None
