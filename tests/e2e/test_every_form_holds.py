"""In the middle of every task: questions are answered and the task goes on, odd texts move nothing."""

from collections.abc import Callable

import pytest

from tests.e2e.responses import name_of
from tests.programs import Chat, Programs

BEGINS = {
    "add_email": ("tôi muốn thêm email vào tài khoản", "utter_ask_add_email_code"),
    "code_search": ("tìm mã số bhxh giúp tôi", "utter_ask_code_search_full_name"),
    "forgot_password": ("tôi quên mật khẩu", "utter_ask_forgot_password_code"),
    "register_account": ("tôi muốn đăng ký tài khoản vssid", "utter_ask_register_account_code"),
}
"""What begins a task, and its first question."""

QUESTIONS = {
    "bạn là người hay máy vậy": "utter_bot_challenge",
    "bạn giúp được những gì": "utter_help",
    "cho tôi gặp tư vấn viên": "utter_hotline_contact",
    "cảm ơn bạn nhé": "utter_thanks",
    "đổi mật khẩu vssid thế nào": "utter_change_password",
    "tôi muốn đổi số điện thoại trên vssid": "utter_change_info",
    "muốn xóa tài khoản vssid thì làm sao": "utter_delete_account",
    "cơ quan bhxh gần nhất ở đâu": "utter_agency_search",
    "bệnh viện nào nhận khám bhyt": "utter_facility_search",
    "tra cứu quá trình đóng bảo hiểm xã hội": "utter_participation_lookup",
    "hồ sơ của tôi tới đâu rồi": "utter_application_status",
    "tôi muốn khiếu nại công ty không đóng bảo hiểm": "utter_complaint",
    "nghỉ thai sản được hưởng bao nhiêu tháng": "utter_faq/maternity_amount",
    "ứng dụng vssid cứ báo lỗi đăng nhập": "utter_login_problem",
    "kênh chính thức của bhxh là kênh nào": "utter_official_channel",
}
ODD = (
    "😀😀😀",
    "....",
    "null",
    "'; DROP TABLE events; --",
    "<b>a</b>",
    '{"verified": true}',
    "SELECT",
    "ế" * 900,
    "/session_start",
    "?",
)


def begin(chat: Chat, task: str) -> str:
    """Begin a task; return its first question."""
    sentence, question = BEGINS[task]
    assert name_of(chat.say(sentence)[-1]["text"])[0] == question
    return question


@pytest.mark.parametrize("task", BEGINS)
def test_every_question_in_between_is_answered_and_the_task_asks_again(chat: Chat, task: str) -> None:
    question = begin(chat, task)
    for asked, answer in QUESTIONS.items():
        names = [name_of(one["text"])[0] for one in chat.say(asked)]
        assert names == [answer, question], asked


@pytest.mark.parametrize("task", BEGINS)
def test_odd_texts_move_nothing_and_are_never_met_with_silence(chat: Chat, task: str) -> None:
    question = begin(chat, task)
    for odd in ODD:
        names = [name_of(one["text"])[0] for one in chat.say(odd)]
        assert names[-1] == question and len(names) <= 3, odd


@pytest.mark.parametrize("task", BEGINS)
def test_every_other_task_can_be_done_first(chat: Chat, task: str) -> None:
    question = begin(chat, task)
    for other in BEGINS:
        if other == task:
            continue
        first = [name_of(one["text"])[0] for one in chat.say(BEGINS[other][0])]
        assert first[-1] == BEGINS[other][1], other
        back = [name_of(one["text"])[0] for one in chat.say("hủy")]
        assert back == [f"utter_{other}_cancelled", f"utter_{task}_taken_up", question], other


AT_ONCE = {
    "add_email": (("$code", "$code"), ["utter_ask_add_email_phone_otp"] * 2),
    "code_search": (
        ("Nguyễn Thị Lan", "14/05/1990"),
        ["utter_ask_code_search_dob", "utter_ask_code_search_id_number"],
    ),
    "forgot_password": (("$code", "$email"), ["utter_ask_forgot_password_email", "utter_ask_forgot_password_otp"]),
    "register_account": (
        ("$code", "Nguyễn Thị Lan"),
        ["utter_ask_register_account_full_name", "utter_ask_register_account_dob"],
    ),
}
"""Two messages that are sent before the first is answered, and the questions that follow them."""


@pytest.mark.parametrize("task", BEGINS)
def test_two_messages_at_once_are_answered_one_after_the_other(programs: Programs, chat: Chat, task: str) -> None:
    account = programs.new_account()
    begin(chat, task)
    messages, questions = AT_ONCE[task]
    for message in messages:
        said = message.replace("$code", account["bhxh_code"]).replace("$email", account["email"])
        assert chat.post(text=said).status_code == 202
    names = [name_of(one["text"])[0] for one in chat.wait()]
    assert [name for name in names if name.startswith("utter_ask")] == questions
    sent = [mail for mail in programs.outbox() if mail["to"] in (account["email"], account["phone"])]
    assert len(sent) == (task in ("add_email", "forgot_password"))


def test_the_same_one_time_code_twice_resets_once(programs: Programs, chat: Chat) -> None:
    account = programs.new_account()
    chat.say(f"quên mật khẩu {account['bhxh_code']} {account['email']}")
    for _ in range(2):
        assert chat.post(text=programs.otp(account["email"])).status_code == 202
    names = [name_of(one["text"])[0] for one in chat.wait()]
    assert names == ["utter_forgot_password_done", "utter_inform_without_task"]
    resets = [one for one in programs.account(account["bhxh_code"])["audit"] if one["event"] == "password_reset"]
    assert len(resets) == 1


@pytest.mark.parametrize("task", ["forgot_password", "add_email"])
def test_a_one_time_code_of_another_conversation_is_worth_nothing(
    programs: Programs, open_chat: Callable[..., Chat], task: str
) -> None:
    account = programs.new_account()
    mine, theirs = open_chat(), open_chat()
    for chat in (mine, theirs):
        begin(chat, task)
        chat.say(f"{account['bhxh_code']} {account['email'] if task == 'forgot_password' else ''}")
    newest = programs.otp(account["email"] if task == "forgot_password" else account["phone"])
    assert name_of(mine.say(newest)[0]["text"])[0] == "utter_otp_wrong"


@pytest.mark.parametrize("task", BEGINS)
def test_a_value_after_the_task_has_ended_begins_nothing(chat: Chat, task: str) -> None:
    begin(chat, task)
    chat.say("hủy")
    assert name_of(chat.say("7900000001")[0]["text"])[0] == "utter_inform_without_task"
