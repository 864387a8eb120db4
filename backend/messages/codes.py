"""The one-time code, and the insurance code that somebody searched for."""

from backend.messages.wording import Text, compose, lasting, plain
from backend.outbox import Channel, Message

# What the code is for, by the purpose of its challenge (what you see is what you sign).
_ACTIONS = {
    "forgot_password": ("lấy lại mật khẩu VssID", "reset your VssID password"),
    "add_email": ("bổ sung email cho tài khoản VssID", "add an email address to your VssID account"),
    "add_email_new": ("xác nhận địa chỉ email này cho tài khoản VssID", "confirm this address for a VssID account"),
    "change_info": ("đề nghị thay đổi thông tin tài khoản VssID", "ask for a change of your VssID details"),
    "change_info_new": ("xác nhận liên hệ mới của tài khoản VssID", "confirm this new contact of a VssID account"),
    "register_account": ("đăng ký tài khoản VssID", "register a VssID account"),
    "second_device": ("đăng nhập VssID trên thiết bị mới", "log in to VssID on a new device"),
}
_CODE = {
    "vi": Text(
        "Mã xác thực {action}",
        """Mã xác thực để {action} của bạn là:

    {code}

Mã có hiệu lực trong {life} và chỉ dùng được ở nơi bạn vừa yêu cầu.

Không đưa mã này cho bất kỳ ai. Cơ quan BHXH không bao giờ hỏi mã này qua điện thoại, tin nhắn hay mạng xã hội.
Nếu bạn không yêu cầu, hãy bỏ qua tin này: tài khoản của bạn vẫn như cũ.
""",
        "{code} la ma xac thuc de {bare}, hieu luc {bare_life}. Khong dua ma cho bat ky ai, ke ca nguoi tu xung la can bo BHXH.",
    ),
    "en": Text(
        "Your code to {action}",
        """Your code to {action} is:

    {code}

It is valid for {life} and only works where you have just asked for it.

Never give this code to anyone. Vietnam Social Security (BHXH) never asks for it by phone, message or social network.
If you did not ask for it, ignore this message: your account has not changed.
""",
        "{code} is your code to {action}, valid for {life}. Never give it to anyone, not even to BHXH staff.",
    ),
}
_INSURANCE_CODE = {
    "vi": Text(
        "Mã số BHXH của bạn",
        """Theo yêu cầu tra cứu vừa gửi qua Trợ lý VssID, mã số BHXH của bạn là:

    {code}

Mã này cũng in trên sổ BHXH và là 10 số cuối của thẻ BHYT.
Nếu bạn không yêu cầu tra cứu, bạn không cần làm gì: mã chỉ được gửi đến bạn.
""",
        "Ma so BHXH cua ban la {code}. Neu ban khong yeu cau tra cuu, ban khong can lam gi.",
    ),
    "en": Text(
        "Your social insurance code",
        """As asked for through the VssID Assistant, your social insurance code is:

    {code}

It also stands on your social insurance book and is the last 10 digits of your health insurance card. If you did not ask for it,
you need not do anything: the code was sent to you alone.
""",
        "Your social insurance code is {code}. If you did not ask for it, you need not do anything.",
    ),
}


def one_time_code(lang: str, channel: Channel, to: str, purpose: str, code: str, life_s: int) -> Message:
    """The message with a one-time code, its only run of six digits; life in seconds."""
    vietnamese, english = _ACTIONS[purpose]
    action = english if lang == "en" else vietnamese
    life = lasting(lang, life_s)
    return compose(_CODE, lang, channel, to, action=action, bare=plain(action), code=code, life=life, bare_life=plain(life))


def insurance_code(lang: str, channel: Channel, to: str, code: str) -> Message:
    """The 10-digit insurance code, sent to what is on file and shown nowhere else."""
    return compose(_INSURANCE_CODE, lang, channel, to, code=code)
