"""What the tests of the fakes stand on: a provider on a port, and a channel of ours that answers as a test says."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import httpx

from tests.fakes.clock import Clock
from tests.fakes.graph import Messenger, MessengerAccess
from tests.fakes.provider import Provider
from tests.fakes.running import running
from tests.fakes.seen import Seen
from tests.fakes.webhooks import MESSENGER_RETRIES_S, ZALO_RETRIES_S, Rules
from tests.fakes.zalo import Zalo, ZaloAccess

AT_S = 1_790_000_000.0
"""2026-09-21, three days before Graph v20.0 ends."""
DEADLINE_S = 0.15
WITHIN_S = 5


class Channel(httpx.AsyncBaseTransport):
    """Our channel's end of the wire: keeps what came, answers `statuses` in turn and then 200; None is no answer in time."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.statuses: list[int | None] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        self.requests.append(request)
        status = self.statuses.pop(0) if self.statuses else 200
        if status is None:
            await asyncio.sleep(2 * DEADLINE_S)
        return httpx.Response(status or 200, text=request.url.params.get("hub.challenge", ""))


class Stage(Seen):
    """One provider that runs, and the channel it tells."""

    def __init__(self, provider: Provider, channel: Channel, http: httpx.Client) -> None:
        super().__init__(provider, http)
        self.channel = channel

    def anew(self) -> "Stage":
        """Forget everything that happened, so that many cases may share one provider."""
        self.do("reset")
        self.channel.requests.clear()
        return self

    def faults(self) -> list[str]:
        """Return the kinds of faults so far."""
        return [fault["kind"] for fault in self.see("faults")]

    def told(self, number: int) -> list[httpx.Request]:
        """Wait until our channel was told that often, and return it all."""
        for _ in range(WITHIN_S * 100):
            if len(self.channel.requests) >= number:
                return self.channel.requests
            self.http.get("/fake/people")
        raise AssertionError(f"{len(self.channel.requests)} of {number} webhooks came")


@contextmanager
def staged(provider: Provider, channel: Channel) -> Iterator[Stage]:
    """Run a provider."""
    with running(provider) as url, httpx.Client(base_url=url, trust_env=False, verify=False, timeout=10) as http:
        yield Stage(provider, channel, http)


@contextmanager
def messenger(access: MessengerAccess | None = None) -> Iterator[Stage]:
    """Run a fake Messenger whose clock stands still."""
    channel = Channel()
    rules = Rules(DEADLINE_S, MESSENGER_RETRIES_S)
    with staged(Messenger(access or MessengerAccess(), Clock(AT_S), Random(7), rules, channel), channel) as stage:
        yield stage


@contextmanager
def zalo(access: ZaloAccess | None = None) -> Iterator[Stage]:
    """Run a fake Zalo whose clock stands still."""
    channel = Channel()
    rules = Rules(DEADLINE_S, ZALO_RETRIES_S, "num_retry")
    with staged(Zalo(access or ZaloAccess(), Clock(AT_S), Random(7), rules, channel), channel) as stage:
        yield stage
