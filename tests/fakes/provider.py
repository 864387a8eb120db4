"""What both fake providers have in common: people, a journal, ordered failures and the way to our channel."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx
from fastapi import FastAPI

from tests.fakes.clock import Clock
from tests.fakes.failures import Failures
from tests.fakes.journal import Journal
from tests.fakes.people import Choice, Item, People
from tests.fakes.webhooks import Letter, Post, Rules, Webhooks

FORGERIES = ("secret", "missing", "altered", "weak", "malformed")
"""Signed with a wrong secret; not signed; changed after it was signed; signed in a weaker or mistaken way; no hash at all."""

Json = dict[str, Any]


class Impossible(Exception):
    """A person cannot do that: an unknown kind, or something to press that is not on the screen."""


@dataclass(frozen=True)
class Event:
    """Something that happened: `body` is what the provider writes about it, `item` what the chat shows of it."""

    id: str
    body: Json
    slot: str = "messaging"
    item: Item | None = None


class Provider(ABC):
    """One provider with one page or account, connected to one channel of ours."""

    name: str

    def __init__(
        self, url: str, rules: Rules, clock: Clock, random: Random, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.clock = clock
        self.random = random
        self.journal = Journal(clock)
        self.failures = Failures()
        self.people = People()
        self.webhooks = Webhooks(url, rules, clock, self.journal, transport)
        self.own_url = "http://127.0.0.1"
        self.fetched: list[str] = []
        """Files of people that somebody fetched."""
        self.receipts = True
        """Whether our channel hears of what it sent itself: echoes and deliveries."""
        self._stamp_ms = 0

    @abstractmethod
    def happen(self, user: str, kind: str, fields: Json, shown: bool = True) -> Event:
        """Let a person do something; unless `shown`, only its event is made, for a forged one."""

    @abstractmethod
    def letters(self, events: list[Event], forgery: str = "") -> list[Letter]:
        """Wrap events as the provider posts them, signed, or forged in one of the ways of `FORGERIES`."""

    @abstractmethod
    def pressed(self, choice: Choice) -> tuple[str, Json]:
        """Return the kind of event that pressing this makes, and its fields."""

    @abstractmethod
    async def verify(self) -> Json:
        """Do what the provider does when the webhook's address is saved, and send events again if they were switched off."""

    @abstractmethod
    def about(self) -> Json:
        """Return the name, what a person can do, and the settings our channel needs."""

    @abstractmethod
    def set(self, options: Json) -> None:
        """Change what can be changed while it runs."""

    @abstractmethod
    def app(self) -> FastAPI:
        """Return the provider's API."""

    def menu(self, user: str) -> list[Choice]:
        """Return what this person can press beside the messages."""
        return []

    def press(self, user: str, label: str, payload: str) -> tuple[str, Json]:
        """Find what is pressed, by its label or payload."""
        for choice in (*self.people.meet(user).offered(), *self.menu(user)):
            if choice.kind not in ("url", "phone") and (choice.label == label if label else choice.payload == payload):
                return self.pressed(choice)
        raise Impossible(f"{label or payload!r} is not offered to {user}")

    async def tell(self, events: list[Event], forgery: str = "") -> list[Post]:
        """Send events to our channel and return how the first tries went."""
        posts = []
        for letter in self.letters(events, forgery):
            posts.append(await self.send(letter, events))
        return posts

    async def send(self, letter: Letter, events: list[Event]) -> Post:
        """Send one letter, and remember it at what the chat shows."""
        post = await self.webhooks.send(letter)
        for event in events:
            if event.item is not None and event.id in letter.ids:
                event.item.posts.append(post)
        return post

    def tell_later(self, events: list[Event]) -> None:
        """Send events without waiting for our channel, which waits for us."""
        self.webhooks.later(self.tell(events))

    def stamp(self) -> int:
        """Return the time in milliseconds, never the same twice."""
        self._stamp_ms = max(self._stamp_ms + 1, self.clock.now_ms())
        return self._stamp_ms

    def new_id(self, prefix: str) -> str:
        """Return an id nobody guesses twice."""
        return f"{prefix}{self.random.getrandbits(80):020x}"

    def new_file(self, ending: str) -> str:
        """Return the address of a file that a person sent."""
        return f"{self.own_url}/fake/files/{self.random.getrandbits(64):016x}.{ending}"
