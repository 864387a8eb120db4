"""Parallel requests on both databases: caps hold, one winner, one effect."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from backend_kit import LAN, World, wrong

from backend import answers, challenges, sessions
from backend.core import Core
from backend.errors import BackendError
from backend.tasks import TASKS

TASK = TASKS["forgot_password"]


def together(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run `work` in that many threads that start at one moment; refusals are results too."""
    barrier = threading.Barrier(count)
    results: list[Any] = [None] * count

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = work(number)
        except BackendError as error:
            results[number] = error.code

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def guess(world: World, talk: Any, typed: str) -> str:
    with world.core.writing() as unit:
        return answers.answer(world.core, unit, talk.sender, TASK, typed).result


def test_fifty_parallel_guesses_get_three_comparisons(either: World, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = either.talk().open()
    talk.send()
    bad = wrong(either.code())
    compared: list[str] = []
    real = answers.matches
    monkeypatch.setattr(answers, "matches", lambda *given: compared.append("one") or real(*given))
    results = Counter(together(50, lambda _: guess(either, talk, bad)))
    assert results == {"wrong": 3, "dead": 47}
    assert len(compared) == 3


def test_parallel_guesses_over_many_conversations_stop_at_ten(either: World) -> None:
    talks = [either.talk(f"n{number}").open() for number in range(5)]
    for talk in talks:
        assert talk.send().status_code == 200
    results = Counter(together(50, lambda number: guess(either, talks[number % 5], "abcdef")))
    assert results["wrong"] == 10 and results["wrong"] + results["dead"] == 50


def test_a_code_cannot_be_used_twice_concurrently(either: World) -> None:
    talk = either.talk().open()
    talk.send()
    code = either.code()
    results = Counter(together(50, lambda _: guess(either, talk, code)))
    assert results["right"] == 1 and results["wrong"] == 0


def test_a_verified_challenge_is_redeemed_once_concurrently(either: World) -> None:
    talk = either.verified()
    statuses = Counter(together(8, lambda _: talk.submit().status_code))
    assert statuses[200] == 1
    assert len([m for m in either.outbox() if "tạm thời" in m["subject"]]) == 1


def test_parallel_sends_never_pass_the_daily_cap(either: World) -> None:
    talks = [either.talk(f"n{number}").open() for number in range(12)]

    def send(number: int) -> str:
        with either.core.writing() as unit:
            challenges.issue(either.core, unit, talks[number].sender, TASK)
        return "sent"

    assert Counter(together(12, send)) == {"sent": 5, "daily_limit": 7}


def test_twenty_parallel_repeats_of_one_write_have_one_effect(either: World) -> None:
    talk = either.talk().open()
    results = together(20, lambda _: talk.call("POST", "/otp", {}, key="the-same-key"))
    assert {answer.status_code for answer in results} == {200}
    assert len({answer.text for answer in results}) == 1
    assert either.rows("SELECT sends FROM challenges") == [(1,)]


def test_two_parallel_logins_leave_one_session(either: World) -> None:
    either.account(bhxh_code=LAN[0], email=LAN[1], password="mot cau rat dai")
    account_id = either.rows("SELECT id FROM accounts")[0][0]

    def begin(core: Core) -> str:
        with core.writing() as unit:
            return sessions.begin(core, unit, account_id, "device")

    tokens = together(10, lambda _: begin(either.core))
    assert len(set(tokens)) == 10
    living = []
    for token in tokens:
        with either.core.writing() as unit:
            living.append(sessions.whose(either.core, unit, token) is not None)
    assert living.count(True) == 1


def test_parallel_first_opens_make_one_draft(either: World) -> None:
    talk = either.talk()
    statuses = {answer.status_code for answer in together(8, lambda _: talk.call("PUT"))}
    assert statuses <= {200, 503}
    assert either.rows("SELECT count(*) FROM drafts") == [(1,)]
