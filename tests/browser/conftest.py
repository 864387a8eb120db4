"""A real browser before the real programs, once as a phone and once as a desktop."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

PATIENCE_MS = 30_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DEVICES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "desktop": {"viewport": {"width": 1280, "height": 800}},
}
# What the page's live region says, and what its policy forbids, from the first moment on.
RECORDER = """
window.announced = [];
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
document.addEventListener('DOMContentLoaded', () => {
  const region = document.querySelector('[aria-live="polite"]');
  if (!region) return;
  new MutationObserver((changes) => {
    const lines = changes.flatMap((change) => [...change.addedNodes]);
    window.announced.push(...lines.map((line) => line.textContent));
  }).observe(region, { childList: true, subtree: true });
});
"""


@dataclass
class Watch:
    """Everything a calm page does not do: errors in the console, policy violations, requests to strangers.

    `forgiven` takes patterns of console errors that a test brings about on purpose.
    """

    hosts: set[str]
    problems: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        """Note an error or a warning; that a browser asks every host for an icon is no problem."""
        if message.type in ("error", "warning") and not message.location["url"].endswith("/favicon.ico"):
            self.problems.append(f"console: {message.text}")

    def request(self, request: Request) -> None:
        """Note a request to anything but our own programs."""
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob", "about") and url.netloc not in self.hosts:
            self.problems.append(f"request to {request.url}")

    def found(self) -> list[str]:
        """The problems that nobody forgave."""
        return [one for one in self.problems if not any(re.search(pattern, one) for pattern in self.forgiven)]


@dataclass(frozen=True)
class Chat:
    """The chat page as a person uses it."""

    page: Page

    @property
    def log(self) -> Locator:
        """The conversation."""
        return self.page.get_by_role("log")

    @property
    def bot(self) -> Locator:
        """The bot's bubbles."""
        return self.log.locator("> [data-from=bot]")

    @property
    def mine(self) -> Locator:
        """The person's own bubbles."""
        return self.log.locator("> [data-from=me]")

    @property
    def field(self) -> Locator:
        """Where one writes."""
        return self.page.get_by_role("textbox")

    def open(self, url: str) -> None:
        """Open the page and wait for the greeting."""
        self.page.goto(url)
        expect(self.bot.first).to_be_visible()
        self.settle()

    def settle(self) -> None:
        """Wait until the bot has said what it had to say."""
        expect(self.log.locator("> [data-state]")).to_have_count(0)
        expect(self.page.locator("#typing")).to_be_hidden()

    def write(self, text: str) -> None:
        """Write and send, without waiting for anything."""
        self.field.fill(text)
        self.field.press("Enter")

    def say(self, text: str) -> None:
        """Send a message and wait until a new bubble has answered it."""
        before = self.bot.count()
        self.write(text)
        expect(self.bot.nth(before)).to_be_visible()
        self.settle()

    def expect_question_for(self, kind: str) -> None:
        """Wait until the field takes `kind`: text, code, otp, email, phone or date."""
        expect(self.field).to_have_attribute("data-input", kind)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The installed Chromium; never downloaded."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    if not os.path.exists(path):
        reason = f"no Chromium at {path}; install it or set CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def watch(programs: Any) -> Iterator[Watch]:
    """Fails the test at its end for whatever a calm page does not do."""
    watch = Watch({urlsplit(url).netloc for url in (programs.chat_url, programs.backend_url)})
    yield watch
    assert watch.found() == []


@pytest.fixture(params=DEVICES)
def browser_context(request: pytest.FixtureRequest, chromium: Browser, watch: Watch) -> Iterator[BrowserContext]:
    """A fresh browser profile of a phone or a desktop."""
    context = chromium.new_context(**DEVICES[request.param], locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(RECORDER)
    context.on("console", watch.console)
    context.on("weberror", lambda error: watch.problems.append(f"script: {error.error}"))
    context.on("request", watch.request)
    yield context
    for page in context.pages:
        watch.problems += page.evaluate("window.violations ?? []")
    context.close()


@pytest.fixture
def page(browser_context: BrowserContext) -> Page:
    """An empty page."""
    return browser_context.new_page()


@pytest.fixture
def chat(page: Page, programs: Any) -> Chat:
    """The chat page, greeted."""
    chat = Chat(page)
    chat.open(programs.chat_url)
    return chat
