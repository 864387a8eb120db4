"""A login on a second device, typed by a person in a browser that runs no script."""

import re
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def second(chromium: Browser) -> Iterator[Page]:
    """A page of another device, without JavaScript."""
    context = chromium.new_context(**PHONE, locale="vi-VN", java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def first(chromium: Browser) -> Iterator[Page]:
    """A page of the device that was there before."""
    context = chromium.new_context(locale="vi-VN")
    yield context.new_page()
    context.close()


def log_in(page: Page, programs: Any, code: str, password: str) -> None:
    page.goto(f"{programs.backend_url}/account/login")
    page.get_by_label(re.compile("mã số", re.IGNORECASE)).fill(code)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()


def newest_code(programs: Any) -> str:
    body = next(one["body"] for one in programs.outbox() if one["channel"] == "sms" and "thiet bi moi" in one["body"])
    return re.findall(r"(?<!\d)\d{6}(?!\d)", body)[0]


def test_a_second_device_asks_for_a_code_and_the_first_learns_why_it_was_left(first: Page, second: Page, programs: Any) -> None:
    password = f"vuon-{secrets.token_hex(6)}-xoai"
    account = programs.new_account(password=password)
    log_in(first, programs, account["bhxh_code"], password)
    expect(first.get_by_role("button", name="Đăng xuất")).to_be_visible()

    log_in(second, programs, account["bhxh_code"], password)
    expect(second).to_have_url(re.compile("/account/device"))
    expect(second.get_by_text(f"••• {account['phone'][-3:]}")).to_be_visible()
    field = second.get_by_label("Mã xác thực")
    expect(field).to_have_attribute("inputmode", "numeric")
    expect(field).to_have_attribute("autocomplete", "one-time-code")
    # Nothing is wider than the screen, and what is pressed is large enough for a thumb.
    for box in (one.bounding_box() for one in (field, *second.get_by_role("button").all())):
        assert box and box["height"] >= 44 and box["x"] >= 0
        assert box["x"] + box["width"] <= second.viewport_size["width"]  # type: ignore[index]

    code = newest_code(programs)
    field.fill("111111" if code != "111111" else "222222")
    field.press("Enter")
    expect(second.get_by_role("alert")).to_contain_text("bạn còn 2 lần thử")
    second.get_by_role("button", name="Gửi lại mã").click()
    expect(second.get_by_role("alert")).to_contain_text("Hãy đợi")
    first.reload()
    expect(first.get_by_role("button", name="Đăng xuất")).to_be_visible()

    second.get_by_label("Mã xác thực").fill(code)
    second.get_by_label("Mã xác thực").press("Enter")
    expect(second.get_by_role("button", name="Đăng xuất")).to_be_visible()
    first.reload()
    expect(first.get_by_text("vừa đăng nhập trên thiết bị khác")).to_be_visible()
    second.reload()
    expect(second.get_by_role("button", name="Đăng xuất")).to_be_visible()
