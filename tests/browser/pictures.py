"""`make pictures`: the main moment of every task, on phone and desktop, in both themes, into docs/images."""

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import DEVICES, FLAGS, Chat
from tests.programs import ROOT, Programs

FOLDER = ROOT / "docs/images"
COLOURS = 128
"""A palette is enough for a page of flat colours, and a quarter of the size."""


@dataclass(frozen=True)
class Scene:
    """One picture: what was said before it, on which device, in which theme and language."""

    name: str
    device: str
    theme: Any
    lang: str
    play: Callable[[Chat, Programs], None]


def reset(chat: Chat, programs: Programs) -> None:
    """A forgotten password, to its end."""
    account = programs.new_account()
    chat.say("e wen mk r lm s lay lai")
    chat.say(account["bhxh_code"])
    chat.say(account["email"])
    chat.say(programs.otp(account["email"]))


def no_email(chat: Chat, programs: Programs) -> None:
    """Somebody without an email adds one."""
    account = programs.new_account(email=None)
    chat.say(f"quên mật khẩu, mã số {account['bhxh_code']}")
    chat.say("tôi không có email")
    chat.page.get_by_role("button", name="Thêm email").click()
    chat.settle()


def search(chat: Chat, programs: Programs) -> None:
    """The summary before a search."""
    chat.say("tôi không biết mã số bhxh của mình")
    chat.say("Nguyễn Thị Lan, sinh 14/05/1990")
    chat.say("cccd 079190000001, Đồng Nai")


def photos(chat: Chat, programs: Programs) -> None:
    """Two of three photos of a registration are sent."""
    code = programs.new_account(status="waiting", email=None)["bhxh_code"]
    chat.say(f"đăng ký vssid cho tôi, mã số {code}, tên Đinh Thị Hoa, sinh 08/03/1992, cccd 079192555803")
    chat.say(f"số điện thoại 0900555803, email hoa.{code}@example.com")
    chat.say("BHXH Biên Hòa, Đồng Nai")
    with tempfile.TemporaryDirectory() as folder:
        for label, colour in (("Khuôn mặt", (222, 196, 170)), ("Mặt trước CCCD", (170, 205, 190))):
            file = Path(folder) / "anh.jpg"
            Image.new("RGB", (900, 600), colour).save(file)
            chat.page.get_by_label(label).set_input_files(file)
            chat.page.locator(".tile", has_text=label).locator("[data-t='photo.sent']").wait_for()


def fraud(chat: Chat, programs: Programs) -> None:
    """A hotline that was reported, and the real ones."""
    chat.say("số 1900252510 có phải của bhxh không, nó đòi 250k")


def question(chat: Chat, programs: Programs) -> None:
    """A general question in English, in the middle of a reset."""
    chat.say("I forgot my password")
    chat.say("Is the paper health card still valid?")


def nothing(chat: Chat, programs: Programs) -> None:
    """The first screen."""


def hotline(chat: Chat, programs: Programs) -> None:
    """A call to the hotline, on the simulated telephone."""
    person = programs.new_account(phone="0975590001")
    page = chat.page
    page.goto(f"{programs.base_url}/webhooks/hotline/telephone")
    page.get_by_label("Số gọi đến").fill(person["phone"])
    page.get_by_role("button", name="Gọi", exact=True).click()
    page.get_by_role("log").get_by_text("bấm 8").wait_for()
    page.get_by_role("button", name="8", exact=True).click()
    page.get_by_role("log").get_by_text("Mời bấm").wait_for()
    for key in person["bhxh_code"]:
        page.get_by_role("button", name=key, exact=True).click()
    page.get_by_role("log").get_by_text("Cuộc gọi kết thúc").wait_for()


SCENES = [
    Scene("first-screen", "phone", "light", "vi", nothing),
    Scene("reset", "phone", "light", "vi", reset),
    Scene("add-email", "phone", "dark", "vi", no_email),
    Scene("code-search", "phone", "light", "vi", search),
    Scene("register", "phone", "dark", "vi", photos),
    Scene("hotline", "phone", "light", "vi", hotline),
    Scene("official", "desktop", "light", "vi", fraud),
    Scene("english", "desktop", "dark", "en", question),
]


def take(browser: Browser, programs: Programs, scene: Scene) -> Path:
    """Play a scene and keep its picture."""
    context = browser.new_context(
        **DEVICES[scene.device], color_scheme=scene.theme, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce"
    )
    chat = Chat(context.new_page())
    chat.open(f"{programs.chat_url}?lang={scene.lang}")
    scene.play(chat, programs)
    file = FOLDER / f"{scene.name}.png"
    chat.page.screenshot(path=file)
    context.close()
    Image.open(file).convert("RGB").quantize(COLOURS).save(file, optimize=True)
    return file


def main() -> None:
    """Take all pictures, or those that the command line names."""
    wanted = set(sys.argv[1:]) or {scene.name for scene in SCENES}
    with tempfile.TemporaryDirectory() as folder, Programs(Path(folder)) as programs, sync_playwright() as playwright:
        programs.start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for scene in SCENES:
            if scene.name in wanted:
                file = take(browser, programs, scene)
                sys.stdout.write(f"{file.relative_to(ROOT)} {file.stat().st_size // 1024} kB\n")
        browser.close()


if __name__ == "__main__":
    main()
