"""One conversation that goes on and on: how much slower its turns get."""

import time
from dataclasses import dataclass, field

from bench.assistant.people import Person
from bench.assistant.running import Running
from bench.assistant.sentences import TURNS

EARLY = 10
MARKS = (200, 1000)
REACH = 10
"""Turns counted on either side of a mark: windows of 21 turns."""


@dataclass
class Window:
    """Turns around a mark, and the first turns of a new conversation, taken in turns with them: the machine is the same."""

    late: list[float] = field(default_factory=list)
    early: list[float] = field(default_factory=list)


@dataclass
class LongConversation:
    """Milliseconds of every turn, and the windows that were reached in time."""

    turns: list[float] = field(default_factory=list)
    windows: dict[int, Window] = field(default_factory=dict)


async def long_conversation(running: Running, marks: tuple[int, ...], within_s: float) -> LongConversation:
    """Talk until the last mark is passed, or give up after `within_s` seconds."""
    measured = LongConversation()
    started = time.monotonic()
    async with running.somebody() as person:
        for mark in marks:
            for turn in range(len(measured.turns), mark - REACH - 1):
                measured.turns.append(await _ms(running, person, turn))
                if time.monotonic() - started > within_s:
                    return measured
            measured.windows[mark] = await _window(running, person, measured)
    return measured


async def _window(running: Running, person: Person, measured: LongConversation) -> Window:
    window = Window()
    async with running.somebody() as newcomer:
        for turn in range(EARLY + REACH + 1):
            ms = await _ms(running, newcomer, turn)
            if abs(turn + 1 - EARLY) <= REACH:
                window.early.append(ms)
            measured.turns.append(await _ms(running, person, len(measured.turns)))
            window.late.append(measured.turns[-1])
    return window


async def _ms(running: Running, person: Person, turn: int) -> float:
    return (await person.say(running.sentences[turn % TURNS])).ms
