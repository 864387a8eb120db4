"""How one text becomes a mail or an SMS, and how lives are said."""

import unicodedata
from dataclasses import dataclass

from backend.outbox import Channel, Message

_UNITS = ((3600, "giờ", "hour"), (60, "phút", "minute"), (1, "giây", "second"))


@dataclass(frozen=True)
class Text:
    """One message in one language; the SMS is written without accents: an accented one holds 70 letters instead of 160."""

    subject: str
    mail: str
    sms: str


def compose(texts: dict[str, Text], lang: str, channel: Channel, to: str, **values: object) -> Message:
    """The message in that language (`vi` or `en`) for that channel."""
    text = texts[lang]
    if channel == "sms":
        return Message("sms", to, "", text.sms.format(**values))
    return Message("email", to, text.subject.format(**values), text.mail.format(**values))


def lasting(lang: str, seconds: int) -> str:
    """A life in words: the largest unit that says it exactly, or of two or more rounded down; never more than it is."""
    size, vietnamese, english = next(unit for unit in _UNITS if seconds >= 2 * unit[0] or seconds % unit[0] == 0)
    count = seconds // size
    if lang == "vi":
        return f"{count} {vietnamese}"
    return f"{count} {english}" + ("" if count == 1 else "s")


def plain(vietnamese: str) -> str:
    """The text without accents."""
    bare = unicodedata.normalize("NFD", vietnamese.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))
