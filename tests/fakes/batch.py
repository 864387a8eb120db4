"""Many events at once: several in one POST, repeated, shuffled, with forged ones among them."""

import asyncio
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from tests.fakes.provider import FORGERIES, Event, Provider
from tests.fakes.webhooks import Letter, Post


class EventOrder(BaseModel):
    """One event: its kind, whose it is, how often it is sent, and how it is forged; other fields belong to the kind."""

    model_config = ConfigDict(extra="allow")
    user: str
    kind: str = "text"
    times: int = Field(default=1, ge=1, le=100)
    forged: str = Field(default="", pattern=f"^({'|'.join(FORGERIES)})?$")

    def fields(self) -> dict[str, Any]:
        """Return what belongs to the kind."""
        return dict(self.model_extra or {})


class BatchOrder(BaseModel):
    """What is sent: `duplicates` is the share of genuine events that come once more, `forged` how many false ones come besides.

    `per_post` events share a POST at Messenger; Zalo sends each by itself. `at_once` POSTs are under way together.
    """

    events: list[EventOrder]
    per_post: int = Field(default=1, ge=1, le=1000)
    duplicates: float = Field(default=0, ge=0, le=1)
    forged: int = Field(default=0, ge=0)
    shuffle: bool = False
    at_once: int = Field(default=4, ge=1, le=100)


async def send(provider: Provider, order: BatchOrder) -> dict[str, Any]:
    """Send it all, wait for the first tries, and count."""
    made = [(one, provider.happen(one.user, one.kind, one.fields(), shown=not one.forged)) for one in order.events]
    genuine = [event for one, event in made if not one.forged]
    sent = [event for one, event in made if not one.forged for _ in range(one.times)]
    sent += provider.random.sample(genuine, round(len(genuine) * order.duplicates))
    if order.shuffle:
        provider.random.shuffle(sent)
    batches = [sent[start : start + order.per_post] for start in range(0, len(sent), order.per_post)]
    letters = [(letter, batch) for batch in batches for letter in provider.letters(batch)]
    forged = [letter for one, event in made if one.forged for letter in provider.letters([event], one.forged) * one.times]
    forged += _invented(provider, order)
    for letter in forged:
        letters.insert(provider.random.randint(0, len(letters)), (letter, []))
    posts = await _post(provider, letters, order.at_once)
    return {
        "genuine": len(genuine),
        "duplicates": len(sent) - len(genuine),
        "forged": len(forged),
        "posts": [post.as_json() for post in posts],
    }


def _invented(provider: Provider, order: BatchOrder) -> Iterator[Letter]:
    """Yield forged events that nobody sent, each kind of forgery in turn."""
    for number in range(order.forged):
        user = provider.random.choice(order.events).user if order.events else "nobody"
        event = provider.happen(user, "text", {"text": f"forged {number}"}, shown=False)
        yield from provider.letters([event], FORGERIES[number % len(FORGERIES)])


async def _post(provider: Provider, letters: list[tuple[Letter, list[Event]]], at_once: int) -> list[Post]:
    free = asyncio.Semaphore(at_once)

    async def one(letter: Letter, events: list[Event]) -> Post:
        async with free:
            return await provider.send(letter, events)

    return list(await asyncio.gather(*(one(letter, events) for letter, events in letters)))
