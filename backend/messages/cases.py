"""Change requests and applications: received, decided, and what somebody else did with your code."""

from typing import Literal

from backend.messages.wording import Text, compose, plain
from backend.outbox import Channel, Message

What = Literal["email", "phone", "personal_id"]
Decision = Literal["approved", "rejected", "expired"]
_WHAT = {
    "email": ("địa chỉ email", "email address"),
    "phone": ("số điện thoại", "phone number"),
    "personal_id": ("số định danh/CCCD", "personal number"),
}
_REQUESTED = {
    "vi": Text(
        "Đề nghị {number}: thay đổi {what}",
        "Có đề nghị thay đổi {what} của tài khoản VssID của bạn, số {number}. "
        "Dữ liệu cũ vẫn dùng cho đến khi cán bộ BHXH xác nhận.\n\n"
        "Nếu không phải bạn làm, hãy gọi ngay tổng đài 1900 9068 hoặc đến cơ quan BHXH gần nhất.\n",
        "De nghi {number}: thay doi {bare} cua tai khoan VssID. Neu khong phai ban lam, goi ngay 1900 9068.",
    ),
    "en": Text(
        "Request {number}: change of your {what}",
        "Somebody asked to change the {what} of your VssID account, number {number}. "
        "The old data rules until an officer confirms it.\n\n"
        "If this was not you, call the hotline 1900 9068 now or go to the nearest social security office.\n",
        "Request {number}: change of the {what} of your VssID account. If this was not you, call 1900 9068 now.",
    ),
}
_CHANGE = {
    "vi": Text(
        "Đề nghị {number}: {result}",
        "Đề nghị {number} thay đổi {what} của tài khoản VssID: {result}.{reason}\n\n"
        "Nếu không phải bạn đề nghị, hãy gọi ngay tổng đài 1900 9068 hoặc đến cơ quan BHXH gần nhất.\n",
        "De nghi {number} thay doi {bare}: {bare_result}. Neu khong phai ban de nghi, goi ngay 1900 9068.",
    ),
    "en": Text(
        "Request {number}: {result}",
        "Request {number} to change the {what} of your VssID account: {result}.{reason}\n\n"
        "If you did not ask for it, call the hotline 1900 9068 now or go to the nearest social security office.\n",
        "Request {number} to change the {what}: {result}. If you did not ask for it, call 1900 9068 now.",
    ),
}
_RECEIVED = {
    "vi": Text(
        "Hồ sơ {number}: đã nhận đăng ký tài khoản VssID",
        "Đã nhận hồ sơ đăng ký tài khoản VssID số {number}.\n\n"
        "Trong {days} ngày (đến hết ngày {until}), "
        "bạn mang giấy tờ tùy thân đến cơ quan BHXH đã chọn để cán bộ xác nhận: {office}.\n"
        "Quá hạn, hồ sơ sẽ bị xóa và bạn cần đăng ký lại. Không mất phí.\n",
        "Ho so {number}: mang giay to tuy than den co quan BHXH da chon truoc het ngay {until}. Khong mat phi.",
    ),
    "en": Text(
        "Application {number}: received",
        "Your application {number} for a VssID account was received.\n\n"
        "Within {days} days (until the end of {until}) "
        "take your identity papers to the social security office you chose: {office}.\n"
        "After that the application is deleted and you have to apply again. It is free of charge.\n",
        "Application {number}: take your papers to the office you chose until the end of {until}. Free of charge.",
    ),
}
_DECIDED = {
    "vi": Text(
        "Hồ sơ {number}: {result}",
        "Hồ sơ đăng ký tài khoản VssID số {number}: {result}.{reason}\n",
        "Ho so {number} dang ky VssID: {bare_result}.",
    ),
    "en": Text(
        "Application {number}: {result}",
        "Your application {number} for a VssID account: {result}.{reason}\n",
        "Application {number} for a VssID account: {result}.",
    ),
}
_ELSEWHERE = {
    "vi": Text(
        "Có người đăng ký tài khoản VssID bằng mã số của bạn",
        "Vừa có hồ sơ đăng ký tài khoản VssID dùng mã số BHXH hoặc giấy tờ của bạn, trong khi bạn đã có tài khoản.\n"
        "Tài khoản của bạn vẫn như cũ. Nếu bạn quên mật khẩu, hãy chọn Quên mật khẩu thay vì đăng ký lại.\n\n"
        "Nếu không phải bạn làm, hãy gọi tổng đài 1900 9068.\n",
        "Co ho so dang ky VssID dung ma so cua ban. Tai khoan cua ban van nhu cu. Khong phai ban lam: goi 1900 9068.",
    ),
    "en": Text(
        "Somebody applied for a VssID account with your code",
        "An application for a VssID account with your code or papers has just come in, while you have an account already.\n"
        "Your account has not changed. If you forgot the password, reset it instead of registering again.\n\n"
        "If this was not you, call the hotline 1900 9068.\n",
        "Somebody applied for a VssID account with your code. Your account has not changed. Not you: call 1900 9068.",
    ),
}
_RESULTS = {
    "approved": ("được chấp nhận", "approved"),
    "rejected": ("không được chấp nhận", "rejected"),
    "expired": ("đã hết hạn và bị xóa", "expired and deleted"),
}
_REASON = {"vi": " Lý do: {reason}", "en": " Reason: {reason}"}


def _pair(pair: tuple[str, str], lang: str) -> str:
    return pair[1] if lang == "en" else pair[0]


def change_requested(lang: str, channel: Channel, to: str, number: str, what: What) -> Message:
    """Tells the old addresses that somebody asked for a change."""
    name = _pair(_WHAT[what], lang)
    return compose(_REQUESTED, lang, channel, to, number=number, what=name, bare=plain(name))


def change_decided(
    lang: str, channel: Channel, to: str, number: str, what: What, decision: Decision, reason: str = ""
) -> Message:
    """What an officer decided about a change; the reason goes by mail only."""
    name, result = _pair(_WHAT[what], lang), _pair(_RESULTS[decision], lang)
    said = _REASON[lang].format(reason=reason) if reason else ""
    values = {"number": number, "what": name, "bare": plain(name), "result": result, "bare_result": plain(result), "reason": said}
    return compose(_CHANGE, lang, channel, to, **values)


def application_received(lang: str, channel: Channel, to: str, number: str, days: int, until: str, office: str) -> Message:
    """The application's number and what to do until which day (dd/mm/yyyy)."""
    return compose(_RECEIVED, lang, channel, to, number=number, days=days, until=until, office=office)


def application_decided(lang: str, channel: Channel, to: str, number: str, decision: Decision, reason: str = "") -> Message:
    """What became of an application; the reason goes by mail only."""
    result = _pair(_RESULTS[decision], lang)
    said = _REASON[lang].format(reason=reason) if reason else ""
    return compose(_DECIDED, lang, channel, to, number=number, result=result, bare_result=plain(result), reason=said)


def application_seen_elsewhere(lang: str, channel: Channel, to: str) -> Message:
    """Tells the owner of an account that somebody applied with the same code or papers."""
    return compose(_ELSEWHERE, lang, channel, to)
