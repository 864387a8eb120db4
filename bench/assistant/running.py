"""An assistant under measurement: where it listens, which process it is, and who talks to it."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from bench.assistant.people import Person, TurnFailed

READY_WITHIN_S = 600.0
"""Long, for a machine that is busy with other things."""
LOOK_EVERY_S = 0.05


@dataclass
class Running:
    """One Rasa process that answers. `ready_s` went by between its start and its first answer."""

    name: str
    port: int
    pid: int
    person: type[Person]
    sentences: tuple[str, ...]
    ready_s: float
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @asynccontextmanager
    async def somebody(self) -> AsyncIterator[Person]:
        """Somebody new, in an open conversation."""
        person = self.person(self.port, next(self._numbers))
        try:
            await person.open()
            yield person
        finally:
            await person.close()


async def first_answer(person: type[Person], port: int, sentence: str, ended: Callable[[], int | None]) -> float:
    """Return `time.monotonic()` of the moment an assistant that is starting gave its first answer.

    Raises:
        TurnFailed: it has `ended` (its exit code instead of None) or did not answer in time.
    """
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and ended() is None:
        with suppress(OSError, EOFError, TurnFailed):
            await _ask_once(person(port, 0), sentence)
            return time.monotonic()
        await asyncio.sleep(LOOK_EVERY_S)
    raise TurnFailed("the assistant ended, or did not answer in time")


async def _ask_once(person: Person, sentence: str) -> None:
    try:
        await person.open()
        await person.say(sentence)
    finally:
        await person.close()
