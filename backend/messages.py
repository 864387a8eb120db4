"""What mails and SMS say, in Vietnamese and English: no name, no full code, one secret at most."""

from backend.outbox import Message

_OTP_SUBJECT = {
    "vi": "Mã xác thực lấy lại mật khẩu VssID",
    "en": "Your code to reset the VssID password",
}
_OTP_BODY = {
    "vi": """Mã xác thực để lấy lại mật khẩu VssID của bạn là:

    {code}

Mã có hiệu lực trong {life} và chỉ dùng được trong cuộc trò chuyện mà bạn đang mở với Trợ lý VssID.

Không đưa mã này cho bất kỳ ai. Cơ quan BHXH không bao giờ hỏi mã này qua điện thoại, tin nhắn hay mạng xã hội.
Nếu bạn không yêu cầu, hãy bỏ qua thư này: mật khẩu của bạn vẫn như cũ.
""",
    "en": """Your code to reset your VssID password is:

    {code}

It is valid for {life} and only works in the conversation you have open with the VssID Assistant.

Never give this code to anyone. Vietnam Social Security (BHXH) never asks for it by phone, message or social network.
If you did not ask for it, ignore this mail: your password has not changed.
""",
}
_PASSWORD_SUBJECT = {"vi": "Mật khẩu tạm thời VssID", "en": "Your temporary VssID password"}
_PASSWORD_BODY = {
    "vi": """Mật khẩu tạm thời của bạn là:

    {password}

Mật khẩu có hiệu lực trong {life}. Bạn phải đổi mật khẩu ngay lần đăng nhập đầu tiên tại:
{url}

Không đưa mật khẩu này cho bất kỳ ai. Cơ quan BHXH không bao giờ hỏi mật khẩu của bạn.
Mọi thiết bị đang đăng nhập đã bị đăng xuất.
""",
    "en": """Your temporary password is:

    {password}

It is valid for {life}. You have to change it when you first log in at:
{url}

Never give this password to anyone. Vietnam Social Security (BHXH) never asks for your password.
Every device that was logged in has been logged out.
""",
}
_NOTICE_SUBJECT = {"vi": "Mật khẩu VssID của bạn đã được đặt lại", "en": "Your VssID password was reset"}
_NOTICE_BODY = {
    "vi": """Mật khẩu VssID của bạn vừa được đặt lại qua Trợ lý VssID. Mật khẩu tạm thời đã được gửi đến email đăng ký.

Nếu không phải bạn làm, hãy gọi ngay tổng đài 1900 9068 hoặc đến cơ quan BHXH gần nhất.
""",
    "en": """Your VssID password has just been reset through the VssID Assistant. A temporary password was sent to the
registered email address.

If this was not you, call the hotline 1900 9068 now or go to the nearest social security office.
""",
}
_CHANGED_SUBJECT = {"vi": "Mật khẩu VssID của bạn đã được đổi", "en": "Your VssID password was changed"}
_CHANGED_BODY = {
    "vi": """Mật khẩu VssID của bạn vừa được đổi trên trang tài khoản.

Nếu không phải bạn làm, hãy gọi ngay tổng đài 1900 9068 hoặc đến cơ quan BHXH gần nhất.
""",
    "en": """Your VssID password has just been changed on the account page.

If this was not you, call the hotline 1900 9068 now or go to the nearest social security office.
""",
}
# Without accents: an accented SMS holds 70 characters instead of 160.
_NOTICE_SMS = {
    "vi": "Mat khau VssID cua ban vua duoc dat lai. Neu khong phai ban lam, goi ngay 1900 9068.",
    "en": "Your VssID password was just reset. If this was not you, call 1900 9068 now.",
}


_UNITS = ((3600, "giờ", "hour"), (60, "phút", "minute"), (1, "giây", "second"))


def lasting(lang: str, seconds: int) -> str:
    """A life in words: the largest unit that says it exactly, or of two or more rounded down; never more than it is."""
    size, vietnamese, english = next(unit for unit in _UNITS if seconds >= 2 * unit[0] or seconds % unit[0] == 0)
    count = seconds // size
    if lang == "vi":
        return f"{count} {vietnamese}"
    return f"{count} {english}" + ("" if count == 1 else "s")


def otp_mail(lang: str, to: str, code: str, life_s: int) -> Message:
    """The mail with a one-time code, its only run of six digits; life in seconds."""
    body = _OTP_BODY[lang].format(code=code, life=lasting(lang, life_s))
    return Message("email", to, _OTP_SUBJECT[lang], body)


def password_mail(lang: str, to: str, password: str, life_s: int, url: str) -> Message:
    """The mail with a temporary password; life in seconds."""
    body = _PASSWORD_BODY[lang].format(password=password, life=lasting(lang, life_s), url=url)
    return Message("email", to, _PASSWORD_SUBJECT[lang], body)


def notice_mail(lang: str, to: str) -> Message:
    """Tells the owner that the password was reset; holds no secret."""
    return Message("email", to, _NOTICE_SUBJECT[lang], _NOTICE_BODY[lang])


def notice_sms(lang: str, to: str) -> Message:
    """Tells the owner the same by SMS."""
    return Message("sms", to, "", _NOTICE_SMS[lang])


def changed_mail(lang: str, to: str) -> Message:
    """Tells the owner that the password was changed on the account page."""
    return Message("email", to, _CHANGED_SUBJECT[lang], _CHANGED_BODY[lang])
