"""Liveness and readiness: one looks at nothing, the other tells within a second what is missing."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from backend_kit import World

from backend import migrate, readiness
from backend.errors import Busy


@pytest.fixture
def readyz(world: World) -> World:
    """A world that was asked once: what is loaded at the first look is there."""
    assert world.client.get("/readyz").json() == {"status": "ready", "missing": []}
    return world


def test_both_say_so_when_all_is_well(either: World) -> None:
    for path in ("/healthz", "/readyz"):
        answer = either.client.get(path)
        assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert either.client.get("/health").status_code == 404


def test_liveness_asks_the_database_nothing(world: World) -> None:
    with world.statements() as seen:
        assert world.client.get("/healthz").status_code == 200
    assert seen == []


def test_an_older_or_a_newer_schema_is_not_ready(readyz: World) -> None:
    for revision in ("0003", "0999"):
        with readyz.core.writing() as unit:
            unit.conn.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
        answer = readyz.client.get("/readyz")
        assert (answer.status_code, answer.json()["missing"]) == (503, ["schema"])
        assert readyz.client.get("/healthz").status_code == 200


def test_a_database_that_is_away_is_not_ready(readyz: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: object) -> bool:
        raise Busy(retry_after=2)

    def breaks(_: object) -> bool:
        raise RuntimeError

    for failing in (away, breaks):
        monkeypatch.setattr(migrate, "is_current", failing)
        answer = readyz.client.get("/readyz")
        assert (answer.status_code, answer.json()["missing"]) == (503, ["database"])
    monkeypatch.undo()
    assert readyz.client.get("/readyz").status_code == 200


@contextmanager
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A database that answers only at the end of the block; the looks at it so far."""
    looks: list[str] = []
    over = threading.Event()

    def hangs(_: object) -> bool:
        looks.append(threading.current_thread().name)
        assert over.wait(30)
        return True

    with monkeypatch.context() as patched:
        patched.setattr(migrate, "is_current", hangs)
        patched.setattr(readiness, "WITHIN_S", 0.05)
        try:
            yield looks
        finally:
            over.set()


def test_a_database_that_hangs_is_told_in_time_and_looked_at_once(readyz: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert readiness.WITHIN_S < 1
    began = time.monotonic()
    with hanging(monkeypatch) as looks, ThreadPoolExecutor(8) as askers:
        answers = list(askers.map(lambda _: readyz.client.get("/readyz"), range(8)))
        assert [(one.status_code, one.json()["missing"]) for one in answers] == [(503, ["database"])] * 8
        assert len(looks) == 1, "a thread each would be all of them in the end"
        assert time.monotonic() - began < 15, "far more than a slow machine takes for the 50 ms"
    began = time.monotonic()
    while readyz.client.get("/readyz").status_code != 200:
        assert time.monotonic() - began < 30, "it did not recover"
        time.sleep(0.01)


def test_a_full_hashing_queue_is_not_ready(readyz: World, monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = readyz.core.hasher
    monkeypatch.setattr(hasher, "_most", 2)
    with hasher._place():
        assert readyz.client.get("/readyz").status_code == 200
        with hasher._place():
            answer = readyz.client.get("/readyz")
            assert (answer.status_code, answer.json()["missing"]) == (503, ["hashing"])
    assert readyz.client.get("/readyz").status_code == 200


def test_in_the_demonstration_a_failing_database_is_told_at_once(readyz: World) -> None:
    for mode in ("down", "hang", "slow"):
        readyz.client.post("/demo/fail", json={"part": "database", "mode": mode, "seconds": 3600})
        assert readyz.client.get("/readyz").status_code == 503
        assert readyz.client.get("/healthz").status_code == 200
