"""Accessibility rules of WCAG 2.2 AA, checked by axe-core at every kind of moment, in both themes and languages."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}


def violations(page: Page) -> list[str]:
    """What axe finds, as rule and place."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(chat: Any, programs: Any, theme: Any, lang: str) -> None:
    page = chat.page
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # colours that fade are measured half way
    if lang == "en":
        page.get_by_role("button", name="EN").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
    assert violations(page) == [], "greeting"
    chat.say("tôi quên mật khẩu" if lang == "vi" else "I forgot my password")
    assert violations(page) == [], "question with choices"
    chat.say(f"{programs.new_account()['bhxh_code']} a@example.com")
    assert violations(page) == [], "one-time code"
    page.get_by_role("button", name="Câu trả lời chưa hữu ích" if lang == "vi" else "This answer did not help").click()
    assert violations(page) == [], "reasons"
    page.context.set_offline(True)
    chat.write("alo")
    expect(page.get_by_role("button", name="Gửi lại" if lang == "vi" else "Send again", exact=True)).to_be_visible()
    assert violations(page) == [], "a message that failed"
    page.context.set_offline(False)
    page.locator("#end").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == [], "dialog"


@pytest.fixture(autouse=True)
def _forgiven(watch: Any) -> None:
    watch.forgiven.append("ERR_INTERNET_DISCONNECTED|ERR_NETWORK|ERR_INCOMPLETE|ERR_FAILED")
