"""What the owner is told about an account; none of these holds a secret."""

from typing import Literal

from backend.messages.wording import Text, compose
from backend.outbox import Channel, Message

How = Literal["mail", "hotline"]
_OBJECT = {
    "vi": "Nếu không phải bạn làm, hãy gọi ngay tổng đài 1900 9068 hoặc đến cơ quan BHXH gần nhất.",
    "en": "If this was not you, call the hotline 1900 9068 now or go to the nearest social security office.",
}
_RESET = {
    "vi": Text(
        "Mật khẩu VssID của bạn đã được đặt lại",
        "Mật khẩu VssID của bạn vừa được đặt lại qua {place}. {where}\n\n" + _OBJECT["vi"] + "\n",
        "Mat khau VssID cua ban vua duoc dat lai. Neu khong phai ban lam, goi ngay 1900 9068.",
    ),
    "en": Text(
        "Your VssID password was reset",
        "Your VssID password has just been reset through {place}. {where}\n\n" + _OBJECT["en"] + "\n",
        "Your VssID password was just reset. If this was not you, call 1900 9068 now.",
    ),
}
_PLACES: dict[How, dict[str, tuple[str, str]]] = {
    "mail": {
        "vi": ("Trợ lý VssID", "Mật khẩu tạm thời đã được gửi đến email đăng ký."),
        "en": ("the VssID Assistant", "A temporary password was sent to the registered email address."),
    },
    "hotline": {
        "vi": ("tổng đài 1900 9068", "Mật khẩu tạm thời đã được đọc trong cuộc gọi từ số điện thoại đăng ký."),
        "en": ("the hotline 1900 9068", "A temporary password was read out in a call from the registered phone number."),
    },
}
_CHANGED = {
    "vi": Text(
        "Mật khẩu VssID của bạn đã được đổi",
        "Mật khẩu VssID của bạn vừa được đổi trên trang tài khoản.\n\n" + _OBJECT["vi"] + "\n",
        "Mat khau VssID cua ban vua duoc doi. Neu khong phai ban lam, goi ngay 1900 9068.",
    ),
    "en": Text(
        "Your VssID password was changed",
        "Your VssID password has just been changed on the account page.\n\n" + _OBJECT["en"] + "\n",
        "Your VssID password was just changed. If this was not you, call 1900 9068 now.",
    ),
}
_DEVICE = {
    "vi": Text(
        "Tài khoản VssID vừa đăng nhập trên thiết bị khác",
        "Tài khoản VssID của bạn vừa đăng nhập trên một thiết bị khác. Thiết bị trước đã bị đăng xuất.\n\n"
        + _OBJECT["vi"]
        + "\n",
        "Tai khoan VssID cua ban vua dang nhap tren thiet bi khac. Neu khong phai ban lam, goi ngay 1900 9068.",
    ),
    "en": Text(
        "Your VssID account was opened on another device",
        "Your VssID account has just been opened on another device. The earlier one was logged out.\n\n" + _OBJECT["en"] + "\n",
        "Your VssID account was just opened on another device. If this was not you, call 1900 9068 now.",
    ),
}


def password_reset(lang: str, channel: Channel, to: str, how: How) -> Message:
    """The password was reset, by mail or by hotline."""
    place, where = _PLACES[how][lang]
    return compose(_RESET, lang, channel, to, place=place, where=where)


def password_changed(lang: str, channel: Channel, to: str) -> Message:
    """The password was changed by whoever was logged in."""
    return compose(_CHANGED, lang, channel, to)


def new_device(lang: str, channel: Channel, to: str) -> Message:
    """A second device took the session over."""
    return compose(_DEVICE, lang, channel, to)
