"""The lock store: one turn at a time, in order, woken at once, in one process and in several."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from rasa.core.lock_store import LockError
from rasa.utils.endpoints import EndpointConfig

from assistant.stores.lock import LEASE_S, FairLockStore


class Now:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        """Return the time the test set."""
        return self.seconds


@pytest.fixture
def shared(tmp_path: Path) -> Callable[..., FairLockStore]:
    """Open lock stores of several processes on one database."""
    return lambda now=Now(): FairLockStore(EndpointConfig(url=f"sqlite:///{tmp_path}/locks.db"), now, now)


def played(*turns: Coroutine[Any, Any, None]) -> None:
    """Run turns together."""

    async def together() -> None:
        await asyncio.gather(*turns)

    asyncio.run(together())


async def turn(
    store: FairLockStore, name: str, log: list[str], work: float = 0.0, conversation: str = "web:1", **lock: Any
) -> None:
    """Hold the conversation while `work` goes on."""
    async with store.lock(conversation, **lock):
        log.append(f"{name} begins")
        await asyncio.sleep(work)
        log.append(f"{name} ends")


def test_turns_of_one_conversation_run_one_after_the_other_in_order() -> None:
    store, log = FairLockStore(), []
    played(*(turn(store, str(number), log, 0.001) for number in range(20)))
    assert log == [f"{number} {what}" for number in range(20) for what in ("begins", "ends")]


def test_turns_of_different_conversations_run_together() -> None:
    store, log = FairLockStore(), []
    played(turn(store, "a", log, 0.05, "web:1"), turn(store, "b", log, 0.05, "web:2"))
    assert log[:2] == ["a begins", "b begins"]


def test_the_next_turn_is_woken_and_does_not_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """With Rasa's own lock store every turn but the first sleeps a second."""
    slept: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float, *rest: Any) -> None:
        slept.append(seconds)
        await sleep(seconds, *rest)

    monkeypatch.setattr(asyncio, "sleep", noted)
    store, log = FairLockStore(), []
    played(*(turn(store, str(number), log, 0.001) for number in range(5)))
    assert slept == [0.001] * 5, "only the work itself"


def test_a_turn_that_does_not_end_holds_the_others_only_so_long() -> None:
    store, log = FairLockStore(), []

    async def both() -> None:
        hanging = asyncio.ensure_future(turn(store, "hanging", log, 60))
        await asyncio.sleep(0)
        with pytest.raises(LockError):
            await turn(store, "late", log, lock_lifetime=0.02)
        hanging.cancel()
        await asyncio.wait({hanging})
        await turn(store, "next", log)

    played(both())
    assert log == ["hanging begins", "next begins", "next ends"]


def test_a_turn_that_fails_gives_the_conversation_back() -> None:
    store, log = FairLockStore(), []

    async def failing() -> None:
        async with store.lock("web:1"):
            raise ValueError

    async def both() -> None:
        with pytest.raises(ValueError):
            await failing()
        await turn(store, "next", log)

    played(both())
    assert log == ["next begins", "next ends"]


def test_nothing_is_kept_of_a_conversation_without_turns() -> None:
    store = FairLockStore()
    played(*(turn(store, "a", [], 0, f"web:{number % 5}") for number in range(50)))
    assert not store._lines and not store._waiting


def test_processes_that_share_a_database_take_turns(shared: Callable[..., FairLockStore]) -> None:
    stores, log = [shared(), shared()], []
    played(*(turn(stores[number % 2], str(number), log, 0.002) for number in range(6)))
    begun = [line.split()[0] for line in log if line.endswith("begins")]
    assert log == [f"{name} {what}" for name in begun for what in ("begins", "ends")]


def test_the_lease_of_a_process_that_died_ends_by_itself(
    shared: Callable[..., FairLockStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = Now()

    async def three_seconds_pass(_: float) -> None:
        now.seconds += 3

    monkeypatch.setattr(asyncio, "sleep", three_seconds_pass)
    dead, living = shared(now), shared(now)
    assert dead._take("web:1", "the dead one")

    async def later() -> None:
        with pytest.raises(LockError, match="another process"):
            async with living.lock("web:1", lock_lifetime=2):
                pass
        async with living.lock("web:1", lock_lifetime=9):
            pass

    played(later())


def test_a_turn_that_outlived_its_lease_does_not_end_the_next_ones(shared: Callable[..., FairLockStore]) -> None:
    now = Now()
    slow, quick = shared(now), shared(now)
    assert slow._take("web:1", "slow")
    now.seconds += LEASE_S + 1
    assert quick._take("web:1", "quick")
    slow._give_back("web:1", "slow")
    assert not slow._take("web:1", "slow")


def test_a_long_turn_keeps_its_lease(shared: Callable[..., FairLockStore], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.stores.lock.LEASE_S", 0.6)  # a busy machine may forget us for a while
    one, other, log = shared(time.time), shared(time.time), []
    played(turn(one, "long", log, 1.5), turn(other, "next", log))
    assert log == ["long begins", "long ends", "next begins", "next ends"]
