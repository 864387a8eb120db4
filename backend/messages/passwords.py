"""The mail that carries a temporary password."""

from backend.messages.wording import Text, compose, lasting
from backend.outbox import Message

_PASSWORD = {
    "vi": Text(
        "Mật khẩu tạm thời VssID",
        """Mật khẩu tạm thời của bạn là:

    {password}

Mật khẩu có hiệu lực trong {life}. Bạn phải đổi mật khẩu ngay lần đăng nhập đầu tiên tại:
{url}

Không đưa mật khẩu này cho bất kỳ ai. Cơ quan BHXH không bao giờ hỏi mật khẩu của bạn.
Mọi thiết bị đang đăng nhập đã bị đăng xuất.
""",
        "",
    ),
    "en": Text(
        "Your temporary VssID password",
        """Your temporary password is:

    {password}

It is valid for {life}. You have to change it when you first log in at:
{url}

Never give this password to anyone. Vietnam Social Security (BHXH) never asks for your password.
Every device that was logged in has been logged out.
""",
        "",
    ),
}


def temporary_password(lang: str, to: str, password: str, life_s: int, url: str) -> Message:
    """The mail with a temporary password; life in seconds. A password never goes by SMS."""
    return compose(_PASSWORD, lang, "email", to, password=password, life=lasting(lang, life_s), url=url)
