"""Many people write at once, repeat themselves and overtake themselves, while Rasa is killed: all is answered, once, in order."""

import random
import re
import sqlite3
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from uuid import UUID

import httpx
import pytest

from tests.failures.go_between import Asked, GoBetween
from tests.programs import Chat, Programs

REPEATED = 0.3
"""The share of messages that are sent twice, the second time after later ones."""
UNTIL_S = 300
"""A bound for a machine that is stuck; nothing is timed by it."""
PAGE = re.compile(r"bhxh-\d+-\d+\.com")
DIALOGUE_S = 3.0
ACCEPTED_WITHIN_S = 0.05


class Writer:
    """One person whose network repeats and shuffles what they send: a report of fraud about another page each time."""

    def __init__(self, programs: Programs, name: int, messages: int) -> None:
        chance = random.Random(name)
        self.chat = Chat(programs)
        self.chat.http.timeout = httpx.Timeout(10)
        self.pages = [f"bhxh-{name}-{place}.com" for place in range(messages)]
        sent = [(place + chance.random() * 3, page) for place, page in enumerate(self.pages)]
        sent += [(place + 1 + chance.random() * 3, page) for place, page in sent if chance.random() < REPEATED]
        self.sends = [(page, str(UUID(int=chance.getrandbits(128)))) for page in self.pages]
        ids = dict(self.sends)
        self.sends = [(page, ids[page]) for _, page in sorted(sent)]

    def write(self) -> None:
        """Send everything; what was not accepted is sent again, as the page does."""
        for page, client_id in self.sends:
            while True:
                body = {"client_id": client_id, "text": f"trang {page} là lừa đảo, tôi báo cáo"}
                try:
                    if self.chat.http.post("/chat/api/messages", json=body).status_code == 202:
                        break
                except httpx.HTTPError:
                    pass
                time.sleep(0.1)

    def screen(self) -> list[tuple[str, str]]:
        """Wait until nothing is under way; return who said what."""
        until = time.monotonic() + UNTIL_S
        while time.monotonic() < until:
            try:
                screen = self.chat.http.get("/chat/api/messages").json()
                if not screen["typing"]:
                    return [(one["from"], one["text"]) for one in screen["messages"]]
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        raise AssertionError("the conversation does not come to rest")


def reports(programs: Programs) -> int:
    """Return how many reports of fraud the backend has."""
    with closing(sqlite3.connect(programs.var / "backend.db")) as database:
        return int(database.execute("SELECT count(*) FROM fraud_reports").fetchone()[0])


@pytest.mark.parametrize(
    ("people", "messages", "kills"),
    [(10, 10, 1), pytest.param(100, 10, 5, marks=[pytest.mark.prove, pytest.mark.timeout(900)])],
    ids=["a hundred", "a thousand"],
)
def test_every_message_is_answered_once_and_in_order(programs: Programs, people: int, messages: int, kills: int) -> None:
    before = reports(programs)
    writers = [Writer(programs, name + 1, messages) for name in range(people)]
    with ThreadPoolExecutor(20) as at_once:
        written = [at_once.submit(writer.write) for writer in writers]
        for _ in range(kills):
            time.sleep(1.5)
            programs.kill("rasa")
            programs.start("rasa")
        for one in written:
            one.result(UNTIL_S)
    screens = [(writer, writer.screen()) for writer in writers]
    for writer in writers:
        writer.chat.http.close()
    for writer, screen in screens:
        asked = [page for sender, text in screen for page in PAGE.findall(text)[:1] if sender == "user"]
        judged = [page for sender, text in screen for page in PAGE.findall(text)[:1] if sender == "bot"]
        else_said = [text for sender, text in screen if sender == "bot" and not PAGE.search(text)]
        assert sorted(asked) == sorted(writer.pages), "each is there once"
        assert judged == asked, f"each is answered once, in the order they came; else was said: {else_said}"
    assert reports(programs) - before == people * messages, "every effect happened once"


@pytest.mark.prove
def test_a_message_is_accepted_at_once_while_the_dialogue_takes_its_time(programs: Programs, before_actions: GoBetween) -> None:
    """On a quiet machine: 99 of 100 in less than 50 ms."""

    def slowly(asked: Asked) -> None:
        time.sleep(DIALOGUE_S / 2)
        asked.answer(*asked.pass_on())

    chats = [Chat(programs) for _ in range(10)]
    taken: list[float] = []
    lock = threading.Lock()

    def writes(chat: Chat) -> None:
        for _ in range(10):
            began = time.monotonic()
            assert chat.post(text="tôi quên mật khẩu").status_code == 202
            with lock:
                taken.append(time.monotonic() - began)
            time.sleep(0.3)

    with before_actions.failing(slowly), ThreadPoolExecutor(len(chats)) as at_once:
        list(at_once.map(writes, chats))
    for chat in chats:
        chat.http.close()
    p99 = sorted(taken)[int(len(taken) * 0.99) - 1]
    sys.stdout.write(f"{len(taken)} messages, median {sorted(taken)[len(taken) // 2] * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms\n")
    assert p99 < ACCEPTED_WITHIN_S
