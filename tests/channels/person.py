"""Somebody who chats through a fake provider, with the interface of `tests.programs.Chat`."""

import itertools
import re
import sqlite3
import time
from contextlib import closing
from io import BytesIO
from typing import Any

import httpx
from PIL import Image

from tests.programs import TURN_WITHIN_S, Programs

LIST = re.compile(r"\n\n(?:Bạn trả lời bằng số:|Answer with a number:)\n((?:\d+\. .*\n?)+)$")
LINKS = re.compile(r"\n\n((?:(?:.+: https?://\S+|(?:Gọi|Call) [\d ]+)(?:\n|$))+)$")
PHOTOS = ("Gửi ảnh", "Send photos")
_numbers = itertools.count(7_000_000_000_000_000 + time.time_ns() % 10**9 * 1000)


class ProviderChat:
    """One person at the page or account of a channel. What the channel wrote into a text is read out of it again."""

    def __init__(self, programs: Programs, channel: str) -> None:
        self.programs = programs
        self.fake = programs.fakes[channel]
        self.user = str(next(_numbers))
        self.bubbles: list[dict[str, Any]] = []
        self.seen = 0

    def say(self, text: str) -> list[dict[str, Any]]:
        """Write a message and return the bot's new bubbles once they are delivered."""
        return self.do("say", text=text)

    def press(self, label: str) -> list[dict[str, Any]]:
        """Press what has this label, or answer with its number where nothing can be pressed."""
        for bubble in reversed(self.bubbles):
            if label in bubble["numbered"]:
                return self.say(str(bubble["numbered"].index(label) + 1))
            if label in [one["label"] for one in bubble["choices"]]:
                break
        return self.do("press", label=label)

    def happens(self, kind: str, **fields: Any) -> list[dict[str, Any]]:
        """Let the person do something else."""
        return self.do("event", kind=kind, **fields)

    def do(self, what: str, **fields: Any) -> list[dict[str, Any]]:
        """Do something that our channel hears of, and return what it answers."""
        told = self.fake.do(what, user=self.user, **fields)
        assert [post["state"] for post in told["posts"]] == ["taken"], told
        return self.wait()

    def upload_photos(self) -> None:
        """Hand in the three photos of a registration on the page behind the newest link."""
        links = [one["url"] for bubble in self.bubbles for one in bubble["links"] if one["label"] in PHOTOS]
        picture = BytesIO()
        Image.new("RGB", (640, 480), (120, 160, 200)).save(picture, "JPEG")
        files = {kind: (f"{kind}.jpg", picture.getvalue(), "image/jpeg") for kind in ("face", "id_front", "id_back")}
        answer = httpx.post(links[-1], files=files, headers={"Origin": self.programs.backend_url}, trust_env=False, timeout=30)
        assert answer.status_code == 200, answer.text

    def look(self) -> None:
        """Look at the chat: nobody hears of it."""

    def wait(self) -> list[dict[str, Any]]:
        """Return the bubbles that came since the last look, after everything was answered and delivered."""
        rest(self.programs, self.fake.name)
        items = self.fake.items(self.user)
        new = [shown(item) for item in items[self.seen :] if item["from"] == "bot"]
        self.seen = len(items)
        self.bubbles += new
        return new

    def close(self) -> None:
        """Leave."""


def rest(programs: Programs, channel: str, within_s: float = TURN_WITHIN_S) -> None:
    """Wait until nothing of a channel waits for an answer or its delivery."""
    left = [f"select count(*) from {table} where conversation like '{channel}:%'" for table in ("chat_inbox", "chat_deliveries")]
    with closing(sqlite3.connect(programs.var / "chat.db", timeout=10)) as database:
        until = time.monotonic() + within_s
        while any(database.execute(one).fetchone()[0] for one in left):
            if not programs.is_running("rasa"):
                raise httpx.ConnectError("Rasa has died")
            assert time.monotonic() < until, "the turn did not end"
            time.sleep(0.02)


def shown(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item as the chat page would have it: text, choices and links apart."""
    text, numbered, links = item["text"], [], []
    if found := LIST.search(text):
        text = text[: found.start()]
        numbered = [line.split(". ", 1)[1] for line in found[1].splitlines()]
    if found := LINKS.search(text):
        text = text[: found.start()]
        pairs = [line.rsplit(": ", 1) for line in found[1].splitlines() if ": http" in line]
        links = [{"label": label, "url": url} for label, url in pairs]
    links += [{"label": one["label"], "url": one["payload"]} for one in item["choices"] if one["kind"] in ("url", "phone")]
    choices = [one for one in item["choices"] if one["kind"] not in ("url", "phone")]
    return {"text": text, "numbered": numbered, "choices": choices, "links": links, "raw": item}
