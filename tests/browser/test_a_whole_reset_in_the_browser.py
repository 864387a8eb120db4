"""From "I forgot my password" in the chat to a login with an own new password."""

import re
import secrets
from typing import Any

from playwright.sync_api import Locator, Page, expect

WORDS = "tôi quên mật khẩu"


def newest_mail(programs: Any, to: str, pattern: str) -> str:
    """The first group of `pattern` in the newest mail to `to` that has it."""
    for mail in programs.outbox():
        found = re.search(pattern, mail["body"], re.MULTILINE)
        if mail["channel"] == "email" and mail["to"] == to and found:
            return str(found[1])
    raise AssertionError(f"no mail to {to} with {pattern}")


def secret_fields(page: Page, label: str) -> Locator:
    return page.locator("input[type=password]").and_(page.get_by_label(re.compile(label, re.IGNORECASE)))


def log_in(page: Page, url: str, code: str, password: str) -> None:
    page.goto(url)
    page.get_by_label(re.compile("mã số", re.IGNORECASE)).fill(code)
    secret_fields(page, "mật khẩu").fill(password)
    page.get_by_role("button", name=re.compile("đăng nhập", re.IGNORECASE)).click()


def test_a_password_reset_in_the_chat_is_replaced_at_the_first_login(chat: Any, programs: Any) -> None:
    account = programs.new_account()
    code, email = account["bhxh_code"], account["email"]

    chat.say(WORDS)
    chat.expect_question_for("code")
    chat.say(code)
    chat.expect_question_for("email")
    chat.say(email)
    chat.expect_question_for("otp")
    chat.say(newest_mail(programs, email, r"(?<!\d)(\d{6})(?!\d)"))
    chat.expect_question_for("text")

    temporary = newest_mail(programs, email, r"^ {2,}(\S{8,})$")
    shown = chat.log.inner_text()
    assert temporary not in shown and code not in shown and email not in shown

    page, login = chat.page, f"{programs.backend_url}/account/login"
    log_in(page, login, code, temporary)
    page.wait_for_url("**/account/password*")
    new = f"vuon-{secrets.token_hex(6)}-xoai"
    current = secret_fields(page, "tạm thời|hiện tại|đang dùng|cũ")
    if current.count():
        current.first.fill(temporary)
    for field in secret_fields(page, "mật khẩu mới|nhập lại").all():
        field.fill(new)
    page.get_by_role("button", name=re.compile("đổi|lưu|đặt", re.IGNORECASE)).click()
    expect(page).not_to_have_url(re.compile("/account/password"))

    page.context.clear_cookies()
    log_in(page, login, code, new)
    expect(page).to_have_url(re.compile(r"/account/?(\?.*)?$"))
    expect(page.get_by_role("button", name=re.compile("đăng xuất", re.IGNORECASE))).to_be_visible()
