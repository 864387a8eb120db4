"""Three photos of a registration on the chat page itself."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

KEEP_WHAT_IS_SENT = """() => {
  window.sent = [];
  const send = window.fetch;
  window.fetch = (url, options) => {
    const file = options?.body instanceof FormData && options.body.get('file');
    if (file) window.sent.push(file.arrayBuffer().then((bytes) => [...new Uint8Array(bytes)]));
    return send(url, options);
  };
}"""
"""A browser does not show a driver what is in a file it sends."""
LABELS = ("Khuôn mặt", "Mặt trước CCCD", "Mặt sau CCCD")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo as a phone takes it: large, upright by its tag only, with the place in it."""
    file = tmp_path / "anh.jpg"
    tags = Image.Exif()
    tags[0x0112] = 6
    tags[0x010E] = "SECRET PLACE"
    Image.new("RGB", (3000, 2000), (120, 160, 200)).save(file, "JPEG", exif=tags)
    return file


def to_the_photos(chat: Any, programs: Any) -> None:
    """Register up to where photos are asked for."""
    code = programs.new_account(status="waiting", email=None)["bhxh_code"]
    chat.say(f"đăng ký vssid cho tôi, mã số {code}, tên Đinh Thị Hoa, sinh 08/03/1992, cccd 079192555703")
    chat.say(f"số điện thoại 0900555703, email anh.{code}@example.com")
    chat.say("BHXH Biên Hòa, Đồng Nai")


def test_three_photos_are_chosen_seen_made_smaller_and_sent(chat: Any, programs: Any, photo: Path) -> None:
    to_the_photos(chat, programs)
    panel = chat.page.get_by_role("group", name="Ảnh cần gửi")
    expect(panel).to_be_visible()
    chat.page.evaluate(KEEP_WHAT_IS_SENT)
    for label in LABELS:
        panel.get_by_label(label).set_input_files(photo)
        if label != LABELS[-1]:
            expect(panel.locator(".tile", has_text=label).locator(".photo-state")).to_have_text("Đã gửi")
    expect(panel.locator("canvas").first).to_be_attached()
    expect(chat.bot.last).to_contain_text("Bạn xem lại hồ sơ đăng ký")
    expect(panel).to_be_hidden()
    sent = [bytes(one) for one in chat.page.evaluate("Promise.all(window.sent)")]
    assert [Image.open(BytesIO(one)).size for one in sent] == [(1600, 2400)] * 3, "upright, no larger than it must be to be read"
    assert not any(b"SECRET PLACE" in one for one in sent), "place and comment stay on the phone"


def test_what_is_no_photo_is_told_and_can_be_chosen_again(chat: Any, programs: Any, photo: Path) -> None:
    to_the_photos(chat, programs)
    panel = chat.page.get_by_role("group", name="Ảnh cần gửi")
    panel.get_by_label(LABELS[0]).set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no photo"})
    state = panel.locator(".photo-state").first
    expect(state).to_have_text("Không phải ảnh, chọn lại")
    assert chat.page.evaluate("window.announced.filter((one) => one.includes('Không phải ảnh')).length") == 1
    panel.get_by_label(LABELS[0]).set_input_files(photo)
    expect(state).to_have_text("Đã gửi")


def test_a_tiny_picture_is_refused_by_the_backend_and_told(chat: Any, programs: Any, watch: Any, tmp_path: Path) -> None:
    watch.forgiven.append("status of 400")
    to_the_photos(chat, programs)
    panel = chat.page.get_by_role("group", name="Ảnh cần gửi")
    tiny = tmp_path / "tiny.png"
    Image.new("RGB", (20, 20)).save(tiny)
    panel.get_by_label(LABELS[0]).set_input_files(tiny)
    expect(panel.locator(".photo-state").first).to_have_text("Ảnh quá nhỏ, chọn lại")
