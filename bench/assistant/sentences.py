"""What people write: plain turns, each answered by one `utter_` response, on both sides."""

OURS = (
    "xin chào",
    "cảm ơn bạn nhiều",
    "bạn làm được gì",
    "toi khong biet ma so bhxh cua minh",
    "bạn là người hay máy",
    "so nay co phai cua bhxh khong",
    "muon doi so dien thoai tren app",
    "tam biet",
)
STOCK = (
    "hello",
    "are you a bot?",
    "bye",
    "good morning",
    "am I talking to a human?",
    "see you later",
    "hey",
    "goodbye",
)
TURNS = len(OURS)
"""A conversation's length; both sides have as many sentences."""

BUSY = "Hệ thống đang bận"
"""How our answer to a turn that failed begins: a run that meets it measures nothing."""

START_FORM = "tôi quên mật khẩu"
CANCEL_FORM = "hủy"
ASKS_EMAIL = "email"
"""A word of the question that follows the code in the form."""
