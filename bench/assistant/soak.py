"""Thousands of messages: does the process grow?"""

import asyncio
from dataclasses import dataclass, field

from bench.assistant.ours import OurRunning
from bench.assistant.people import Person
from bench.assistant.running import Running
from bench.assistant.sentences import CANCEL_FORM, START_FORM
from bench.process import rss_mb

PEOPLE = 8
FIRST = 100
"""Memory is compared with what it was after this many messages."""
POINTS = 50
FORM_EVERY = 10
"""Every tenth conversation begins a form and gives a value."""


@dataclass
class Soak:
    """Resident memory in MB after so many messages."""

    messages: list[int] = field(default_factory=list)
    rss_mb: list[float] = field(default_factory=list)


async def first_hundred(running: Running) -> float:
    """Warm up with a hundred messages and return the resident memory in MB."""
    said = 0
    while said < FIRST:
        async with running.somebody() as person:
            for sentence in running.sentences:
                await person.say(sentence)
        said += len(running.sentences)
    return rss_mb(running.pid)


async def soak(running: OurRunning, messages: int) -> Soak:
    """Let eight people at a time hold one short conversation after the other until `messages` are answered."""
    measured = Soak([FIRST], [await first_hundred(running)])
    code = running.programs.new_account()["bhxh_code"]
    said = FIRST
    conversations = 0

    def look() -> None:
        measured.messages.append(said)
        measured.rss_mb.append(rss_mb(running.pid))

    async def talk() -> None:
        nonlocal said, conversations
        while said < messages:
            conversations += 1
            with_form = conversations % FORM_EVERY == 0
            async with running.somebody() as person:
                answered = await _conversation(running, person, code if with_form else None)
            said += answered
            if said - measured.messages[-1] >= messages / POINTS:
                look()

    await asyncio.gather(*(talk() for _ in range(PEOPLE)))
    if measured.messages[-1] < said:
        look()
    return measured


async def _conversation(running: Running, person: Person, code: str | None) -> int:
    sentences = running.sentences if code is None else (START_FORM, code, CANCEL_FORM, *running.sentences[3:])
    for sentence in sentences:
        await person.say(sentence)
    return len(sentences)
