"""Reloads, lost connections, languages."""

from typing import Any

from playwright.sync_api import Route, expect


def test_a_reload_in_the_middle_keeps_the_history_and_the_question(chat: Any, programs: Any) -> None:
    account = programs.new_account()
    chat.say("tôi quên mật khẩu")
    chat.expect_question_for("code")
    chat.say(account["bhxh_code"])
    chat.expect_question_for("email")
    bot, mine = chat.bot.count(), chat.mine.count()

    chat.page.reload()
    chat.expect_question_for("email")
    expect(chat.bot).to_have_count(bot)
    expect(chat.mine).to_have_count(mine)
    assert account["bhxh_code"] not in chat.log.inner_text()

    chat.say(account["email"])
    chat.expect_question_for("otp")
    expect(chat.field).to_have_attribute("autocomplete", "one-time-code")


def test_the_language_is_switched_for_page_and_bot_and_remembered(chat: Any) -> None:
    page = chat.page
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    greeted = chat.bot.count()
    with page.expect_response("**/chat/api/session"):
        page.get_by_role("button", name="EN").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="VssID Assistant")).to_be_visible()
    expect(chat.field).to_have_accessible_name("Your message")
    expect(chat.bot).to_have_count(greeted)
    chat.say("I forgot my password")
    expect(chat.bot.last.locator(".text")).to_have_attribute("lang", "en")

    page.reload()
    expect(page.get_by_role("heading", name="VssID Assistant")).to_be_visible()
    page.get_by_role("button", name="VI").click()
    expect(page.get_by_role("heading", name="Trợ lý VssID")).to_be_visible()


def test_a_message_that_failed_offline_is_sent_again_once(chat: Any, watch: Any) -> None:
    watch.forgiven.append("ERR_INTERNET_DISCONNECTED|ERR_NETWORK|ERR_INCOMPLETE|ERR_FAILED")
    page = chat.page
    page.context.set_offline(True)
    chat.write("xin chào")
    again = page.get_by_role("button", name="Gửi lại", exact=True)
    expect(again).to_be_visible()
    expect(page.locator("#status")).to_have_text("Mất kết nối, đang thử lại…")

    page.context.set_offline(False)
    expect(page.locator("#status")).not_to_have_text("Mất kết nối, đang thử lại…")
    before = chat.bot.count()
    again.click()
    expect(chat.bot.nth(before)).to_be_visible()
    chat.settle()
    expect(again).to_have_count(0)
    expect(chat.mine).to_have_count(1)
    page.reload()
    expect(chat.bot.nth(before)).to_be_visible()
    expect(chat.mine).to_have_count(1)


def test_a_message_whose_answer_was_lost_is_not_doubled(chat: Any, watch: Any) -> None:
    watch.forgiven.append("ERR_FAILED")
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.request.post_data or "")
            route.fetch()
            route.abort()
        else:
            route.fallback()

    chat.page.route("**/chat/api/messages", lose_the_first_answer)
    chat.say("xin chào")
    assert lost
    expect(chat.mine).to_have_count(1)
    bot = chat.bot.count()
    chat.page.reload()
    expect(chat.bot).to_have_count(bot)
    expect(chat.mine).to_have_count(1)


def test_an_ended_conversation_is_forgotten(chat: Any) -> None:
    page = chat.page
    chat.say("tôi quên mật khẩu")
    page.get_by_role("button", name="Kết thúc").click()
    with page.expect_response("**/chat/api/end") as answer:
        page.get_by_role("dialog").get_by_role("button", name="Kết thúc").click()
    assert answer.value.status == 204
    expect(chat.mine).to_have_count(0)
    expect(chat.bot.first).to_be_visible()
    chat.expect_question_for("text")
    page.reload()
    expect(chat.bot.first).to_be_visible()
    expect(chat.mine).to_have_count(0)


def test_an_old_answer_about_typing_does_not_outlive_a_newer_event(chat: Any) -> None:
    """A turn takes milliseconds: it may end while the page still waits for an answer that was given before."""
    page, held = chat.page, []

    def hold(route: Route) -> None:
        if held:
            route.fallback()
        else:
            held.append(route)

    page.route("**/chat/api/messages?after=*", hold)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_timeout(200)
    chat.say("xin chào")
    assert held, "the page asked for what it may have missed"
    held[0].fulfill(json={"messages": [], "typing": True})
    page.wait_for_timeout(300)
    expect(page.locator("#typing")).to_be_hidden()
