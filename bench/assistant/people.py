"""People who write to an assistant, each over its own contract, timed from the POST to the last bubble."""

import asyncio
import json
import time
import uuid
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bench.assistant.sentences import BUSY
from bench.wire import Connection

TURN_WITHIN_S = 60.0


class TurnFailed(Exception):
    """The assistant refused or did not answer: such a run measures nothing."""


@dataclass(frozen=True)
class Turn:
    """One message and its answer."""

    ms: float
    bubbles: list[str]


@dataclass(frozen=True)
class Answer:
    """The texts of a turn's bubbles, and when (`time.perf_counter`) the last one came."""

    bubbles: list[str]
    last_at: float


class Person(ABC):
    """One conversation. People differ by `number`, also in the loopback address they come from: limits count per address."""

    def __init__(self, port: int, number: int) -> None:
        self._number = number
        self._source = f"127.{1 + number // 62_500 % 250}.{1 + number // 250 % 250}.{1 + number % 250}"
        self._wire = Connection(port, self._source)

    @abstractmethod
    async def open(self) -> None:
        """Begin the conversation."""

    @abstractmethod
    async def answer_to(self, text: str) -> Answer:
        """Send a message and return its bubbles when it is known that the last has come."""

    async def say(self, text: str) -> Turn:
        """Send a message and wait for its last bubble.

        Raises:
            TurnFailed: a refusal, silence, or the sentence of a turn that failed.
        """
        started = time.perf_counter()
        answer = await asyncio.wait_for(self.answer_to(text), TURN_WITHIN_S)
        if not answer.bubbles or any(bubble.startswith(BUSY) for bubble in answer.bubbles):
            raise TurnFailed(f"{text!r} was answered with {answer.bubbles}")
        return Turn((answer.last_at - started) * 1000, answer.bubbles)

    async def close(self) -> None:
        """Leave."""
        await self._wire.close()


class Visitor(Person):
    """Somebody at our chat page: messages by POST, answers over server-sent events, as the page itself does."""

    def __init__(self, port: int, number: int) -> None:
        super().__init__(port, number)
        self._headers = {"X-CB": "1", "Origin": f"http://127.0.0.1:{port}"}
        self._turns: asyncio.Queue[Answer | None] = asyncio.Queue()
        self._stream = Connection(port, self._source)
        self._reader: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Open the page: a session with its greeting, then the stream of events."""
        opened = await self._wire.post("/chat/api/session", {"lang": "vi"}, self._headers)
        if opened.status != 200:
            raise TurnFailed(f"no session: {opened.status}")
        self._headers["Cookie"] = opened.headers["set-cookie"].split(";")[0]
        seen = max(message["seq"] for message in opened.json()["messages"])
        self._reader = asyncio.create_task(self._read(seen))
        if await asyncio.wait_for(self._turns.get(), TURN_WITHIN_S) is None:
            raise TurnFailed("no stream of events")

    async def answer_to(self, text: str) -> Answer:
        """Post a text and wait for `typing: false`, which tells that the last bubble has come."""
        body = {"client_id": str(uuid.uuid4()), "text": text}
        accepted = await self._wire.post("/chat/api/messages", body, self._headers)
        if accepted.status != 202:
            raise TurnFailed(f"{text!r} was refused: {accepted.status} {accepted.body.decode()}")
        answer = await self._turns.get()
        if answer is None:
            raise TurnFailed("the stream of events ended")
        return answer

    async def close(self) -> None:
        """Close the page."""
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader
        await self._stream.close()
        await super().close()

    async def _read(self, seen: int) -> None:
        """Queue the bubbles of each turn that ends; the stream itself begins with an end, None says that it is over."""
        kind, bubbles, last_at = "", list[str](), 0.0
        with suppress(OSError, EOFError):
            async for line in self._stream.lines(f"/chat/api/events?after={seen}", self._headers):
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    data: dict[str, Any] = json.loads(value)
                    if kind == "message" and data["from"] == "bot":
                        bubbles.append(data["text"])
                        last_at = time.perf_counter()
                    elif kind == "typing" and not data["typing"]:
                        self._turns.put_nowait(Answer(bubbles, last_at))
                        bubbles = []
        self._turns.put_nowait(None)


class RestCaller(Person):
    """Somebody at Rasa's `rest` channel, whose answer holds every bubble."""

    async def open(self) -> None:
        """Choose a name: the channel has nothing to open."""
        self._sender = f"person-{self._number}-{uuid.uuid4().hex[:8]}"

    async def answer_to(self, text: str) -> Answer:
        """Post a text and return the answer's bubbles."""
        answer = await self._wire.post("/webhooks/rest/webhook", {"sender": self._sender, "message": text})
        if answer.status != 200:
            raise TurnFailed(f"{text!r} was refused: {answer.status}")
        return Answer([bubble.get("text", "") for bubble in answer.json()], time.perf_counter())
