"""Without a mouse, with an input method, and with a screen reader."""

import re
from typing import Any

from playwright.sync_api import Page, expect


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until `selector` has the focus; at most once around the page."""
    for _ in range(40):
        if page.locator(selector).evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")


def test_everything_can_be_done_with_the_keyboard_alone(chat: Any) -> None:
    page = chat.page
    tab_to(page, "#field")
    page.keyboard.type("tôi quên mật khẩu")
    page.keyboard.press("Enter")
    chat.expect_question_for("code")
    chat.settle()
    expect(chat.field).to_be_focused()

    before = chat.mine.count()
    page.keyboard.type("tôi không biết mã số")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(chat.mine).to_have_count(before + 1)
    expect(chat.field).to_be_focused()
    chat.settle()

    tab_to(page, "#end")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Kết thúc")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "#leave")
    page.keyboard.press("Enter")
    expect(chat.mine).to_have_count(0)
    expect(chat.bot.first).to_be_visible()


def test_a_choice_is_taken_with_the_keyboard_and_then_gone(chat: Any) -> None:
    chip = chat.log.get_by_role("button").first
    label = chip.inner_text()
    chip.focus()
    before = chat.bot.count()
    chat.page.keyboard.press("Enter")
    expect(chat.mine.first).to_contain_text(label)
    expect(chat.bot.nth(before)).to_be_visible()
    expect(chat.bot.first.locator(".chips")).to_be_hidden()
    assert chat.page.evaluate("document.activeElement !== document.body")


def test_enter_belongs_to_the_input_method_while_a_word_is_composed(chat: Any) -> None:
    page = chat.page
    chat.field.focus()
    browser = page.context.new_cdp_session(page)
    browser.send("Input.imeSetComposition", {"text": "chào", "selectionStart": 4, "selectionEnd": 4})
    page.keyboard.press("Enter")
    chat.field.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "bubbles": True})
    chat.field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    expect(chat.field).to_have_value(re.compile("chào"))
    browser.send("Input.insertText", {"text": "chào"})
    page.keyboard.type(" bạn")
    page.keyboard.press("Enter")
    expect(chat.mine).to_have_count(1)
    expect(chat.mine).to_contain_text("chào bạn")
    chat.settle()
    expect(chat.mine).to_have_count(1)


def test_a_screen_reader_hears_each_answer_once_and_the_log_stays_silent(chat: Any) -> None:
    page = chat.page
    expect(chat.log).to_have_attribute("aria-live", "off")
    assert page.locator("[aria-live]:not([aria-live=off])").count() == 1
    for doubled in ("[role=log] [aria-live]", "[aria-live] [role=log]", "[role=alert]", "[role=status]"):
        assert page.locator(doubled).count() == 0
    page.evaluate("window.announced.length = 0")
    chat.say("tôi quên mật khẩu")
    for said in chat.bot.locator(".text").all_inner_texts()[1:]:
        heard = page.evaluate("text => window.announced.filter((one) => one.includes(text)).length", said)
        assert heard == 1, said
    expect(page.locator("[aria-live=polite]")).to_be_empty()


def test_the_field_has_a_name_and_its_keyboard_follows_the_question(chat: Any) -> None:
    expect(chat.field).to_have_accessible_name("Tin nhắn của bạn")
    chat.say("tôi quên mật khẩu")
    expect(chat.field).to_have_accessible_name("Mã số BHXH")
    expect(chat.field).to_have_attribute("inputmode", "numeric")
    letters = chat.page.get_by_role("button", name="abc")
    if letters.is_visible():
        letters.click()
        chat.expect_question_for("text")
        expect(chat.field).to_be_focused()


def test_shift_and_enter_make_a_new_line_that_is_kept(chat: Any) -> None:
    chat.field.focus()
    chat.page.keyboard.type("xin chào")
    chat.page.keyboard.press("Shift+Enter")
    chat.page.keyboard.type("tôi cần giúp")
    expect(chat.field).to_have_value("xin chào\ntôi cần giúp")
    chat.page.keyboard.press("Enter")
    expect(chat.mine.locator(".text")).to_have_text("xin chào\ntôi cần giúp")
    assert "\n" in chat.mine.locator(".text").inner_text()
