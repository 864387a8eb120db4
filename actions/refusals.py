"""What a person who says no is refusing. The classifier knows that it is a no, not what the no is about."""

import re
import unicodedata

_NO = r"(?:khong|ko|k|kg|kh|hong|hok|hk|hem|no|nope|nah)"
_OUTRIGHT = re.compile(
    rf"^(?:da|thoi|oi|a|em|toi|ok)?\s*{_NO}(?:\s+(?:a|nhe|nha|dau|ban|oi|cam on|thanks|thank you|can|please))*\W*$"
    r"|\b(?:khong|ko|k|hong|hok|chang|cha) (?:dong y|muon|chiu|chap nhan|cho phep|cung cap|dua|gui|khai|cho)\b"
    r"|\btu choi\b|\b(?:don'?t|do not|dont) (?:agree|want|accept|consent)\b|\b(?:refuse|disagree|decline)\b"
)
_WITHOUT = re.compile(
    r"\b(?:khong|chua|ko|k|hong|hok|hk|hem|dau)(?: (?:he|bao gio|tung|phai))? (?:co|dung|xai|lap|dang ky|khai)\b"
    r"|\bno e-?mail\b|\b(?:don'?t|do not|dont|never|haven'?t) (?:have|had|use|used)\b|\bwithout (?:an )?e-?mail\b"
    rf"|^(?:da )?{_NO}\W*$|^none\W*$"
)


def refuses(text: str) -> bool:
    """Tell whether a message is an outright no to giving anything ("không", "tôi không đồng ý", "I don't want to")."""
    return bool(_OUTRIGHT.search(_fold(text)))


def is_without(text: str) -> bool:
    """Tell whether somebody says that they do not have what was asked for ("không có", "chưa đăng ký", "no email")."""
    return bool(_WITHOUT.search(_fold(text)))


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).strip()
