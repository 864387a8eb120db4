"""The watch over memory counts every message, however the conversations overlap."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

from bench.assistant.soak import FIRST, Soak, soak


class Crowd:
    """An assistant that answers everybody after the others had a word."""

    pid = os.getpid()
    sentences = ("one", "two", "three", "four", "five", "six", "seven", "eight")
    programs = SimpleNamespace(new_account=lambda: {"bhxh_code": "7900000001"})

    def __init__(self) -> None:
        self.said: list[str] = []
        self.conversations = 0

    @asynccontextmanager
    async def somebody(self) -> AsyncIterator["Crowd"]:
        self.conversations += 1
        yield self

    async def say(self, text: str) -> None:
        self.said.append(text)
        await asyncio.sleep(0)


def watched(messages: int) -> tuple[Soak, Crowd]:
    crowd = Crowd()
    return asyncio.run(soak(crowd, messages)), crowd  # type: ignore[arg-type]


def test_messages_of_overlapping_conversations_are_all_counted() -> None:
    measured, crowd = watched(1000)
    warming_up = -(-FIRST // 8) * 8
    assert measured.messages[-1] - FIRST == len(crowd.said) - warming_up
    assert 1000 <= measured.messages[-1] < 1000 + 8 * 8


def test_memory_is_written_down_all_along_the_way() -> None:
    measured, _ = watched(1000)
    assert measured.messages == sorted(set(measured.messages))
    assert measured.messages[0] == FIRST
    assert len(measured.rss_mb) == len(measured.messages) > 20


def test_every_tenth_conversation_goes_into_a_form() -> None:
    _, crowd = watched(1000)
    warming_up = -(-FIRST // 8)
    assert crowd.said.count("7900000001") == (crowd.conversations - warming_up) // 10 > 10
