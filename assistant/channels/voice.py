"""A turn of a call: what is said, what the caller may key or say then, how long that takes and what it costs.

It knows nothing of telephones: adapters (`twiml.py`, `jambonz.py`) and the simulator turn it into theirs.
"""

import math
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional

Say = Dict[str, str]
"""`{"text": ...}` is spoken, `{"spell": ...}` digit by digit."""

MENU: Dict[str, Any] = {"input": ["digits", "speech"], "digits": 1, "timeout_s": 5}
CODE: Dict[str, Any] = {"input": ["digits", "speech"], "digits": 10, "or": 12, "timeout_s": 6, "inter_digit_s": 1.5}
"""Ten digits of a code, or twelve of an ID card, which begin with 0: only then is there anything to wait for."""
REST: Dict[str, Any] = {"input": ["digits"], "digits": 2, "timeout_s": 2}
"""The last two digits of twelve, for telephones that cannot wait for ten or twelve."""
GATHERS = {"menu": MENU, "code": CODE, "rest": REST}

LANGUAGES = {"vi": "vi-VN", "en": "en-US"}
HINTS = {
    "vi": "không, một, hai, ba, bốn, tư, năm, lăm, sáu, bảy, tám, chín, linh, lẻ, mốt, quên mật khẩu",
    "en": "zero, one, two, three, four, five, six, seven, eight, nine, forgotten password",
}
"""What a recogniser listens for."""

FEE_VND = 1000
"""A started minute on 1900.9068 (knowledge/facts.csv)."""
_SYLLABLE_S = {"vi": 0.26, "en": 0.37}
_DIGIT_S = {"vi": 0.29, "en": 0.45}
_AFTER_DIGIT_S, _AFTER_GROUP_S, _GROUP = 0.25, 0.6, 4
_AFTER_PIECE_S = 0.35
"""Calm speech: espeak-ng at 160 words a minute, digits at 130 with pauses in which they can be written down."""


@dataclass
class VoiceTurn:
    """What the hotline does now: `say`, then `gather`, `transfer` to a number, or hang up. `seconds` of the whole call so far."""

    lang: str
    say: List[Say] = field(default_factory=list)
    gather: Optional[str] = None
    transfer: Optional[str] = None
    is_over: bool = False
    seconds: float = 0.0

    def as_json(self) -> Dict[str, Any]:
        """Return the turn as the simulator and other programs get it."""
        return {
            "lang": self.lang,
            "say": self.say,
            "gather": GATHERS[self.gather] if self.gather else None,
            "barge_in": self.gather is not None,
            "transfer": self.transfer,
            "hangup": self.is_over,
            "seconds": round(self.seconds, 1),
            "fee_vnd": fee_vnd(self.seconds),
        }


def seconds_of(say: List[Say], lang: str) -> float:
    """Estimate how many seconds it takes to say this."""
    pieces = [_spelling_s(one["spell"], lang) if "spell" in one else _speaking_s(one["text"], lang) for one in say]
    return sum(pieces) + _AFTER_PIECE_S * max(0, len(pieces) - 1)


def as_text(piece: Say) -> str:
    """Return a piece as a text; digits to spell have pauses that every voice keeps."""
    return piece["text"] if "text" in piece else ", ".join(piece["spell"])


def fee_vnd(seconds: float) -> int:
    """Return what a call of that length costs, in VND: every started minute counts."""
    return FEE_VND * max(1, math.ceil(seconds / 60))


def _speaking_s(text: str, lang: str) -> float:
    digits = sum(char.isdigit() for char in text)
    return _SYLLABLE_S[lang] * (len(text.split()) + max(0, digits - 1)) + 0.2 * sum(text.count(mark) for mark in ".,:;")


def _spelling_s(digits: str, lang: str) -> float:
    groups = max(0, (len(digits) - 1) // _GROUP)
    return _DIGIT_S[lang] * len(digits) + _AFTER_DIGIT_S * (len(digits) - 1 - groups) + _AFTER_GROUP_S * groups
