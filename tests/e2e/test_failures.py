"""Programs are really killed in the middle of a conversation: people are told, and nothing is done unverified."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.e2e.responses import name_of
from tests.programs import Chat, Programs


def names(bubbles: list[dict[str, Any]]) -> list[str]:
    """Return the responses these bubbles are."""
    return [name_of(bubble["text"])[0] for bubble in bubbles]


def resets(programs: Programs, account: dict[str, Any]) -> int:
    """Return how often an account's password was reset."""
    return sum(one["event"] == "password_reset" for one in programs.account(account["bhxh_code"])["audit"])


def finish(programs: Programs, chat: Chat, account: dict[str, Any]) -> None:
    """Go on from the question for the email to the end."""
    assert names(chat.say(account["email"])) == ["utter_forgot_password_otp_sent", "utter_ask_forgot_password_otp"]
    assert names(chat.say(programs.otp(account["email"]))) == ["utter_forgot_password_done"]
    assert resets(programs, account) == 1


@pytest.mark.parametrize("part", ["actions", "backend"])
def test_a_task_does_not_begin_while_a_program_is_dead(programs: Programs, open_chat: Callable[..., Chat], part: str) -> None:
    """The person hears one sentence, and the same words work once the program is back."""
    account = programs.new_account()
    chat = open_chat()
    with programs.without(part):
        assert names(chat.say("tôi quên mật khẩu")) == ["utter_system_busy"]
        assert names(chat.say("bạn là người hay máy?")) == ["utter_bot_challenge"]
    assert names(chat.say("tôi quên mật khẩu")) == ["utter_privacy", "utter_ask_forgot_password_code"]
    assert names(chat.say(account["bhxh_code"])) == ["utter_ask_forgot_password_email"]
    finish(programs, chat, account)


@pytest.mark.parametrize("part", ["actions", "backend"])
def test_a_form_goes_on_where_it_was_after_a_program_died(programs: Programs, open_chat: Callable[..., Chat], part: str) -> None:
    """What was typed during the outage fills nothing and finishes nothing: the form asks for it again."""
    account = programs.new_account()
    chat = open_chat()
    chat.say("tôi quên mật khẩu")
    with programs.without(part):
        assert names(chat.say(account["bhxh_code"]))[0] == "utter_system_busy"
        assert names(chat.say(account["email"]))[0] == "utter_system_busy"
        assert names(chat.say("123456"))[0] == "utter_system_busy"
    assert names(chat.say("xin chào")) == ["utter_ask_forgot_password_code"]
    assert resets(programs, account) == 0
    assert names(chat.say(account["bhxh_code"])) == ["utter_ask_forgot_password_email"]
    finish(programs, chat, account)


def test_a_right_code_during_an_outage_completes_nothing(programs: Programs, open_chat: Callable[..., Chat]) -> None:
    """Not even the right one-time code counts while the backend is dead, and it still counts afterwards."""
    account = programs.new_account()
    chat = open_chat()
    chat.say(f"quên mật khẩu {account['bhxh_code']} {account['email']}")
    otp = programs.otp(account["email"])
    with programs.without("backend"):
        assert names(chat.say(otp))[0] == "utter_system_busy"
        assert "utter_forgot_password_done" not in names(chat.say("xong chưa"))
    assert resets(programs, account) == 0
    assert names(chat.say(otp)) == ["utter_forgot_password_done"]
    assert resets(programs, account) == 1


def test_a_conversation_survives_the_death_of_rasa(programs: Programs, open_chat: Callable[..., Chat]) -> None:
    """History, cookie and form are on disk; a message that was under way is asked for again."""
    account = programs.new_account()
    chat = open_chat()
    chat.say("tôi quên mật khẩu")
    chat.say(account["bhxh_code"])
    httpx.post(f"{programs.backend_url}/demo/fail", json={"part": "backend", "mode": "hang", "seconds": 20}, trust_env=False)
    assert chat.post(text="bạn ơi").status_code == 202
    programs.kill("rasa")
    httpx.post(f"{programs.backend_url}/demo/fail", json={"part": "backend", "mode": "hang", "seconds": 0}, trust_env=False)
    programs.start("rasa")
    assert names(chat.wait()) == ["utter_message_lost"]
    finish(programs, chat, account)


@pytest.mark.parametrize(
    ("part", "mode"),
    [("actions", "garbage"), ("actions", "down"), ("backend", "garbage"), ("database", "down"), ("backend", "hang")],
)
def test_a_misbehaving_program_is_told_within_six_seconds(
    programs: Programs, open_chat: Callable[..., Chat], part: str, mode: str
) -> None:
    """Hanging and babbling programs count as dead ones."""
    chat = open_chat()
    fault = {"part": part, "mode": mode, "seconds": 60}
    httpx.post(f"{programs.backend_url}/demo/fail", json=fault, trust_env=False).raise_for_status()
    try:
        bubbles = chat.say("tôi quên mật khẩu")
    finally:
        httpx.post(f"{programs.backend_url}/demo/fail", json={**fault, "seconds": 0}, trust_env=False).raise_for_status()
    assert names(bubbles) == ["utter_system_busy"]


def test_a_hanging_action_server_is_given_up_long_before_the_turn_is(programs: Programs, open_chat: Callable[..., Chat]) -> None:
    """The call has its own deadline (5 s); without it people would wait for the turn's (25 s)."""
    chat = open_chat()
    fault = {"part": "actions", "mode": "hang", "seconds": 60}
    httpx.post(f"{programs.backend_url}/demo/fail", json=fault, trust_env=False).raise_for_status()
    started = time.monotonic()
    try:
        bubbles = chat.say("tôi quên mật khẩu")
    finally:
        httpx.post(f"{programs.backend_url}/demo/fail", json={**fault, "seconds": 0}, trust_env=False).raise_for_status()
    assert names(bubbles) == ["utter_system_busy"]
    assert time.monotonic() - started < 15
    assert names(chat.say("tôi quên mật khẩu")) == ["utter_privacy", "utter_ask_forgot_password_code"]
