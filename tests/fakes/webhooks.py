"""Sending events to our channel as a provider does: with a deadline, and again when it was missed."""

import asyncio
import time
from collections import deque
from collections.abc import Coroutine
from dataclasses import asdict, dataclass, field
from typing import Any

import httpx

from tests.fakes.clock import Clock
from tests.fakes.journal import KEPT, Journal

ZALO_RETRIES_S = (30.0, 300.0, 900.0, 1800.0, 3600.0)
"""30 s, 5, 15 and 30 min, 1 h: two independent transcriptions of Zalo's page on webhooks. Then the webhook is switched off."""
MESSENGER_RETRIES_S = (5.0, 60.0, 300.0, 900.0, 2400.0)
"""Meta names no intervals, only that it warns after 15 minutes and unsubscribes after about an hour: what these add up to."""
ZALO_DEADLINE_S = 2.0
"""Zalo's page on webhooks."""
MESSENGER_DEADLINE_S = 5.0
"""Meta's current guides; an older list of questions says 20 s."""


@dataclass(frozen=True)
class Rules:
    """When an answer is late, after which pauses an event is sent again, and the header that then counts."""

    deadline_s: float
    retries_s: tuple[float, ...]
    retry_header: str = ""


@dataclass(frozen=True)
class Letter:
    """What is posted: the signed bytes, the ids of the events inside, and how it is forged if it is."""

    body: bytes
    headers: dict[str, str]
    ids: tuple[str, ...] = ()
    forged: str = ""


@dataclass(frozen=True)
class Attempt:
    """One try; `status` is None when no answer came in time. `took_ms` is real time, whatever the clock was moved to."""

    at_ms: int
    num_retry: int
    status: int | None
    took_ms: float

    def as_json(self) -> dict[str, Any]:
        """Return it for JSON."""
        return asdict(self)


@dataclass
class Post:
    """A letter on its way: `sending`, `waiting` to be sent again, `taken`, `refused` (forged ones), `given_up`, `off`."""

    letter: Letter
    attempts: list[Attempt] = field(default_factory=list)
    state: str = "sending"

    def as_json(self) -> dict[str, Any]:
        """Return it for JSON, without the body."""
        return {
            "ids": list(self.letter.ids),
            "forged": self.letter.forged,
            "state": self.state,
            "attempts": [attempt.as_json() for attempt in self.attempts],
        }


class Webhooks:
    """The way to our channel. `transport` replaces the network in tests."""

    def __init__(
        self, url: str, rules: Rules, clock: Clock, journal: Journal, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.url = url
        self.rules = rules
        self.on = True
        self.posts: deque[Post] = deque(maxlen=KEPT)
        self._clock = clock
        self._journal = journal
        self._transport = transport
        self._client: httpx.AsyncClient | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._taken_ms = 0

    async def send(self, letter: Letter) -> Post:
        """Post a letter once and return how that went; what failed is sent again by itself."""
        post = Post(letter)
        self.posts.append(post)
        if not self.on:
            post.state = "off"
            return post
        await self._attempt(post, 0)
        if post.state == "waiting":
            self.later(self._repeat(post))
        return post

    async def probe(self, letter: Letter) -> Post:
        """Post a letter once, even while events are switched off; it is not sent again."""
        post = Post(letter)
        self.posts.append(post)
        await self._attempt(post, 0)
        if post.state == "waiting":
            post.state = "given_up"
        return post

    async def ask(self, params: dict[str, str]) -> httpx.Response:
        """GET our channel's address, as Meta does to verify it."""
        return await self._open_client().get(self.url, params=params, timeout=self.rules.deadline_s)

    def later(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something in the background, until `close`."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Forget what was still to be sent."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    def _open_client(self) -> httpx.AsyncClient:
        if self._client is None:
            # A connection of its own each time: one that our channel closes while it is idle must not look like a failure.
            limits = httpx.Limits(max_connections=200, max_keepalive_connections=0)
            # Plain HTTP on this machine: certificates are not even read, which takes long.
            self._client = httpx.AsyncClient(transport=self._transport, limits=limits, trust_env=False, verify=False)
        return self._client

    async def _repeat(self, post: Post) -> None:
        for number, pause_s in enumerate(self.rules.retries_s, 1):
            # Counted from the try before, not from its failure, so that a test may move the time before that is known.
            await self._clock.sleep_until(post.attempts[-1].at_ms / 1000 + pause_s)
            if not self.on:
                post.state = "off"
                return
            await self._attempt(post, number)
            if post.state == "taken":
                return
        post.state = "given_up"
        if self._taken_ms < post.attempts[0].at_ms:
            self.on = False
            self._journal.fault("webhook_switched_off", "no event was taken in all that time: nothing is sent any more")

    async def _attempt(self, post: Post, number: int) -> None:
        letter, at_ms = post.letter, self._clock.now_ms()
        headers = {"Content-Type": "application/json", **letter.headers}
        if number and self.rules.retry_header:
            headers[self.rules.retry_header] = str(number)
        status: int | None = None
        what = "webhook_not_200"
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self.rules.deadline_s):
                answer = await self._open_client().post(self.url, content=letter.body, headers=headers, timeout=None)
            status = answer.status_code
        except TimeoutError:
            what = "webhook_late"
        except httpx.HTTPError:
            what = "webhook_unreachable"
        post.attempts.append(Attempt(at_ms, number, status, round((time.perf_counter() - started) * 1000, 1)))
        self._judge(post, status, what)

    def _judge(self, post: Post, status: int | None, what: str) -> None:
        letter = post.letter
        detail = f"{', '.join(letter.ids)}: status {status}, try {len(post.attempts)}"
        if letter.forged:
            post.state = "refused"
            if status is not None and status < 300:
                post.state = "taken"
                self._journal.fault("forged_taken", f"{letter.forged}: {detail}")
        elif status == 200:
            post.state = "taken"
            self._taken_ms = self._clock.now_ms()
        else:
            post.state = "waiting"
            self._journal.fault(what, detail)
