"""What a person's own password may be: long enough, not common, not about the person. No composition rules."""

import re
import unicodedata
from functools import lru_cache

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from backend.accounts import Profile
from backend.identifiers import national
from backend.passwords import normalised

MIN_LENGTH, MAX_LENGTH = 8, 128  # code points after NFKC (SP 800-63B with a code asked at every reset)
# Words every Vietnamese list of broken passwords begins with, and the names of this service.
VIETNAMESE = (
    "matkhau",
    "matkhaumoi",
    "anhyeuem",
    "emyeuanh",
    "yeuanh",
    "yeuem",
    "anhnhoem",
    "vietnam",
    "vietnamvodich",
    "hanoi",
    "saigon",
    "hochiminh",
    "baohiem",
    "baohiemxahoi",
    "bhxh",
    "bhxhvn",
    "vssid",
    "vneid",
    "congdan",
    "cancuoc",
    "xinchao",
    "giadinh",
    "tinhyeu",
    "meoyeu",
    "conyeu",
)
_SUFFIX = re.compile(r"[0-9!@#$%^&*().,_\-]*$")


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS["passwords"])


def plain(text: str) -> str:
    """Lower case without accents and blanks, so that "Mật khẩu" and "matkhau" are the same word."""
    folded = unicodedata.normalize("NFD", normalised(text).casefold().replace("đ", "d"))
    return "".join(char for char in folded if not unicodedata.combining(char) and not char.isspace())


def refusal(password: str, profile: Profile) -> str | None:
    """Why the password is refused: `short`, `long`, `common`, `personal`; None when it is good."""
    text = normalised(password)
    if len(text) < MIN_LENGTH:
        return "short"
    if len(text) > MAX_LENGTH:
        return "long"
    bare = plain(text)
    stem = _SUFFIX.sub("", bare)
    if text.casefold() in _common() or bare in _common() or stem in VIETNAMESE or len(set(bare)) <= 2:
        return "common"
    return "personal" if _is_about(bare, profile) else None


def _is_about(bare: str, profile: Profile) -> bool:
    own = [profile.bhxh_code, profile.personal_id or "", plain(profile.full_name)]
    if profile.phone:
        own += [national(profile.phone), profile.phone]
    if profile.email:
        own += [profile.email, profile.email.partition("@")[0]]
    if profile.dob and len(profile.dob) == 10:
        year, month, day = profile.dob.split("-")
        own += [year + month + day, day + month + year, day + month + year[2:]]
    letters = re.sub(r"[^0-9a-z]", "", bare)
    # The own value with a little decoration is still the own value; a long phrase that contains it is not.
    return any(word and re.sub(r"[^0-9a-z]", "", word) in letters and len(letters) - len(word) < 4 for word in own)
