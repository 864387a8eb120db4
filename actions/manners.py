"""Situations that need fitting words before anything else: fear, anger, a stranger who asks for codes, somebody else's account.

Patterns are matched against the text in lower case without accents. They choose words only; the backend decides what is done.
"""

import re

from actions.wording import fold, lost_something

LOST = "utter_official_channel_lost"
OTHER_ACCOUNT = "utter_manners_other_account"
OFFICER = "utter_manners_officer"
OTP_ASKED = "utter_manners_otp_asked"
BOTH_LOST = "utter_manners_both_lost"
FIRST = (LOST, OTP_ASKED, OTHER_ACCOUNT, OFFICER, BOTH_LOST)
"""Situations in which no task is begun or gone on with: the person is told first, and asks again."""

_CODE = r"(?:otp|ma xac (?:nhan|thuc|minh)|ma (?:nay|do|kia)|cai ma|ma (?:vua )?gui|sau so|6 so|one.?time code|verification code)"
_PHONE, _EMAIL = r"(?:dien thoai|sdt|sim|so|phone|number)", r"(?:e-?mail|g?mail|hop thu)"
_ALL = r"(?:ca |luon |het |my |the |an? )*(?:\w+ ){0,3}?"
_AND = r".{0,30}\b(?:lan|va|voi|cung|ca|and|nor|or)\b.{0,20}\b"
_NEITHER = r"(?:mat|khong (?:co|con|dung)|khong xai|ko (?:co|con|dung)|hong (?:co|con)|lost|no|without|don'?t have)"
SITUATIONS = (
    (
        re.compile(
            rf"\b(?:goi|nhan tin|nguoi la|co nguoi|ai do|ho|no|ban ay|someone|somebody|caller|stranger|they)\b.{{0,60}}"
            rf"\b(?:xin|hoi|doi|yeu cau|keu|bao|bieu|ask\w*|want\w*|demand\w*)\b.{{0,40}}\b{_CODE}\b"
        ),
        OTP_ASKED,
    ),
    (
        re.compile(rf"\b{_NEITHER} {_ALL}{_PHONE}\b{_AND}{_EMAIL}\b|\b{_NEITHER} {_ALL}{_EMAIL}\b{_AND}{_PHONE}\b"),
        BOTH_LOST,
    ),
    (
        re.compile(
            r"\b(?:toi|em|minh|tao|anh|chi) la (?:\w+ ){0,2}(?:can bo|nhan vien|giam doc|lanh dao)"
            r" (?:\w+ ){0,2}(?:bhxh|bao hiem|vssid)\b"
            r"|\b(?:toi|em|minh|tao) la (?:quan tri|admin)|\bi(?: a|')m (?:an? )?(?:\w+ ){0,2}(?:officer|admin\w*)\b"
        ),
        OFFICER,
    ),
    (
        re.compile(
            r"\b(?:mat khau|tai khoan|ma so|vssid|thong tin|so bhxh)\b.{0,30}\bcua (?:nguoi khac|nguoi ta|ban gai|ban trai"
            r"|nguoi yeu|vo cu|chong cu|hang xom|sep|dong nghiep|nhan vien|khach|con no|thang)\b|(?<!bi )\bhack\b|\bdot nhap\b"
            r"|\b(?:someone else|somebody else|another person|my (?:ex|boss|neighbou?r|colleague|employee))\b.{0,30}"
            r"\b(?:account|password|code)\b"
            r"|\b(?:account|password|code) of (?:someone|somebody|another|my (?:ex|boss|neighbou?r))\b"
        ),
        OTHER_ACCOUNT,
    ),
    (
        re.compile(
            r"\b(?:buc minh|buc qua|buc boi|tuc qua|tuc minh|tuc dien|dien len|vo dung|te qua|qua te|lam an (?:gi|kieu|nhu)"
            r"|nhu cut|dkm|dcm|clm|do ngu|bot ngu|ngu qua|ngu vay|useless|stupid|ridiculous|i'?m (?:so )?angry|fed up|worst)\b"
        ),
        "utter_manners_angry",
    ),
    (
        re.compile(r"\b(?:so qua|lo qua|lo lang|hoang (?:qua|loan|so)|run qua|scared|afraid|worried|panic\w*)\b"),
        "utter_manners_frightened",
    ),
)


def situation(text: str) -> str | None:
    """Return the sentence for the situation a message tells of, None for an ordinary one."""
    if lost_something(text):
        return LOST
    folded = fold(text)
    return next((response for pattern, response in SITUATIONS if pattern.search(folded)), None)
