"""The simulated telephone: a maintainer calls the hotline in a browser, keys, hears and sees what it costs."""

import itertools
import re
import shutil
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_the_chat_and_axe import violations

people = itertools.count(1)


@pytest.fixture
def somebody(page: Page, programs: Any) -> tuple[Page, str]:
    """The page with somebody's number in it, and their code."""
    number = next(people)  # a number may reset three times a day
    person = programs.new_account(bhxh_code=f"79558{number:05d}", phone=f"09755{number + 80000:05d}")
    page.goto(f"{programs.base_url}/webhooks/hotline/telephone")
    page.get_by_label("Số gọi đến").fill(person["phone"])
    return page, person["bhxh_code"]


def press(page: Page, keys: str) -> None:
    """Press keys on the pad."""
    for key in keys:
        page.get_by_role("button", name=key, exact=True).click()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_whole_call_by_keys(somebody: tuple[Page, str], theme: Any) -> None:
    telephone, code = somebody
    telephone.emulate_media(color_scheme=theme)
    assert violations(telephone) == [], "before the call"
    telephone.get_by_role("button", name="Gọi", exact=True).click()
    log = telephone.get_by_role("log")
    expect(log).to_contain_text("bấm 8")
    expect(telephone.locator("#fee")).to_have_text("1.000 đ")
    press(telephone, "8")
    expect(log).to_contain_text("Mời bấm 10 số")
    assert violations(telephone) == [], "in the call"
    press(telephone, code)
    expect(log.locator("p.digits")).to_have_count(2)
    digits = [re.sub(r"\D", "", text) for text in log.locator("p.digits").all_inner_texts()]
    assert digits[0] == digits[1] and len(digits[0]) == 8
    expect(log).to_contain_text("Cuộc gọi kết thúc")
    expect(telephone.get_by_role("button", name="Gọi", exact=True)).to_be_enabled()


def test_a_call_by_words_that_the_caller_ends(somebody: tuple[Page, str]) -> None:
    telephone, _ = somebody
    telephone.get_by_role("button", name="Gọi", exact=True).click()
    expect(telephone.get_by_role("log")).to_contain_text("bấm 8")
    telephone.get_by_label("Hoặc nói").fill("tôi quên mật khẩu")
    telephone.get_by_role("button", name="Nói", exact=True).click()
    expect(telephone.get_by_role("log")).to_contain_text("Mời bấm 10 số")
    telephone.get_by_role("button", name="Gác máy").click()
    expect(telephone.get_by_role("log")).to_contain_text("Bạn đã gác máy")


def test_what_is_said_can_be_heard(somebody: tuple[Page, str]) -> None:
    telephone, _ = somebody
    if shutil.which("espeak-ng") is None:
        pytest.skip("no espeak-ng; install it to hear the simulated telephone")
    telephone.get_by_role("button", name="Gọi", exact=True).click()
    with telephone.expect_response(re.compile("/telephone/voice$")) as answer:
        telephone.get_by_role("button", name="Nghe").first.click()
    assert answer.value.status == 200 and answer.value.body()[:4] == b"RIFF" and len(answer.value.body()) > 40_000
    expect(telephone.get_by_role("button", name="Nghe").first).to_be_enabled()
