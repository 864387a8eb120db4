"""A hundred bursts from two processes, on both databases: what is counted is exact, and one right answer wins."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from answering_process import Burst
from backend_kit import Talk, World, wrong

from backend import accounts
from backend.accounts import Profile

pytestmark = [pytest.mark.prove, pytest.mark.timeout(900)]
ROUNDS, AT_ONCE = 100, 50
HERE = Path(__file__).parent


Ask = Callable[[Talk, str], Counter[str]]


@pytest.fixture
def ask(either: World) -> Iterator[Ask]:
    """One answer from two processes at once, AT_ONCE times in all: how often which result came back."""
    url = either.url
    environment = {**os.environ, "PYTHONPATH": f"{HERE.parent.parent}:{HERE}", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, str(HERE / "answering_process.py"), url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    both = [subprocess.Popen(command, env=environment, text=True, **pipes) for _ in range(2)]  # type: ignore[call-overload]

    def burst(talk: Talk, typed: str) -> Counter[str]:
        line = Burst(talk.sender, typed, AT_ONCE // 2, either.clock.now()).line()
        for one in both:
            one.stdin.write(line)
            one.stdin.flush()
        return Counter(result for one in both for result in json.loads(one.stdout.readline()))

    yield burst
    for one in both:
        one.stdin.close()
        assert one.wait(30) == 0
        one.stdout.close()


def asked(world: World, number: int) -> tuple[Talk, str, str]:
    """Somebody new with a living code: the conversation, the code, the account."""
    code, email = f"79200{number:05d}", f"somebody{number}@example.com"
    with world.core.writing() as unit:
        profile = Profile(code, "Lan", None, None, None, email, None)
        account = accounts.create(world.core, unit, profile, "active", world.core.hasher.dummy)
    talk = world.talk(f"burst {number}").open(code, email)
    assert talk.send().status_code == 200
    return talk, world.code(), account


def test_fifty_guesses_at_once_count_exactly_to_the_cap_every_time(either: World, ask: Ask) -> None:
    tries = either.core.settings.otp_tries
    for number in range(ROUNDS):
        talk, code, account = asked(either, number)
        assert ask(talk, wrong(code)) == {"wrong": tries, "dead": AT_ONCE - tries}
        assert either.rows(f"SELECT wrong, state FROM challenges WHERE account_id = '{account}'") == [(tries, "dead")]
        assert either.rows(f"SELECT consecutive FROM subjects WHERE subject = '{account}'") == [(tries,)]
        assert either.rows(f"SELECT count(*) FROM tallies WHERE subject = '{account}' AND kind = 'wrong'") == [(tries,)]
    assert either.rows("SELECT sum(wrong), sum(wrong_real) FROM breaker_buckets") == [(ROUNDS * tries, ROUNDS * tries)]


def test_fifty_right_answers_at_once_succeed_once_every_time(either: World, ask: Ask) -> None:
    for number in range(ROUNDS):
        talk, code, account = asked(either, number)
        assert ask(talk, code) == {"right": 1, "dead": AT_ONCE - 1}
        assert either.rows(f"SELECT wrong, state FROM challenges WHERE account_id = '{account}'") == [(0, "verified")]
        assert either.rows(f"SELECT consecutive FROM subjects WHERE subject = '{account}'") == [(0,)]
        assert either.rows(f"SELECT count(*) FROM tallies WHERE subject = '{account}' AND kind = 'wrong'") == [(0,)]
