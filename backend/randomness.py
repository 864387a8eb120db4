"""Randomness as a value that is passed in; the real one is the operating system's."""

import secrets
from typing import Protocol


class Randomness(Protocol):
    """A source of unpredictable bytes and numbers."""

    def octets(self, count: int) -> bytes:
        """`count` random bytes."""
        ...

    def below(self, limit: int) -> int:
        """A uniform integer in [0, limit)."""
        ...


class SystemRandomness:
    """The operating system's generator."""

    def octets(self, count: int) -> bytes:
        """`count` random bytes."""
        return secrets.token_bytes(count)

    def below(self, limit: int) -> int:
        """A uniform integer in [0, limit)."""
        return secrets.randbelow(limit)
