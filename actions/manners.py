"""Situations that need fitting words before anything else: fear, anger, a stranger who asks for codes, somebody else's account.

Patterns are matched against the text in lower case without accents. They choose words only; the backend decides what is done.
"""

import re

from actions.wording import fold, lost_something

LOST = "utter_official_channel_lost"
OTHER_ACCOUNT = "utter_manners_other_account"
OFFICER = "utter_manners_officer"
NOT_BEGUN = (LOST, OTHER_ACCOUNT, OFFICER)
"""Situations in which a task is not begun at once: the person is told first, and asks again."""

_CODE = r"(?:otp|ma xac (?:nhan|thuc|minh)|one.?time code|verification code)"
SITUATIONS = (
    (
        re.compile(
            rf"\b(?:goi|nhan tin|nguoi la|co nguoi|ai do|ho|no|ban ay|someone|somebody|caller|stranger|they)\b.{{0,60}}"
            rf"\b(?:xin|hoi|doi|yeu cau|keu|bao|ask\w*|want\w*|demand\w*)\b.{{0,40}}\b{_CODE}\b"
        ),
        "utter_manners_otp_asked",
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
            r"|nguoi yeu|vo cu|chong cu|hang xom|sep|dong nghiep|nhan vien|khach|con no|thang)\b|\bhack\b|\bdot nhap\b"
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
