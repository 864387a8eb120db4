"""What a short answer in the middle of a task means. The classifier knows that it is a no; only the words say to what.

Patterns are matched against the text in lower case without accents. They guard what cannot be undone (throwing a task
away) and catch what a person says to the question that is open; everything else is the classifier's.
"""

import re
import unicodedata

_LONGEST_NAME = 60
_NO = r"(?:khong|ko|k|kg|kh|hong|hok|hk|hem|no|nope|nah)"
_NOT = r"(?:khong|ko|k|hong|hok|chang|cha)"
_OBJECTS = re.compile(
    rf"\b{_NOT} (?:dong y|chiu|chap nhan|cho phep|cung cap|khai)\b"
    r"|\btu choi\b|\b(?:don'?t|do not|dont) (?:agree|accept|consent)\b|\b(?:refuse|disagree|decline)\b"
)
_REFUSES = re.compile(
    rf"^(?:da|thoi|oi|a|em|toi|ok)?\s*{_NO}(?:\s+(?:a|nhe|nha|dau|ban|oi|cam on|thanks|thank you|can|please))*\W*$"
    rf"|\b{_NOT} (?:muon|dua|gui|cho)\b|\b(?:don'?t|do not|dont) want\b|{_OBJECTS.pattern}"
)
_AMOUNT = r"\d[\d.,]* ?(?:k|tr|trieu|nghin|ngan|ty|dong|d|vnd|million)\b"
_STRANGER = r"(?:no|ho(?! gia dinh)|tui no|bon no|nguoi (?:ta|la|do|kia|goi)|ke (?:lua|xau)|ben do|them|him|her)"
_ITS_CODE = r"(?:otp|ma(?! so\b))"
_LOST_SOMETHING = re.compile(
    r"(?<!\bso )(?<!\bco )(?<!\bkhoi )(?<!\btranh )(?<!\bkhong )\bbi (?:\w+ )?(?:lua|gat|scam|hack)\b"
    rf"|\bmat (?:\w+ ){{0,3}}{_AMOUNT}(?!.*\b(?:dung|phai) {_NO}\b)|\bmat (?:het )?tien (?:roi|vi|cho|do|oan)\b"
    r"|\b(?:lo|da|vua|moi|trot) (?:\w+ ){0,2}(?:chuyen|gui|nop|tra) (?:khoan|tien)\b.{0,40}"
    r"\b(?:ho(?! gia dinh)|no|nguoi|ke|ben do|so do|la)\b"
    r"|^(?!.*\b(?:bao hiem|bhxh|bhyt|cong ty|ngan hang|co quan)\b).*\bchuyen (?:khoan|tien) (?:\w+ ){0,3}roi\b"
    rf"|\bchuyen (?:khoan|tien) cho {_STRANGER}\b"
    r"|\b(?:lo|trot) (?:\w+ ){0,2}(?:bam|nhan|click|mo|vao|cai|tai) (?:\w+ ){0,3}(?:link|lien ket|duong dan|app|ung dung|file)\b"
    rf"|\b(?:lo|da|vua|moi|trot) (?:\w+ ){{0,3}}(?:doc|noi|tiet lo)\b.{{0,24}}\b{_ITS_CODE}\b"
    rf"|\b(?:lo|trot) (?:\w+ ){{0,3}}(?:cho|dua|gui|cung cap)\b.{{0,24}}\b{_ITS_CODE}\b|\blo doc (?:\w+ ){{0,2}}roi\b"
    rf"|\b(?:da|vua|moi) (?:\w+ ){{0,3}}(?:cho|dua|gui|cung cap)\b(?=.*\b{_STRANGER}\b).{{0,24}}\b{_ITS_CODE}\b"
    rf"|\b(?:doc|dua|gui|noi|cho) (?:\w+ ){{0,3}}(?:otp|ma xac \w+|ma|sau so|6 so) (?:\w+ ){{0,2}}cho {_STRANGER}\b"
    r".{0,10}\b(?:roi|nua|het)\b"
    r"|\b(?:goi|keu|bieu|bao)\b.{0,60}\bdoc (?:\w+ ){0,2}roi\b"
    rf"|\b(?:lost|paid|sent|transferred)\b.{{0,24}}(?:\bmoney\b|{_AMOUNT})"
    r"|\b(?:gave|told|read)\b(?! me\b).{0,24}\b(?:otp|code)\b|\b(?:was|been|got|were) (?:scammed|cheated|hacked)\b"
)
_ACCUSES = re.compile(r"\b(?:lua dao|lua gat|bi lua|to cao|bao cao|gia mao|gia danh|mao danh|scam\w*|fraud\w*|fake|report)\b")
_LOST_PHONE = re.compile(
    r"\b(?:mat|doi|bo|khoa|het|khong con|khong dung|ko dung|ko con|lost|changed|no longer)\b[^.]{0,24}"
    r"\b(?:sim|so|sdt|dien thoai|dt|may|phone|number)\b"
    r"|\bso (?:cu|khac)\b|\bold (?:phone|number)\b"
)
_STILL_HAS = re.compile(r"\bvan (?:la |so |con |dung|xai|giu)|(?<!khong )(?<!ko )(?<!k )(?<!hong )\bcon (?:dung|xai|giu)\b")
_ASKS_WHERE = re.compile(
    r"\b(?:o dau|nam dau|cho nao|o cho|xem dau|tim dau|coi dau|lay dau|dau vay|dau ra|bao nhieu so|la gi|la so nao)\b"
    r"|\b(?:where|what is)\b"
)
_NAME = re.compile(r"[^\W\d_]+(?:[ ,.'’-]{1,2}[^\W\d_]+|[ ,.-]{1,2}\d{1,2}){1,7}\.?")
_SAYS_DONE = re.compile(r"\b(?:xong|roi|da gui|gui het|done|sent|uploaded|finished)\b")
_LINK_WORD = r"(?:link|lien ket|duong dan)"
_LINK_IS_DEAD = (
    r"(?:moi|khac|gui lai|xin lai|cho lai|lai di|het han|bi mat|lam mat|mat roi|mat(?= link)|loi|hong|dau"
    r"|(?:khong|ko|k|hong|hok|chua) (?:\w+ )?(?:mo|vao|bam|nhan|xem|chay|thay|duoc)"
    r"|new|again|another|expired|broken|dead|does not|doesn.t|cannot|can.t|won.t|where)"
)
_WANTS_LINK = re.compile(rf"\b{_LINK_WORD}\b.*\b{_LINK_IS_DEAD}\b|\b{_LINK_IS_DEAD}\b.*\b{_LINK_WORD}\b")
_FOR_CHILD = re.compile(
    r"\b(?:cho|giup|cua) (?:\w+ )?(?:con|chau|be|em be|dua nho)\b(?: (?:toi|em|minh|chi|anh|tui|gai|trai|nho)\b)?"
    r"(?! (?:\w+ )?(?:hoi|dang ky|xin|voi|biet|xem|hieu|tim|lay)\b)"
    r"|\bcon (?:toi|em|minh|tui|nho|trai|gai)\b|\b(?:con|chau|be) (?:\w+ ){0,4}\d{1,2} tuoi\b|\btre em\b"
    r"|\b(?:my|a) (?:child|son|daughter|kid|baby)\b"
)
_IS_WITHOUT = re.compile(
    r"\b(?:khong|chua|ko|k|hong|hok|hk|hem|dau)(?: (?:he|bao gio|tung|phai))? (?:co|dung|xai|lap|dang ky|khai)\b"
    r"|\bno e-?mail\b|\b(?:don'?t|do not|dont|never|haven'?t) (?:have|had|use|used)\b|\bwithout (?:an )?e-?mail\b"
    rf"|^(?:da )?{_NO}\W*$|^none\W*$"
)
_HAS_FORGOTTEN = re.compile(
    r"\b(?:khong|chua|ko|k|hong|hok|hk|hem|chang) (?:nho|biet|ro|chac)\b|\bquen (?:mat(?! khau)|roi|email|mail|luon)\b"
    r"|^quen\b(?! (?:mat khau|mk|pass\w*)\b)"
    r"|\b(?:don'?t|do not|dont|can'?t|cannot) (?:know|remember|recall)\b|\bforgot\b(?! (?:my |the )?pass)"
)
_CANCELS = re.compile(
    r"\b(?:huy|dung lai|ngung|ngung lai|khong lam nua|bo di|bo qua|cancel|stop|quit|never ?mind|forget it)\b"
    r"|^(?:(?:a|u|ua|ok|oke|vay|the|um|uhm|da|oi|ma)\W+)?thoi\b(?! (?:duoc|dc|cung))"
    r"|\bthoi (?:khong|ko|k|hong|khoi|huy|dung|bo|nghi)\b"
)
_HAS_ONLY = re.compile(r"\b(?:co|chi|con|moi)\b.*\bthoi\W*$")
_REPEAT = re.compile(
    rf"\b(?:nhac|noi|doc|lap) lai\b|\bnghe (?:\w+ )?{_NO}\b|\b{_NO} nghe\b|\b(?:repeat|pardon|say (?:that|it) again)\b"
)
_SKIPS = re.compile(r"\b(?:bo qua|skip|de trong)\b")
_STARTS_AGAIN = re.compile(
    r"\b(?:bat dau lai|lam lai|tu dau|restart|reset lai|start (?:again|over)|from the (?:start|beginning))\b"
)
_NEEDS_TIME = re.compile(
    r"\b(?:cho|doi)(?: (?:toi|em|minh|con|chau|bac|e|t))? (?:ti|tis|xi|xiu|chut|mot (?:lat|chut)|1 (?:lat|chut))\b"
    r"|\b(?:de|doi|cho|lat|hen) (?:chieu|toi nay|mai|sang mai|luc khac|lat|trua)\b|\b(?:lat|mai|chieu|ti nua) (?:\w+ )?lam\b"
    r"|\b(?:lat|chut|ti) nua\b"
    r"|\bde (?:toi|em|minh|con|chau|bac|tui|e|t) (?:\w+ )?(?:tim|xem|hoi|lay|mo|kiem|ra|coi|check)\b|\btu tu\b"
    r"|\b(?:hold on|wait|later|one (?:moment|minute|sec(?:ond)?)|just a (?:moment|minute|sec))\b"
    r"|\blet me (?:find|check|look|see|ask)\b"
)
_WAITS_FOR = re.compile(
    r"\bdoi (?:\w+ ){1,4}(?:ve|den|toi|xong)\b|\bcho (?:\w+ ){1,4}(?:den|xong)\b|\bdoi (?:\w+ )?(?:lay|tim|mo)\b"
)
_HESITATES = re.compile(
    r"\b(?:khoan|nhung|tu tu|sua lai|doi (?:ten|email|so|lai)|dung (?:gui|tim|lam|nop|co)|wait|but|don.?t|do not|not yet)\b"
)
_DO_NOT = re.compile(r"\b(?:đừng|khoan|chưa|(?<!không )sai|đổi|sửa)\b")
_ASKS_WHETHER = re.compile(rf"\b(?:{_NO}|chua|ha|a|vay)\W*$|\?\W*$|\bphai\b.*\b{_NO}\b|^(?:is|are|does|do|can)\b")
_NONE_CAME = rf"\b(?:{_NO}|chua|chang|cha) (?:\w+ ){{0,2}}(?:thay|nhan|co|den|ve|vao|hien)\b"
_WANTS_AGAIN = re.compile(
    rf"\b(?:gui|cho|cap|xin|lay) (?:\w+ ){{0,3}}(?:lai|di|nua|ma moi|ma khac)\b|\b(?:ma|otp) (?:moi|khac)\b|^(?:da |a )?{_NO}\W*$"
    rf"|{_NONE_CAME}|\bchua (?:\w+ )?gui\b"
    r"|\bchua (?:\w+ )?toi\W*$|(?<!o )\bdau\b|\bmai\b"
    r"|\b(?:het han|lau qua|lau the|cham|het hieu luc)\b"
    r"|\b(?:resend|again|another|new (?:code|one)|no (?:code|mail|email|sms)|nothing|expired|where)\b"
    r"|\b(?:did|have|has|do|does|is)(?: not|n.?t)\b|\bnot (?:get|got|receiv\w*|arriv\w*|come)\b|\bnever (?:got|came|arrived)\b"
)
_HAS_IT = re.compile(
    r"\b(?:thay|nhan duoc|co) (?:\w+ )?roi\b|\b(?:da |moi |vua )?(?:nhap|gui|go|dien) (?:\w+ ){0,4}roi\b|\bma (?:\w+ )?day\b"
    r"|\bi (?:have|see|got) it\b"
)
_NOT_ARRIVED = re.compile(
    rf"\b(?:chua|{_NO}) (?:\w+ ){{0,2}}(?:nhan|thay|co|gui|ve|den)\b.*\b(?:mat khau|mk|pass\w*|mail|email|thu)\b"
    rf"|\b(?:mat khau|mk|pass\w*|mail|email|thu)\b.*\b(?:chua|{_NO}) (?:\w+ ){{0,2}}(?:nhan|thay|co|gui|ve|den)\b"
    r"|\b(?:not|never|n.t) (?:\w+ ){0,2}(?:get|got|receiv\w*|arriv\w*|come)\b"
)
_LIKE_EMAIL = re.compile(
    r"\S@|@\S|^[\w.+-]+[ .]?(?:gmail|yahoo|hotmail|outlook|icloud)(?:[ .]?(?:com|vn))*\W*$"
    r"|^[\w+-]+(?:\.[\w+-]+)*\.(?:com|vn|net)\W*$"
)
_ADDS = re.compile(r"\b(?:them|bo sung|cap nhat|khai bao|add|update)\b")
_NAMES_INSURANCE = re.compile(r"\b(?:bhxh|bhyt|bao hiem|so so|insurance)\b")
_NAMES_CALL = re.compile(r"\b(?:cuoc|goi|call)\b")
_NAMES_PASSWORD = re.compile(r"\b(?:mat khau|mk|pass\w*)\b")
_ASKS_WHY = re.compile(
    r"\bsao(?: \w+){0,3} (?:can|phai|hoi|doi) (?:ma|so|thong tin|email|otp|cccd|cmnd|dua|khai|cho|cung cap|may cai)\b"
    r"|\b(?:lay|luu|hoi|can)\b.*\bde lam gi\b|\bwhy\b.*\b(?:need|ask|want|give|tell)\b|\b(?:tai|vi) sao phai\b"
    r"|\ban toan (?:khong|ko|k|hong|hok|chu)\b|\b(?:so|lo|bi) (?:lo|mat|ro ri) thong tin\b|\b(?:safe|secure)\b"
    r"|\bluu (?:\w+ ){0,3}(?:ma so|so|thong tin|du lieu)\b.*\b(?:khong|ko|k|hong|hok)\b"
)
_ASKS_PRICE = re.compile(
    rf"\b(?:mat|ton|mac|tinh|thu|dong|tra) (?:\w+ ){{0,2}}(?:tien|phi)\b.*\b(?:{_NO}|nhieu|nhiu)\b|\bmien phi\b"
    r"|\b(?:cuoc (?:phi |goi )?(?:la |het )?bao nhieu|cuoc phi|bao nhieu tien|bao nhieu phi|phi (?:\w+ ){0,3}bao nhieu|le phi)\b"
    r"|\b(?:for free|is it free|how much (?:is|does) (?:it|this)|any fee|cost me)\b"
)
_GOES_BACK = re.compile(r"\b(?:quay|tro) (?:lai|ve)\b|\bgo back\b|\bviec (?:cu|truoc|luc nay|hoi nay)\b")
_IS_LOST = re.compile(
    rf"\b{_NO[:-1]}|chua|chang|cha) (?:hieu|ro)\b|\bla sao\b|\bnghia la (?:gi|sao)\b"
    r"|\b(?:don'?t|do not|dont|didn'?t|not) (?:understand|get it)\b|\bwhat do you mean\b"
)
_SAYS_PHONE = re.compile(r"\b(?:sdt|so dien thoai|dien thoai|so dt|phone|mobile|hotline|tong dai)\b")


def refuses(text: str) -> bool:
    """Tell whether a message is an outright no to giving anything ("không", "tôi không đồng ý", "I don't want to")."""
    return bool(_REFUSES.search(fold(text)))


def objects(text: str) -> bool:
    """Tell whether somebody refuses to agree, in so many words; a bare no may be about the values that were summed up."""
    return bool(_OBJECTS.search(fold(text)))


def lost_something(text: str) -> bool:
    """Tell whether somebody says that money or a one-time code is in a stranger's hands already."""
    return bool(_LOST_SOMETHING.search(_fold_but(text, "hộ", "chờ")))


def accuses(text: str) -> bool:
    """Tell whether somebody calls what they name a fraud ("lừa đảo", "giả mạo", "scam")."""
    return bool(_ACCUSES.search(fold(text)))


def has_lost_phone(text: str) -> bool:
    """Tell whether somebody no longer has the telephone number on file ("mất sim rồi", "số đó tôi không dùng nữa")."""
    return bool(_LOST_PHONE.search(_fold_but(text, "đợi", "bố", "bộ"))) and not _STILL_HAS.search(fold(text))


def asks_where(text: str) -> bool:
    """Tell whether somebody asks where a thing stands or what it is ("nằm ở đâu trên thẻ"), which is no wish yet."""
    return bool(_ASKS_WHERE.search(fold(text)))


def looks_like_a_name(text: str) -> bool:
    """Tell whether a message is two to eight words and nothing else, as a person's or an office's name is."""
    return len(text) <= _LONGEST_NAME and bool(_NAME.fullmatch(text.strip())) and not is_without(text) and not is_lost(text)


def says_done(text: str) -> bool:
    """Tell whether somebody says that they have done what they were sent to do ("gửi xong rồi", "done")."""
    return bool(_SAYS_DONE.search(fold(text)))


def wants_link(text: str) -> bool:
    """Tell whether somebody needs the link they were given once more, or another ("link hết hạn rồi", "new link")."""
    return bool(_WANTS_LINK.search(fold(text)))


def is_for_child(text: str) -> bool:
    """Tell whether somebody wants it for a child, who has another way ("đăng ký cho con tôi")."""
    return bool(_FOR_CHILD.search(_fold_but(text, "còn")))


def is_without(text: str) -> bool:
    """Tell whether somebody says that they do not have what was asked for ("không có", "chưa đăng ký", "no email")."""
    return bool(_IS_WITHOUT.search(fold(text)))


def has_forgotten(text: str) -> bool:
    """Tell whether somebody says that they do not know or remember it ("không nhớ", "quên rồi", "I don't know")."""
    return bool(_HAS_FORGOTTEN.search(fold(text)))


def cancels(text: str) -> bool:
    """Tell whether a message holds a word for giving up."""
    return bool(_CANCELS.search(fold(text)))


def asks_to_repeat(text: str) -> bool:
    """Tell whether a caller did not hear the question ("nhắc lại xem nào", "nghe không rõ")."""
    return bool(_REPEAT.search(fold(text)))


def has_only(text: str) -> bool:
    """Tell whether "thôi" ends what somebody has ("có CCCD thôi"), which gives nothing up."""
    return bool(_HAS_ONLY.search(fold(text)))


def skips(text: str) -> bool:
    """Tell whether somebody leaves a question out ("bỏ qua", "skip"), not the task."""
    return bool(_SKIPS.search(fold(text)))


def hesitates(text: str) -> bool:
    """Tell whether a yes is none yet ("khoan đã", "ok nhưng đổi tên"); "đừng" without its accent would be "đúng"."""
    return bool(_HESITATES.search(fold(text)) or _DO_NOT.search(unicodedata.normalize("NFC", text.lower())))


def asks_whether(text: str) -> bool:
    """Tell whether a message asks for a yes or no ("có phải lừa đảo không")."""
    return bool(_ASKS_WHETHER.search(fold(text)))


def wants_again(text: str) -> bool:
    """Tell whether somebody needs another one-time code: it did not come, or "gửi lại"; not when they say that they have it."""
    return bool(_WANTS_AGAIN.search(fold(text))) and not has_code(text)


def has_code(text: str) -> bool:
    """Tell whether somebody says that they have the one-time code, or have typed it ("thấy rồi", "mã đây")."""
    return bool(_HAS_IT.search(fold(text))) and not re.search(_NONE_CAME, fold(text))


def has_not_arrived(text: str) -> bool:
    """Tell whether the mail with the new password did not come ("chưa nhận được mật khẩu")."""
    return bool(_NOT_ARRIVED.search(fold(text)))


def resembles_email(text: str) -> bool:
    """Tell whether a message is somebody's own email, with a typing error in it ("lan@gmail", "langmail.com")."""
    return bool(_LIKE_EMAIL.search(fold(text)))


def adds(text: str) -> bool:
    """Tell whether a message holds a word for adding something to an account."""
    return bool(_ADDS.search(fold(text)))


def names_insurance(text: str) -> bool:
    """Tell whether a message names the insurance."""
    return bool(_NAMES_INSURANCE.search(fold(text)))


def names_call(text: str) -> bool:
    """Tell whether a message names the telephone call."""
    return bool(_NAMES_CALL.search(fold(text)))


def names_password(text: str) -> bool:
    """Tell whether a message names the password."""
    return bool(_NAMES_PASSWORD.search(fold(text)))


def starts_again(text: str) -> bool:
    """Tell whether a message holds words for beginning anew."""
    return bool(_STARTS_AGAIN.search(fold(text)))


def needs_time(text: str) -> bool:
    """Tell whether somebody asks for a moment, or goes on later ("chờ chút", "để chiều con tôi về", "hold on")."""
    return bool(_NEEDS_TIME.search(fold(text)) or _WAITS_FOR.search(_fold_but(text, "cho", "đổi")))


def asks_why(text: str) -> bool:
    """Tell whether somebody asks what their data is wanted for, or whether it is safe ("sao lại cần mã số của tôi")."""
    return bool(_ASKS_WHY.search(fold(text)))


def asks_price(text: str) -> bool:
    """Tell whether somebody asks what it costs ("có mất tiền không", "is it free")."""
    return bool(_ASKS_PRICE.search(fold(text)))


def goes_back(text: str) -> bool:
    """Tell whether somebody wants back to what they did before ("quay lại việc lúc nãy")."""
    return bool(_GOES_BACK.search(fold(text)))


def is_lost(text: str) -> bool:
    """Tell whether somebody did not understand the question ("không hiểu", "là sao", "I don't understand")."""
    return bool(_IS_LOST.search(fold(text)))


def says_phone(text: str) -> bool:
    """Tell whether a number in the message is called a telephone number."""
    return bool(_SAYS_PHONE.search(fold(text)))


def _fold_but(text: str, *others: str) -> str:
    """Fold a text without words that would look like what is searched once their accents are gone.

    A word without accents is taken for itself only in a text that has some.
    """
    kept, has_accents = unicodedata.normalize("NFC", text.lower()), fold(text) != text.lower().strip()
    for word in others:
        if has_accents or fold(word) != word:
            kept = re.sub(rf"\b{word}\b", "_", kept)
    return fold(kept)


def fold(text: str) -> str:
    """Return the text in lower case without accents."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).strip()
