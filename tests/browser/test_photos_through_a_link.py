"""Three photos through an upload link in a real browser, which needs no script for it."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.registration import Registration

SHOTS = os.environ.get("SCREENSHOTS", "")  # a folder; without it nothing is kept
LABELS = {"face": "khuôn mặt", "id_front": "mặt trước", "id_back": "mặt sau"}


@pytest.fixture
def registration(programs: Any) -> Any:
    """Somebody who has just been sent a link."""
    made = Registration(programs)
    yield made
    made.close()


def picture(folder: Path, name: str, size: tuple[int, int] = (900, 600)) -> Path:
    """A picture on the person's device."""
    path = folder / name
    Image.effect_noise(size, 60).convert("RGB").save(path)
    return path


def choose(page: Page, kind: str, path: Path) -> None:
    page.get_by_label(re.compile(LABELS[kind], re.IGNORECASE)).set_input_files(path)


def press(page: Page) -> None:
    page.get_by_role("button", name="Gửi ảnh").click()


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        width = (page.viewport_size or {"width": 0})["width"]
        page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)


def test_three_photos_are_sent_one_is_refused_and_sent_again(
    page: Page, registration: Registration, tmp_path: Path, watch: Any
) -> None:
    watch.forgiven.append("422")  # the page that says which photo was not taken
    link = registration.link()
    page.goto(link)
    shoot(page, "upload-form")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    choose(page, "face", picture(tmp_path, "face.jpg"))
    choose(page, "id_front", picture(tmp_path, "front.png", (90, 60)))
    press(page)
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("Ảnh quá nhỏ")).to_be_visible()
    expect(page.get_by_label(re.compile("mặt trước", re.IGNORECASE))).to_have_attribute("aria-invalid", "true")
    shoot(page, "upload-refused")
    assert registration.call("GET", "")["photos"] == ["face"]

    choose(page, "id_front", picture(tmp_path, "front.webp"))
    choose(page, "id_back", picture(tmp_path, "back.png"))
    press(page)
    expect(page.get_by_role("heading")).to_have_text("Đã nhận đủ 3 ảnh")
    shoot(page, "upload-done")
    assert registration.call("GET", "")["photos"] == ["face", "id_front", "id_back"]

    watch.forgiven.append("404")
    page.goto(link)
    expect(page.get_by_role("alert")).to_contain_text("liên kết mới")
    shoot(page, "upload-gone")


def test_the_page_changes_its_language_and_keeps_the_link(page: Page, registration: Registration) -> None:
    page.goto(registration.link())
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading")).to_have_text("Send your photos")
    shoot(page, "upload-english")
    page.get_by_role("link", name="Tiếng Việt").click()
    expect(page.get_by_role("heading")).to_have_text("Gửi ảnh hồ sơ")


def test_another_site_cannot_post_with_a_leaked_link(page: Page, registration: Registration, watch: Any) -> None:
    watch.forgiven.append("403")
    link = registration.link()
    page.goto("about:blank")
    form = f'<form method="post" enctype="multipart/form-data" action="{link}"><button>x</button></form>'
    page.set_content(form)
    page.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("chưa được gửi từ trang này")
    page.get_by_role("link", name="Mở lại trang gửi ảnh").click()
    expect(page.get_by_role("heading")).to_have_text("Gửi ảnh hồ sơ")


def test_the_page_needs_no_script(chromium: Browser, registration: Registration, tmp_path: Path) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(registration.link())
    for kind in LABELS:
        choose(page, kind, picture(tmp_path, f"{kind}.jpg"))
    press(page)
    expect(page.get_by_role("heading")).to_have_text("Đã nhận đủ 3 ảnh")
    context.close()
