"""Many people at once: how many messages a second are answered."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bench.assistant.people import Person
from bench.assistant.running import Running
from bench.assistant.sentences import TURNS
from bench.process import cpu_s

PEOPLE = 32


@dataclass(frozen=True)
class Batch:
    """32 conversations of 8 turns at once.

    Opening (our page's session with its greeting; the `rest` channel has none) comes before the clock starts;
    `with_opening` is the rate when it counts as lost time.
    """

    per_second: float
    with_opening: float
    cpu_ms: float
    p95_ms: float


async def batch(running: Running) -> Batch:
    """Let 32 people hold a conversation each, everybody beginning with another sentence."""
    async with AsyncExitStack() as leaving:
        opening = time.perf_counter()
        people = await asyncio.gather(*(leaving.enter_async_context(running.somebody()) for _ in range(PEOPLE)))
        started, cpu_before = time.perf_counter(), cpu_s(running.pid)
        talks = await asyncio.gather(*(_talk(running, person, first) for first, person in enumerate(people)))
        ended, cpu_after = time.perf_counter(), cpu_s(running.pid)
    turns = sorted(ms for talk in talks for ms in talk)
    return Batch(
        per_second=len(turns) / (ended - started),
        with_opening=len(turns) / (ended - opening),
        cpu_ms=(cpu_after - cpu_before) * 1000 / len(turns),
        p95_ms=turns[int(len(turns) * 0.95)],
    )


async def _talk(running: Running, person: Person, first: int) -> list[float]:
    return [(await person.say(running.sentences[(first + turn) % TURNS])).ms for turn in range(TURNS)]
