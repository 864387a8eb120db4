"""The language a message was written in, as far as it is a sentence."""

import re
from typing import Optional

from assistant.nlu.folding import fold

_WORD = re.compile(r"[^\W\d_]+")
_VIETNAMESE_LETTER = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
_ENGLISH = frozenset(
    """a about account address again am an and any app are ask at back be because been but by call can cannot cant card change
    check code come could dad details did do does doesnt doing dont down email english fake find first for forget forgot
    forgotten from get give go good got had has have he hello help her here hi hotline how i id if im in insurance is isnt
    it its ive just keep know last letter line log login lost mail me mean message mom mother my name need never new no not
    number of office official on one open or otp our out page pass password people person phone please real really
    receive received recover register registered remember request reset restore scam search security see send sent she should sign
    site social someone something speak start still talk tell thank thanks that the their them then there they this
    time to today told tried try trying two up use used user vssid want was way we website were what when where which
    who why will with without work working would wrong yes you your yours""".split()
)
_BORROWED = frozenset(
    "account app code email hotline id insurance line login mail number office otp password reset security social vssid".split()
)
"""English words of everyday Vietnamese: alone they decide nothing."""
_VIETNAMESE = frozenset(
    """anh ba ban bac bao bhxh bi biet bo cac cai cam can cap chau chi cho chua chu co con cua cung da dang dc de dem di dien
    do doi dong duoc e em gi gio giup gium gui hai ho hoi hok hong k khau khi khong ko la lai lam lay len ma mail mat may me mik
    minh mk mot muon nao nay ne nha nhan nhap nhe nho nhu no noi o oi ong qua quen r ra roi sao sau sdt so tai tao tham
    the thi thoai thoi toi tong tra trang tren tui vao va vay ve vi viec voi vs w wen xin""".split()
)
_INTERJECTIONS = frozenset("ok oke okay okey yes no hi hello hey bye thanks thank you please sorry alo".split())


def detect(text: str) -> Optional[str]:
    """Return "vi" or "en" when `text` is a sentence of that language, None when it says nothing about it.

    A bare value, one word, or a string of interjections ("ok thanks") decides nothing.
    """
    words = _WORD.findall(re.sub(r"\S*[@/]\S*", " ", text))
    if len(words) < 2 or all(fold(word) in _INTERJECTIONS for word in words):
        return None
    plain = [fold(word) for word in words if not _VIETNAMESE_LETTER.search(word)]
    english = [word for word in plain if word in _ENGLISH]
    vietnamese = len(words) - len(plain) + sum(word in _VIETNAMESE and word not in _ENGLISH for word in plain)
    if len(english) > vietnamese and len(english) * 2 > len(plain):
        return None if _BORROWED.issuperset(english) else "en"
    return "vi" if vietnamese else None
