"""Mail addresses and links, typed or said: `lan huệ một chín bốn tám a còng gờ meo chấm com`."""

import re
from typing import Iterator

from assistant.nlu import said_addresses
from assistant.nlu.syllables import is_plain_shape
from assistant.nlu.typed_text import TypedText
from assistant.nlu.values import Identifier

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62}[A-Za-z0-9])?"
_TYPED_MAIL = re.compile(
    rf"(?<![\w.+\-])[A-Za-z0-9_%+\-]{{1,64}}(?:\.[A-Za-z0-9_%+\-]{{1,64}}){{0,8}} ?@ ?"
    rf"{_LABEL}(?:\.{_LABEL}){{0,4}}?\.(?:[A-Za-z]{{2,24}})"
    r"(?:\.[A-Za-z]{2})?(?![\w@])"
)
_LOOSE_MAIL = re.compile(
    r"(?<![\w.+\-])(?P<local>[A-Za-z0-9_%+\-]{1,64}(?:\.[A-Za-z0-9_%+\-]{1,64}){0,8}) ?@ ?"
    r"(?P<host>gmail|yahoo|outlook|hotmail|icloud) ?[.,] ?(?P<top>com(?: ?[.,] ?vn)?)(?![\w@])",
    re.IGNORECASE,
)
_TLD = (
    "com|vn|net|org|info|co|app|xyz|top|site|online|me|edu|gov|io|cc|link|club|shop|vip|live|store|page|dev|biz|pro|icu|win|work|"
    "website|space|click|mobi|asia|tk|ly|us|uk|kr|jp|cn|tw|tech|life|one|bio|art|ua|ru|de|fr|in|id|sg|my|gl|gg|tv|ws|ml|ga|cf|to"
)
_URL = re.compile(
    r"(?<![\w@.\-])(?:https?://[^\s<>\"']{1,2000}|(?:[a-z0-9](?:[a-z0-9\-]{0,62}[a-z0-9])?\.){1,6}"
    rf"(?:{_TLD})(?::\d{{2,5}})?(?:[/?][^\s<>\"']{{0,2000}})?)(?![\w@])",
    re.IGNORECASE,
)
_WORDS_TOO = frozenset(
    "co app top site online me link one in to my us de id live work win pro life tech page art space info".split()
)
"""Top-level domains that are also words: behind an unaccented Vietnamese syllable they are a forgotten space."""


def find(reading: TypedText) -> Iterator[Identifier]:
    """Yield mails (lower case) and then links (no scheme, host in lower case)."""
    typed = [
        Identifier("email", re.sub(r"\s+", "", match.group()).lower(), *match.span())
        for match in _TYPED_MAIL.finditer(reading.text)
    ]
    yield from typed
    for match in _LOOSE_MAIL.finditer(reading.text):
        value = f"{match['local']}@{match['host']}.{match['top'].replace(',', '.').replace(' ', '')}"
        yield Identifier("email", value.lower(), *match.span())
    yield from said_addresses.mails(reading, typed)
    for match in _URL.finditer(reading.text):
        if _is_link(match.group()):
            yield Identifier("url", _url_value(match.group()), *match.span())
    yield from said_addresses.links(reading)


def _is_link(written: str) -> bool:
    labels = re.split(r"[/?:]", written)[0].lower().split(".")
    glued = len(labels) == 2 and labels[1] in _WORDS_TOO and is_plain_shape(labels[0])
    return "://" in written or not glued


def _url_value(written: str) -> str:
    bare = re.sub(r"^https?://", "", written.rstrip(".,;:!?)]…"), flags=re.IGNORECASE)
    host, slash, path = bare.partition("/")
    return host.lower() + (slash + path if path else "")
