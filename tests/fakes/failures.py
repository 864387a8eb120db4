"""Failures that a test orders: the next calls go wrong in the way it names."""

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from starlette.requests import Request

How = Literal["rate", "expired", "blocked", "window", "hang", "lost", "http500", "garbage", "code"]
"""`hang`: not taken, never answered. `lost`: taken, the answer never comes. `garbage`: HTTP 200 with a page instead of JSON.

`code`: the provider's error of that number.
"""
Part = Literal["send", "action", "oauth"]
"""`send` is a message, `action` a sender action or reaction, `oauth` the exchange of tokens."""

HANG_S = 60
"""A client that waits longer has no deadline, and gets HTTP 500."""


@dataclass
class Failure:
    """`n` calls that fail; only those for `user`, if one is named."""

    how: How
    n: int
    part: Part = "send"
    user: str = ""
    code: int = 0


@dataclass
class Failures:
    """What was ordered and has not happened yet."""

    ordered: list[Failure] = field(default_factory=list)

    def take(self, part: Part, user: str = "") -> Failure | None:
        """Return how this call fails, if it does, and count it."""
        for failure in self.ordered:
            if failure.part == part and failure.user in ("", user):
                failure.n -= 1
                if failure.n <= 0:
                    self.ordered.remove(failure)
                return failure
        return None


async def stall(request: Request) -> None:
    """Wait until the client has given up."""
    for _ in range(HANG_S * 20):
        if await request.is_disconnected():
            return
        await asyncio.sleep(0.05)
