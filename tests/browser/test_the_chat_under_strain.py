"""What people complain about in other chats: keyboards, sleep, reloads, duplicates, silence, dead connections, large text."""

import gzip
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

PAGE = Path(__file__).parents[2] / "assistant/channels/page"
LONG_TASK_MS = 100
MANY = 500


def test_the_newest_message_and_the_field_stay_in_sight_when_a_keyboard_takes_half_the_screen(chat: Any) -> None:
    """D3 1."""
    page = chat.page
    chat.say("tôi quên mật khẩu")
    width = page.viewport_size["width"]
    page.set_viewport_size({"width": width, "height": 380})
    for part in (chat.bot.last.locator(".text"), chat.field):
        expect(part).to_be_in_viewport()
    assert float(page.evaluate("parseFloat(getComputedStyle(document.querySelector('#field')).fontSize)")) >= 16


def test_what_was_said_while_the_phone_slept_is_there_when_it_wakes(chat: Any, programs: Any, watch: Any) -> None:
    """D3 2: the stream is dead, and another page of the same person has gone on."""
    watch.forgiven.append("ERR_FAILED")
    page = chat.page
    other = page.context.new_page()
    page.route("**/chat/api/events*", lambda route: route.abort())
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    other.goto(programs.chat_url)
    other.get_by_role("textbox").fill("tôi quên mật khẩu")
    other.get_by_role("textbox").press("Enter")
    expect(other.locator("[data-from=bot]").nth(2)).to_be_visible()
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(chat.mine).to_have_count(1)
    expect(chat.bot.nth(2)).to_be_visible()


def test_two_tabs_show_the_same_conversation_without_a_double(chat: Any, programs: Any) -> None:
    """D3 3."""
    other = chat.page.context.new_page()
    other.goto(programs.chat_url)
    expect(other.locator("[data-from=bot]").first).to_be_visible()
    chat.say("xin chào")
    count = chat.bot.count()
    expect(other.locator("[data-from=bot]")).to_have_count(count)
    expect(other.locator("[data-from=me]")).to_have_count(1)
    other.get_by_role("textbox").fill("cảm ơn")
    other.get_by_role("textbox").press("Enter")
    expect(chat.mine).to_have_count(2)
    expect(chat.bot).to_have_count(count + 1)


def test_the_back_button_and_forth_keep_everything_and_greet_nobody_again(chat: Any, programs: Any) -> None:
    """D3 3 and 4."""
    page = chat.page
    chat.say("tôi quên mật khẩu")
    bot = chat.bot.all_inner_texts()
    page.goto(f"{programs.chat_url}privacy.html")
    page.go_back()
    expect(chat.bot).to_have_count(len(bot))
    expect(chat.mine).to_have_count(1)


def test_an_answer_that_was_cut_off_by_the_network_arrives_once(chat: Any, watch: Any) -> None:
    """D3 2, 6: offline in the middle of a turn, told, and back without a touch."""
    watch.forgiven.append("ERR_INTERNET_DISCONNECTED|ERR_NETWORK|ERR_INCOMPLETE|ERR_FAILED")
    page = chat.page
    before = chat.bot.count()
    with page.expect_response("**/chat/api/messages"):
        chat.write("tôi quên mật khẩu")
    page.context.set_offline(True)
    expect(page.locator("#status")).to_have_attribute("data-state", "lost")
    assert page.evaluate("window.announced.some((one) => one.includes('Mất kết nối'))"), "it is said, not only shown"
    page.context.set_offline(False)
    expect(page.locator("#status")).to_have_attribute("data-state", "ready")
    expect(chat.bot).to_have_count(before + 2)
    expect(chat.mine).to_have_count(1)


def test_a_page_without_events_still_gets_every_answer(chat: Any, watch: Any) -> None:
    """D3 7: a proxy that lets no stream through."""
    watch.forgiven.append("status of 502")
    page = chat.page
    page.route("**/chat/api/events*", lambda route: route.fulfill(status=502))
    page.reload()
    expect(chat.bot.first).to_be_visible()
    chat.say("xin chào")
    expect(page.locator("#status")).to_have_attribute("data-state", "ready")


def test_every_button_has_a_name(chat: Any) -> None:
    """D3 6."""
    chat.say("tôi quên mật khẩu")
    for button in chat.page.get_by_role("button").all():
        expect(button).to_have_accessible_name(re.compile(r"\S"))


def test_a_slow_network_shows_that_something_happens(chat: Any) -> None:
    def slowly(route: Route) -> None:
        time.sleep(1.5)
        route.continue_()

    chat.page.route("**/chat/api/messages", slowly)
    chat.write("xin chào")
    expect(chat.mine.last).to_contain_text("Đang gửi…")
    chat.settle()
    expect(chat.mine).to_have_count(1)


def test_an_expired_cookie_keeps_what_was_just_written(chat: Any, watch: Any) -> None:
    watch.forgiven.append("status of 401")
    page = chat.page
    chat.say("tôi quên mật khẩu")
    page.context.clear_cookies()
    chat.write("mã số của tôi đây")
    expect(chat.log.locator(".note")).to_be_visible()
    expect(chat.field).to_have_value("mã số của tôi đây")


def show_a_long_history(page: Page, programs: Any) -> float:
    """Open the page with a history of 500 messages; return its longest task in milliseconds."""
    messages = [
        {"seq": n, "from": "bot" if n % 2 else "user", "text": f"Câu số {n}: " + "bảo hiểm " * 12, "choices": [], "links": [],
         "input": "text", "at": "2026-11-22T10:00:00+00:00"}
        for n in range(1, MANY + 1)
    ]  # fmt: skip
    page.route("**/chat/api/session", lambda route: route.fulfill(json={"messages": messages, "lang": "vi"}))
    page.route("**/chat/api/messages*", lambda route: route.fulfill(json={"messages": [], "typing": False}))
    page.route("**/chat/api/events*", lambda route: route.fulfill(status=204))
    page.add_init_script(
        "window.busy = []; new PerformanceObserver((list) => window.busy.push(...list.getEntries()"
        ".map((one) => one.duration))).observe({ type: 'longtask', buffered: true });"
    )
    page.goto(programs.chat_url)
    expect(page.locator("#log > div")).to_have_count(MANY)
    expect(page.locator("#log > div").last).to_be_in_viewport()
    return float(page.evaluate("Math.max(0, ...window.busy)"))


def test_a_history_of_five_hundred_messages_is_shown_to_its_end(page: Page, programs: Any) -> None:
    show_a_long_history(page, programs)


@pytest.mark.prove
def test_a_history_of_five_hundred_messages_never_stops_the_page(page: Page, programs: Any) -> None:
    """On a quiet machine."""
    longest = show_a_long_history(page, programs)
    sys.stdout.write(f"longest task {longest:.0f} ms\n")
    assert longest < LONG_TASK_MS


def test_text_twice_as_large_still_fits(chat: Any) -> None:
    page = chat.page
    chat.say("tôi quên mật khẩu")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), "nothing is cut off sideways"
    expect(chat.field).to_be_in_viewport()


def test_the_page_can_be_installed(page: Page, programs: Any) -> None:
    manifest = page.request.get(f"{programs.chat_url}manifest.webmanifest").json()
    assert manifest["display"] == "standalone" and manifest["icons"] and manifest["start_url"]


def test_everything_that_the_page_loads_is_less_than_forty_kilobytes() -> None:
    files = [file for file in PAGE.iterdir() if file.suffix in (".html", ".css", ".js", ".svg", ".webmanifest")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < 40_000


def test_thumbs_and_a_reason_are_sent_once(chat: Any) -> None:
    page = chat.page
    chat.say("xin chào")
    page.get_by_role("button", name="Câu trả lời chưa hữu ích").click()
    with page.expect_request("**/chat/api/feedback") as sent:
        page.get_by_role("button", name="Khó hiểu").click()
    assert sent.value.post_data_json["up"] is False and sent.value.post_data_json["reason"] == "Khó hiểu"
    expect(chat.log.get_by_text("Cảm ơn bạn đã góp ý.")).to_be_visible()
    expect(page.get_by_role("button", name="Khó hiểu")).to_have_count(0)


def test_the_conversation_can_be_printed_without_the_page_around_it(chat: Any) -> None:
    page = chat.page
    chat.say("tôi quên mật khẩu")
    page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1; }; }")
    page.get_by_role("button", name="In hoặc lưu cuộc trò chuyện").click()
    assert page.evaluate("window.printed") == 1
    page.emulate_media(media="print")
    expect(chat.bot.last.locator(".text")).to_be_visible()
    for part in ("#composer", "#end", ".chips", ".thumbs"):
        expect(page.locator(part).first).to_be_hidden()
