"""The whole HTTP stack: one process of the backend on a core of its own, signed requests from another one."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from backend import signature
from backend.assertion import Sender, mint
from backend.core import Core
from backend.signature import Request
from bench import ROOT
from bench.backend.persons import asked, drafted, people, sender
from bench.backend.stock import Stock, environment
from bench.wire import Connection
from tests.programs import free_port

AT_ONCE = 16
UP_WITHIN_S = 60
DRAFT = "/v1/drafts/forgot_password"


class Refused(Exception):
    """An answer that is no success: such a run measures nothing."""


@dataclass(frozen=True)
class Ask:
    """One request of a conversation."""

    method: str
    path: str
    body: dict[str, Any] | None
    who: Sender


class Caller:
    """One kept-alive connection of the action server."""

    def __init__(self, core: Core, port: int) -> None:
        self._core = core
        self._wire = Connection(port)

    async def call(self, ask: Ask) -> Any:
        """The parsed answer; raises Refused."""
        content = b"" if ask.body is None else json.dumps(ask.body).encode()
        core = self._core
        vouched = mint(core.settings.channel_credentials()[0], ask.who, core.clock.now())
        key = core.keys.token(16)
        request = Request(ask.method, ask.path, content, vouched, key)
        signed = signature.sign(core.settings.service_credentials()[0], request, core.wall.now(), core.keys.token(16))
        headers = {"X-Sender": vouched, "Idempotency-Key": key, "Authorization": signed}
        if ask.body is None:
            answer = await self._wire.get(ask.path, headers)
        else:
            answer = await self._wire.post(ask.path, ask.body, headers)
        if answer.status != 200:
            raise Refused(f"{ask.method} {ask.path} was answered {answer.status}: {answer.body[:300]!r}")
        return answer.json()

    async def close(self) -> None:
        """Hang up."""
        await self._wire.close()


@dataclass(frozen=True)
class Server:
    """A process of the backend that answers."""

    port: int
    pid: int


@contextmanager
def serving(stock: Stock, *, core: int | None) -> Iterator[Server]:
    """Run the backend on that database, on one core if asked."""
    port = free_port()
    settings = stock.core.settings.model_copy(update={"backend_port": port})
    command = [sys.executable, "-m", "backend", "run", "--no-worker"]
    pinned = {core} if core is not None else os.sched_getaffinity(0)
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(settings), preexec_fn=lambda: os.sched_setaffinity(0, pinned), start_new_session=True
    )
    try:
        _await_up(port)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Keep this process off the server's core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _await_up(port: int) -> None:
    ends = time.monotonic() + UP_WITHIN_S
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)


def verifications(stock: Stock, count: int) -> list[Ask]:
    """So many conversations whose code is in the mail, each with the request that answers it right."""
    whom = people(stock)
    given = [asked(stock.core, whom) for _ in range(count)]
    return [Ask("POST", f"{DRAFT}/otp/answers", {"code": one.code}, one.sender) for one in given]


def issues(stock: Stock, count: int) -> list[Ask]:
    """So many conversations that want a code."""
    whom, asks = people(stock), []
    for _ in range(count):
        who = sender()
        with stock.core.writing() as unit:
            drafted(stock.core, unit, who, next(whom))
        asks.append(Ask("POST", f"{DRAFT}/otp", {}, who))
    return asks


def per_second(core: Core, port: int, asks: Sequence[Ask]) -> float:
    """How many of these requests a second are answered, AT_ONCE at a time."""
    return asyncio.run(_load(core, port, asks))


async def _load(core: Core, port: int, asks: Sequence[Ask]) -> float:
    waiting = iter(asks)

    async def worker(caller: Caller) -> None:
        for ask in waiting:
            answer = await caller.call(ask)
            if ask.path.endswith("/answers") and answer["result"] != "right":
                raise Refused(f"a right code was called {answer['result']}")

    callers = [Caller(core, port) for _ in range(AT_ONCE)]
    began = time.perf_counter()
    await asyncio.gather(*(worker(caller) for caller in callers))
    took_s = time.perf_counter() - began
    for caller in callers:
        await caller.close()
    return len(asks) / took_s


def one_by_one(served: Sequence[tuple[Stock, int]], asks: dict[int, list[Ask]]) -> dict[int, list[float]]:
    """Milliseconds of each request, on each server in turn; `asks` by people on file, all of the same length."""
    return asyncio.run(_turns(served, asks))


async def _turns(served: Sequence[tuple[Stock, int]], asks: dict[int, list[Ask]]) -> dict[int, list[float]]:
    callers = {stock.people: Caller(stock.core, port) for stock, port in served}
    found: dict[int, list[float]] = {size: [] for size in callers}
    sizes = list(callers)
    for index in range(len(asks[sizes[0]])):
        for size in sizes if index % 2 else sizes[::-1]:
            began = time.perf_counter_ns()
            await callers[size].call(asks[size][index])
            found[size].append((time.perf_counter_ns() - began) / 1e6)
    for caller in callers.values():
        await caller.close()
    return found
