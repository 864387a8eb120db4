"""What is typed stays text, and nothing leaves for strangers."""

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.parametrize("browser_context", ["phone"], indirect=True)

MARKUP = '<img src=x onerror="document.title=1"><b>đậm</b> <script>document.title=1</script>'
BREAK_THE_POLICY = """() => new Promise((seen) => {
  document.addEventListener('securitypolicyviolation', () => seen(), { once: true });
  const style = document.createElement('style');
  style.textContent = 'p { color: red }';
  document.body.append(style);
})"""


def test_markup_that_is_typed_is_shown_as_text(chat: Any) -> None:
    chat.say(MARKUP)
    expect(chat.mine.first).to_contain_text(MARKUP)
    assert chat.log.locator("img, b, script").count() == 0
    chat.page.reload()
    expect(chat.mine.first).to_contain_text(MARKUP)
    assert chat.log.locator("img, b, script").count() == 0
    assert chat.page.title() == "Trợ lý VssID"


def test_the_page_keeps_its_own_policy_and_calls_no_other_host(chat: Any, programs: Any, watch: Any) -> None:
    page = chat.page
    answer = page.goto(programs.chat_url)
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    chat.settle()
    chat.say("tôi quên mật khẩu")
    page.get_by_role("button", name="Kết thúc").click()
    page.get_by_role("dialog").get_by_role("button", name="Ở lại").click()
    # the check itself works: an inline style is refused, and seen
    page.evaluate(BREAK_THE_POLICY)
    assert page.evaluate("window.violations.splice(0).length") == 1
    assert len(watch.found()) == 1
    watch.problems.clear()


def test_every_link_leads_to_a_safe_place(chat: Any) -> None:
    chat.say("tôi quên mật khẩu")
    for link in chat.log.get_by_role("link").all():
        address = link.get_attribute("href") or ""
        assert address.startswith(("https://", "tel:", "http://127.0.0.1:", "http://localhost:")), address
        assert link.get_attribute("rel") == "noopener noreferrer"


def test_nothing_but_the_language_is_kept_in_the_browser(chat: Any, programs: Any) -> None:
    chat.say("tôi quên mật khẩu")
    chat.say(programs.new_account()["bhxh_code"])
    kept = chat.page.evaluate("({...localStorage, ...sessionStorage})")
    assert set(kept) <= {"chat.lang"}
    assert chat.page.evaluate("document.cookie") == ""


def test_the_privacy_sentence_leads_to_the_notice(chat: Any) -> None:
    chat.say("tôi quên mật khẩu")
    with chat.page.expect_popup() as opened:
        chat.log.get_by_role("link", name="Quyền riêng tư").click()
    expect(opened.value.get_by_role("heading", level=1).first).to_be_visible()
    expect(opened.value.get_by_text("1900 9068").first).to_be_visible()
