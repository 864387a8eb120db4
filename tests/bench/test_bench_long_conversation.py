"""The long conversation: which turns stand for a mark, and when it is given up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.assistant.long_conversation import LongConversation, long_conversation
from bench.assistant.people import Turn
from bench.assistant.sentences import OURS


class Patient:
    """Answers the n-th message of a conversation in n milliseconds."""

    sentences = OURS

    @asynccontextmanager
    async def somebody(self) -> AsyncIterator["Somebody"]:
        yield Somebody()


class Somebody:
    said = 0

    async def say(self, text: str) -> Turn:
        self.said += 1
        return Turn(self.said, [text])


def talked(within_s: float) -> LongConversation:
    return asyncio.run(long_conversation(Patient(), (200, 1000), within_s))  # type: ignore[arg-type]


def test_a_mark_is_its_turn_and_ten_on_either_side() -> None:
    windows = talked(within_s=60).windows
    assert windows[200].late == list(range(190, 211))
    assert windows[1000].late == list(range(990, 1011))


def test_the_beginning_is_that_of_a_new_conversation_each_time() -> None:
    windows = talked(within_s=60).windows
    assert windows[200].early == windows[1000].early == list(range(1, 21))


def test_every_turn_is_kept_in_order() -> None:
    assert talked(within_s=60).turns == list(range(1, 1011))


def test_a_conversation_that_takes_too_long_is_given_up() -> None:
    measured = talked(within_s=0)
    assert measured.windows == {}
    assert measured.turns == [1]
