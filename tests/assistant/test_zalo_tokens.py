"""The pair of tokens on a real file: refreshed in time, by one at a time, and never lost, wherever the process dies."""

import asyncio
import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.channels import zalo_tokens
from assistant.channels.refusals import NeedsUs
from assistant.channels.zalo_tokens import LOOK_EVERY_S, REFRESH_AFTER_S, Pair, PairFile, Tokens, keep_first

AT_S = 1_790_000_000.0


class Zalo:
    """Zalo's side: a refresh token works once, the newest access token is the good one."""

    def __init__(self) -> None:
        self.number = 1
        self.asked: list[str] = []
        self.loses = False
        self.takes_s = 0.0

    async def exchange(self, refresh_token: str) -> dict[str, Any]:
        """Give a new pair for the newest refresh token, an error for another."""
        self.asked.append(refresh_token)
        if refresh_token != f"refresh{self.number}":
            return {"error": -14014, "error_name": "Invalid refresh token."}
        self.number += 1
        await asyncio.sleep(self.takes_s)
        if self.loses:
            raise ConnectionError("the answer got lost")
        return {"access_token": f"access{self.number}", "refresh_token": f"refresh{self.number}", "expires_in": "90000"}


class Desk:
    """A file with the first pair, Zalo, and a clock."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "tokens.json"
        self.zalo = Zalo()
        self.now = AT_S
        self.slept: list[float] = []
        keep_first(self.path, Pair("access1", "refresh1", AT_S))

    def tokens(self) -> Tokens:
        """The tokens as a process of its own opens them."""
        return Tokens(self.path, self.zalo.exchange, lambda: self.now, self.sleep)

    async def sleep(self, seconds: float) -> None:
        """Let the time pass; the third time it is enough."""
        self.slept.append(seconds)
        self.now += seconds
        if len(self.slept) == 3:
            raise asyncio.CancelledError()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk of the test's own."""
    return Desk(tmp_path)


def test_a_refused_token_is_replaced_and_the_new_pair_is_on_disk_for_its_owner_alone(desk: Desk) -> None:
    assert asyncio.run(desk.tokens().refresh("access1")) == "access2"
    assert json.loads(desk.path.read_text()) == {"access_token": "access2", "refresh_token": "refresh2", "obtained_at": AT_S}
    assert stat.S_IMODE(desk.path.stat().st_mode) == 0o600
    assert desk.tokens().access() == "access2"


def test_a_pair_is_refreshed_at_about_twenty_hours_and_not_before(desk: Desk) -> None:
    desk.now += REFRESH_AFTER_S - 1
    asyncio.run(desk.tokens().refresh_if_old())
    assert desk.zalo.asked == []
    desk.now += 1
    asyncio.run(desk.tokens().refresh_if_old())
    assert desk.zalo.asked == ["refresh1"] and desk.tokens().access() == "access2"
    assert 19 * 3600 <= REFRESH_AFTER_S <= 21 * 3600


def test_it_looks_again_and_again_and_says_when_a_person_must_act(desk: Desk) -> None:
    told: list[str] = []
    desk.now += REFRESH_AFTER_S
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(desk.tokens().keep_fresh(told.append))
    assert desk.zalo.asked == ["refresh1"] and desk.slept == [LOOK_EVERY_S] * 3 and told == []
    desk.zalo.number, desk.slept, desk.now = 99, [], desk.now + REFRESH_AFTER_S
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(desk.tokens().keep_fresh(told.append))
    assert len(told) == 3 and "make zalo-tokens" in told[0]


def test_many_who_need_a_token_at_once_fetch_one(desk: Desk) -> None:
    desk.zalo.takes_s = 0.05

    async def story() -> list[str]:
        processes = [desk.tokens() for _ in range(3)]
        return await asyncio.gather(*(one.refresh("access1") for one in processes * 3))

    assert asyncio.run(story()) == ["access2"] * 9 and desk.zalo.asked == ["refresh1"]


def test_a_refused_refresh_token_needs_a_person_and_is_not_given_again_and_again(desk: Desk) -> None:
    desk.zalo.number, tokens = 99, desk.tokens()
    for _ in range(3):
        with pytest.raises(NeedsUs, match="an administrator must consent"):
            asyncio.run(tokens.refresh("access1"))
    assert desk.zalo.asked == ["refresh1"]
    desk.now += LOOK_EVERY_S
    with pytest.raises(NeedsUs):
        asyncio.run(tokens.refresh("access1"))
    assert len(desk.zalo.asked) == 2
    keep_first(desk.path, Pair("access99", "refresh99", desk.now))
    assert tokens.access() == "access99" and asyncio.run(tokens.refresh("access99")) == "access100"


def test_without_a_pair_a_person_is_needed(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "none.json", Zalo().exchange, lambda: AT_S)
    for work in (tokens.refresh("x"), tokens.refresh_if_old()):
        with pytest.raises(NeedsUs):
            asyncio.run(work)
    with pytest.raises(NeedsUs):
        tokens.access()


def test_a_lost_answer_is_tried_again_and_then_a_person_is_needed(desk: Desk) -> None:
    desk.zalo.loses, tokens = True, desk.tokens()
    with pytest.raises(ConnectionError):
        asyncio.run(tokens.refresh("access1"))
    assert tokens.access() == "access1", "which is good for some hours yet"
    with pytest.raises(NeedsUs):
        asyncio.run(tokens.refresh("access1"))


def test_a_pair_on_its_way_arrives_although_its_asker_is_cancelled_and_the_channel_closes(desk: Desk) -> None:
    desk.zalo.takes_s = 0.1

    async def story() -> None:
        tokens = desk.tokens()
        asker = asyncio.get_event_loop().create_task(tokens.refresh("access1"))
        while not desk.zalo.asked:
            await asyncio.sleep(0.001)
        asker.cancel()
        await tokens.close()
        with pytest.raises(ConnectionError):
            await tokens.refresh("access2")

    asyncio.run(story())
    assert desk.tokens().access() == "access2"


class Killed(BaseException):
    """The process dies: no `except Exception` and no clean-up of ours may matter."""


STEPS = ("open", "fchmod", "write", "fsync", "rename", "fsync of the folder")


def killed_at(step: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the process die before a step of writing the pair down; return the steps that were reached."""
    reached: list[str] = []

    def before(owner: Any, name: str, steps: Callable[..., bool] = lambda *_: True) -> None:
        real = getattr(owner, name)

        def call(*arguments: Any, **options: Any) -> Any:
            if steps(*arguments):
                reached.append(name)
                if len(reached) == step + 1:
                    raise Killed()
            return real(*arguments, **options)

        monkeypatch.setattr(owner, name, call)

    before(os, "open", lambda path, *_: str(path).endswith(".new"))
    before(os, "fchmod")
    before(json, "dump")
    before(os, "fsync")
    before(Path, "replace")
    return reached


@pytest.mark.parametrize("step", range(len(STEPS)), ids=STEPS)
def test_wherever_the_process_dies_after_zalo_answered_the_old_pair_or_the_new_one_is_there(
    desk: Desk, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        reached = killed_at(step, dying)
        with pytest.raises(Killed):
            asyncio.run(desk.tokens().refresh("access1"))
        assert len(reached) == step + 1
    kept = PairFile(desk.path).read()
    assert kept is not None
    if step >= STEPS.index("fsync"):
        assert kept.refresh_token == "refresh2", "it was written whole: the next process finds it, renamed or not"
        assert asyncio.run(desk.tokens().refresh("access2")) == "access3"
        assert json.loads(desk.path.read_text())["refresh_token"] == "refresh3"
    else:
        assert kept.refresh_token == "refresh1", "Zalo has taken the old one and nobody has the new one"
        with pytest.raises(NeedsUs, match="an administrator must consent"):
            asyncio.run(desk.tokens().refresh("access1"))


def test_half_a_pair_beside_the_file_is_none(desk: Desk) -> None:
    whole = desk.path.read_text()
    for half in ("", "{", whole[:-20], '{"access_token": "a"}', '{"access_token": "", "refresh_token": "", "obtained_at": 1}'):
        desk.path.with_suffix(".new").write_text(half)
        assert PairFile(desk.path).read() == Pair("access1", "refresh1", AT_S)


def test_what_a_crash_left_beside_the_file_is_safe_before_it_is_written_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    left = Pair("access2", "refresh2", AT_S)
    desk.path.with_suffix(".new").write_text(json.dumps(left.__dict__))

    def dies(*_: Any) -> None:
        raise Killed()

    with monkeypatch.context() as dying:
        dying.setattr(zalo_tokens.json, "dump", dies)
        with pytest.raises(Killed):
            PairFile(desk.path).write(Pair("access3", "refresh3", AT_S))
    assert PairFile(desk.path).read() == left


def test_the_next_process_may_lock_when_the_one_that_held_it_was_killed(desk: Desk) -> None:
    holds = (
        "import fcntl,os,sys,time; fd=os.open(sys.argv[1],os.O_RDWR|os.O_CREAT); fcntl.flock(fd,fcntl.LOCK_EX);"
        "print('held',flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", holds, str(desk.path.with_suffix(".lock"))], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()

    async def story() -> str:
        waiting = asyncio.get_event_loop().create_task(desk.tokens().refresh("access1"))
        await asyncio.sleep(0.2)
        assert desk.zalo.asked == [], "somebody else is at it"
        process.kill()
        return await asyncio.wait_for(waiting, 10)

    assert asyncio.run(story()) == "access2"
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize(("typed", "ends"), [("a1\nr1\n", 0), ("a1\n\n", 2), ("same\nsame\n", 2)])
def test_the_first_pair_is_put_in_by_a_command_and_not_by_its_arguments(
    tmp_path: Path, typed: str, ends: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "var" / "tokens.json"
    monkeypatch.setattr(sys, "argv", ["assistant", "zalo-tokens", str(path)])
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert zalo_tokens.main() == ends
    kept = PairFile(path).read()
    assert (kept is not None and (kept.access_token, kept.refresh_token) == ("a1", "r1")) is (ends == 0)
    assert "a1" not in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["assistant", "zalo-tokens"])
    assert zalo_tokens.main() == 2
