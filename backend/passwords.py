"""Hashing of passwords: argon2id, as many at once as there are cores, a short queue, bounded parameters."""

import os
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

import argon2

from backend import metrics
from backend.errors import Busy
from backend.randomness import Randomness

MEMORY_KIB, ROUNDS, LANES = 47_104, 1, 1  # OWASP password storage sheet: argon2id, 46 MiB, t=1, p=1
MAX_MEMORY_KIB, MAX_ROUNDS, MAX_LANES = 262_144, 10, 4  # a stored hash that asks for more is not verified
QUEUE = 32  # requests that may wait; at about 50 ms each on two cores under a second
LETTERS = "abcdefghjkmnpqrstuvwxyz"  # without i, l, o
DIGITS = "23456789"  # without 0 and 1
TEMPORARY_LENGTH = 12  # 12 * log2(31) = 59 bits, less under 1 bit for the rule below


class PasswordHasher:
    """argon2id with a bound on parallel work; raises Busy when the queue is full."""

    def __init__(self, cores: int | None = None, queue: int = QUEUE) -> None:
        at_once = cores or os.cpu_count() or 1
        self._places = threading.BoundedSemaphore(at_once + queue)
        self._cores = threading.BoundedSemaphore(at_once)
        self._argon2 = argon2.PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._most = at_once + queue
        self._inside = 0
        self._counting = threading.Lock()
        self.calls = 0
        self.dummy = self.hash("no account has this password")

    def hash(self, password: str) -> str:
        """The encoded hash of the normalised password."""
        with self._place():
            return self._argon2.hash(normalised(password))

    def verify(self, encoded: str, password: str) -> bool:
        """Whether the password fits; hashes that ask for unreasonable work are refused unverified."""
        with self._place():
            try:
                asked = argon2.extract_parameters(encoded)
                if asked.memory_cost > MAX_MEMORY_KIB or asked.time_cost > MAX_ROUNDS or asked.parallelism > MAX_LANES:
                    return False
                return self._argon2.verify(encoded, normalised(password))
            except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
                return False

    @property
    def is_full(self) -> bool:
        """Whether the next request would be refused."""
        return self._inside >= self._most

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise Busy(retry_after=2)
        self._count(1)
        try:
            with metrics.hashing(), self._cores:
                self.calls += 1
                yield
        finally:
            self._count(-1)
            self._places.release()

    def _count(self, change: int) -> None:
        with self._counting:
            self._inside += change


def normalised(password: str) -> str:
    """NFKC, so that the same Vietnamese letters typed on another keyboard are the same password."""
    return unicodedata.normalize("NFKC", password)


def temporary_password(randomness: Randomness) -> str:
    """12 letters and digits without look-alikes, at least two of each kind, never six digits in a row."""
    alphabet = LETTERS + DIGITS
    while True:
        made = "".join(alphabet[randomness.below(len(alphabet))] for _ in range(TEMPORARY_LENGTH))
        digits = sum(char in DIGITS for char in made)
        # An OTP must stay the only run of six digits that any message can hold.
        if 2 <= digits <= 5:
            return made


def spoken_password(randomness: Randomness) -> str:
    """8 digits, as easy to hear as to key in; lives for minutes and has to be changed at the first login."""
    return f"{randomness.below(10**8):08d}"
