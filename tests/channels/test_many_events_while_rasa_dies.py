"""Hundreds of events in shuffled batches, repeated, with forged ones among them, while Rasa is killed; and how fast it is."""

import re
import sqlite3
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.channels.connected import Fake, connected
from tests.channels.person import rest
from tests.failures.go_between import Asked, GoBetween
from tests.programs import Programs, free_port

UNTIL_S = 300
"""A bound for a machine that is stuck; nothing is timed by it."""
EACH = 10
"""Events of a person."""
SHARE = 50
"""Events that are sent together: what waits while Rasa is dead comes back all at once, more than one machine can send."""
DIALOGUE_S = 3.0
ANSWERED_WITHIN_MS = 100
both = pytest.mark.parametrize("channel", ["messenger", "zalo"])


def reports(programs: Programs) -> int:
    """How many reports of fraud the backend has."""
    with closing(sqlite3.connect(programs.var / "backend.db")) as database:
        return int(database.execute("SELECT count(*) FROM fraud_reports").fetchone()[0])


def repeats(fake: Fake) -> None:
    """Let the pauses pass after which a provider tries again, until it has got rid of everything."""
    until = time.monotonic() + UNTIL_S
    pauses = [*fake.provider.webhooks.rules.retries_s]
    while any(post.state in ("sending", "waiting") for post in list(fake.provider.webhooks.posts)):
        assert time.monotonic() < until, "the provider does not get rid of its events"
        if pauses:
            fake.do("advance", seconds=pauses.pop(0))
        for _ in range(50):  # all that waited come at once: they have their time before the next pause
            if any(post.state in ("sending", "waiting") for post in list(fake.provider.webhooks.posts)):
                time.sleep(0.1)


@both
@pytest.mark.parametrize(
    ("count", "kills"),
    [(100, 1), pytest.param(1000, 5, marks=[pytest.mark.prove, pytest.mark.timeout(900)])],
    ids=["a hundred", "a thousand"],
)
def test_every_genuine_event_is_answered_and_has_its_effect_once(
    programs: Programs, channel: str, count: int, kills: int
) -> None:
    fake, before = programs.fakes[channel], reports(programs)
    run = f"{channel}{time.time_ns() % 10**9}"
    people = {f"9{time.time_ns() % 10**9}{number:04}": number for number in range(count // EACH)}
    pages = {user: [f"bhxh-{run}-{number}x{place}.com" for place in range(EACH)] for user, number in people.items()}
    events = [{"user": user, "text": f"trang {page} là lừa đảo, tôi báo cáo"} for user in pages for page in pages[user]]
    order = {"per_post": 7, "duplicates": 0.3, "forged": SHARE // 10, "shuffle": True, "at_once": 4}
    shares = range(0, count, SHARE)
    dies_in = set(shares[len(shares) // kills // 2 :: len(shares) // kills][:kills])
    fake.http.timeout = UNTIL_S
    with ThreadPoolExecutor(1) as beside:
        for start in shares:
            told = beside.submit(fake.do, "batch", events=events[start : start + SHARE], **order)
            if start in dies_in:
                time.sleep(0.3)
                programs.kill("rasa")
                programs.start("rasa")
            sent = told.result(UNTIL_S)
            assert (sent["genuine"], sent["duplicates"], sent["forged"]) == (SHARE, round(SHARE * 0.3), SHARE // 10)
            repeats(fake)
    assert len(dies_in) == kills
    rest(programs, channel, UNTIL_S)
    twice = 0
    for user, asked in pages.items():
        items = [one["text"] for one in fake.items(user) if one["from"] == "bot"]
        said = Counter(page for text in dict.fromkeys(items) for page in re.findall(r"bhxh-\w+-\w+\.com", text)[:1])
        assert said == Counter(asked), "each is answered once"
        judged = [text for text in items if "bhxh-" in text]
        twice += len(judged) - len(set(judged))
    sys.stdout.write(f"{channel}: {count} events, {kills} kills, {twice} bubbles seen twice (their fate was unknown)\n")
    assert reports(programs) - before == count, "every effect happened once, and no forged event had one"
    faults = [one["kind"] for one in fake.faults()]
    assert "forged_taken" not in faults and "unknown_person" not in faults
    assert b"forged" not in (programs.var / "chat.db").read_bytes()


@pytest.mark.prove
@pytest.mark.timeout(600)
def test_a_webhook_is_answered_at_once_while_the_dialogue_takes_its_time(tmp_path: Path) -> None:
    """On a quiet machine: 99 of 100 in less than 100 ms."""

    def slowly(asked: Asked) -> None:
        time.sleep(DIALOGUE_S / 2)
        asked.answer(*asked.pass_on())

    between = GoBetween(free_port())
    own = {"actions": {"ACTIONS_PORT": str(between.target_port)}}
    with Programs(tmp_path, own=own, ACTIONS_PORT=str(between.port)) as programs, connected(programs) as fakes:
        programs.start()
        with between.failing(slowly):
            for channel, fake in fakes.items():
                for number in range(200):
                    fake.do("say", user=f"p{number % 20}", text="tôi quên mật khẩu")
                    time.sleep(0.1)
                posts = fake.see("webhooks")["posts"]
                took = sorted(one["attempts"][0]["took_ms"] for one in posts)
                p99 = took[int(len(took) * 0.99) - 1]
                sys.stdout.write(f"{channel}: {len(took)} webhooks, median {took[len(took) // 2]:.1f} ms, p99 {p99:.1f} ms\n")
                assert p99 < ANSWERED_WITHIN_MS
    between.close()
