"""Finding links, addresses and numbers in what a person pasted: one thing alone, or a whole message."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate, islice

from backend.official import domains, hosts, lookalikes, numbers
from backend.official.facts import facts
from backend.official.hosts import Link
from backend.official.numbers import Number, Shape

MAX_THINGS = 8  # in one message; more of them are not looked at
MAX_GROUPS = 100  # of digits in one run, so that no message takes long
MAX_DIGITS = 15  # of a telephone number (ITU-T E.164)
_WITHOUT_TEETH = re.compile(r"\[\.\]|\(\.\)|\{\.\}|[\[({]dot[\])}]", re.IGNORECASE)
_SPOKEN_DOT = re.compile(r"(?<=\w)\s+(?:chấm|cham|dot)\s+(?=\w)", re.IGNORECASE)
# A browser drops these inside an address; a blank before an @ does not end it either.
_DROPPED = re.compile(r"[\t\r\n]+(?=[@./\\:?#%])|(?<=[@./\\:%])[\t\r\n]+|\s+(?=@[\w.\-\[%])")
_SCRIPT = re.compile(r"(?i)" + "|".join(r"[\t\r\n]*".join(word) for word in ("javascript:", "vbscript:", "data:")))
_WITH_SCHEME = re.compile(r"(?i)(?:[a-z][a-z0-9+\-]*:[/\\]|(?:https?|hxxps?|javascript|vbscript|data|file|blob|mailto|tel|sms):)")
_ENDS = " \t.,;:!?)]}>…'\"”’»"
_BREAKS = re.compile(r"[\s,;()\[\]{}|\"“”«»<>]+")
_FILE = re.compile(r"(?i)\.(apk|xapk|ipa|pdf|docx?|xlsx?|jpe?g|png)$")
_EMAIL = re.compile(r"[^@/\\:]+@[^@/\\]+")
_RUN = re.compile(r"\+?\(?\d(?:[ .\-–()/·_\u00a0]{0,3}\d)*")
_GROUP = re.compile(r"\d+")
_PREFIX_WORDS = re.compile(r"(?i)đầu số|dau so|prefix|bắt đầu|bat dau")
_ONLY_A_NUMBER = re.compile(r"(?i)(?:tel:|sms:|số|so|sđt|sdt|hotline|tổng đài|đt|phone)?[\s:]*\+?[\d\s.\-–()/·_]+\W*")


def links_in(text: str) -> tuple[list[Link], list[str], str]:
    """The links, the e-mail addresses, and the text without either."""
    text = _SCRIPT.sub(lambda found: "".join(found[0].split()), text)
    text = _DROPPED.sub("", _SPOKEN_DOT.sub(".", _WITHOUT_TEETH.sub(".", text)))
    links: list[Link] = []
    emails: list[str] = []
    rest: list[str] = []
    for token in _tokens(text):
        bare = token.strip(_ENDS + "([{<“‘«")
        if re.match(r"(?i)mailto:", bare):
            emails.append(bare[7:].partition("?")[0])
        elif re.match(r"(?i)(tel|sms):", bare):
            rest.append(bare[4:].partition("?")[0])
        elif _WITH_SCHEME.match(bare):
            links.append(hosts.read(bare))
        elif _EMAIL.fullmatch(bare) and domains.has_known_ending(hosts.read(bare.rpartition("@")[2]).host):
            emails.append(bare)
        elif _is_address(bare):
            links.append(hosts.read(bare.lstrip("@")))
        else:
            rest.append(token)
    return links[:MAX_THINGS], emails[:MAX_THINGS], " ".join(rest)


def _tokens(text: str) -> Iterator[str]:
    for piece in text.split():
        found = _WITH_SCHEME.search(piece)
        if found is None:
            yield from filter(None, _BREAKS.split(piece))
            continue
        # What is glued before a scheme is no part of the link; what follows it all is, but for quotes.
        yield from filter(None, _BREAKS.split(piece[: found.start()]))
        yield from filter(None, re.split(r"[<>\"“”«»]+", piece[found.start() :]))


def _is_address(token: str) -> bool:
    if "." not in unicodedata.normalize("NFKC", token).replace("。", ".") and "%2e" not in token.lower():
        return False
    if _FILE.search(token) and not re.search(r"[/\\]", token):
        return False
    link = hosts.read(token.lstrip("@"))
    if link.is_ip:
        # Four groups of digits may be a telephone number too; that has a zero in front.
        return re.match(r"[1-9]\d{0,2}(\.\d{1,3}){3}(?!\d)", link.seen) is not None
    if link.malformed:
        return lookalikes.is_name_in(link.seen)
    has_letters = any(letter.isalpha() for letter in link.host.rpartition(".")[2])
    return "." in link.host and has_letters and (domains.has_known_ending(link.host) or lookalikes.is_name_in(link.seen))


def numbers_in(text: str) -> list[Number]:
    """The telephone numbers; a text that holds nothing else is one, whatever its shape."""
    plain = unicodedata.normalize("NFKC", text).strip()
    alone = numbers.read(plain)
    if alone.shape not in (Shape.MALFORMED, Shape.SHORT, Shape.BEGINNING) and not re.search(r"\d\D{4,}\d{4}", plain):
        return [alone]
    if alone.digits.lstrip("+") and _ONLY_A_NUMBER.fullmatch(plain):
        several = list(islice(_numbers_of_runs(plain, short=False), MAX_THINGS))
        return several or [alone]
    return list(islice(_numbers_of_runs(plain, short=bool(_PREFIX_WORDS.search(plain))), MAX_THINGS))


def _numbers_of_runs(text: str, *, short: bool) -> Iterator[Number]:
    for run in _RUN.finditer(text):
        groups = _GROUP.findall(run[0])[:MAX_GROUPS]
        plus = "+" if run[0].startswith("+") else ""
        while groups:
            # The longest run of groups that is a number; more than 15 digits are none (E.164).
            lengths = list(accumulate(len(group) for group in groups[:MAX_DIGITS]))
            counts = [count for count, length in enumerate(lengths, start=1) if length <= MAX_DIGITS]
            taken = 1
            for count in reversed(counts):
                number = numbers.read(plus + "".join(groups[:count]))
                if _is_meant(number, short=short):
                    yield number
                    taken = count
                    break
            groups, plus = groups[taken:], ""


def _is_meant(number: Number, *, short: bool) -> bool:
    """Whether digits inside a sentence are a telephone number, and not a date, a sum or an insurance code."""
    if number.shape is Shape.SHORT:
        return any(row.normalised == number.digits for row in facts().official_of("phone"))
    if number.shape is Shape.BEGINNING:
        return short
    if number.shape is Shape.MALFORMED:
        listed = any(row.evidence and number.digits.startswith(row.normalised) for row in facts().reported_of("prefix"))
        return listed or bool(re.match(r"\+1[89]00", number.digits))
    return True
