"""Zalo's pair of tokens: an access token for 25 hours, and a refresh token that works once and brings the next pair.

The file with the newest pair is the truth, for every process: it is read before each use, and written before a new pair is
used. A pair is first written whole beside it and then renamed, so a process may die at any moment: what is complete beside the
file is taken over at the next look. Only a pair that was on its way from Zalo when the process died is lost, and then, as when
the refresh token has died of age (3 months), an administrator of the account must consent again: `make zalo-tokens`.
"""

import asyncio
import fcntl
import getpass
import json
import logging
import os
import sys
import time
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, AsyncIterator, Awaitable, Callable, Dict, Optional, Set, Tuple

from assistant.channels.refusals import NeedsUs

logger = logging.getLogger(__name__)

REFRESH_AFTER_S = 20 * 3600.0
"""An access token lives 25 h (`expires_in` "90000" in Zalo's answer)."""
LOOK_EVERY_S = 600.0
LOCK_AGAIN_S = 0.05
NO_PAIR = "it has no usable pair of tokens; an administrator must consent: make zalo-tokens"

Exchange = Callable[[str], Awaitable[Dict[str, Any]]]
"""Gives a refresh token to Zalo and returns what it answers; raises when nothing certain came back."""


@dataclass(frozen=True)
class Pair:
    """What Zalo gave out; `obtained_at` in seconds since 1970."""

    access_token: str
    refresh_token: str
    obtained_at: float


class PairFile:
    """The pair on disk, for its owner alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = path.with_suffix(".new")
        self.lock = path.with_suffix(".lock")

    def read(self) -> Optional[Pair]:
        """Return the newest complete pair, None when there is none."""
        return _parsed(self._beside) or _parsed(self._path)

    def write(self, pair: Pair) -> None:
        """Keep a pair: on the disk itself when this returns, the old one until then."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if _parsed(self._beside) is not None:
            self._swap()  # what a crash has left there is not written over before it is safe
        descriptor = os.open(self._beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            os.fchmod(descriptor, 0o600)
            json.dump(asdict(pair), file)
            file.flush()
            os.fsync(descriptor)
        self._swap()

    def _swap(self) -> None:
        self._beside.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class Tokens:
    """The account's tokens, refreshed by one process at a time. `now` is seconds since 1970."""

    def __init__(
        self,
        path: Path,
        exchange: Exchange,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._file = PairFile(path)
        self._exchange = exchange
        self._now = now
        self._sleep = sleep
        self._refused: Optional[Tuple[str, float]] = None
        self._work: Set["asyncio.Task[str]"] = set()
        self._is_closed = False

    async def close(self) -> None:
        """Refresh no more; what is on its way from Zalo is waited for, or it would be lost."""
        self._is_closed = True
        if self._work:
            await asyncio.wait(self._work)

    def access(self) -> str:
        """Return the access token.

        Raises:
            NeedsUs: there is none.
        """
        pair = self._file.read()
        if pair is None:
            raise NeedsUs(NO_PAIR)
        return pair.access_token

    async def refresh(self, instead_of: str) -> str:
        """Return another access token than this one, which is too old or was refused: a new one, unless somebody was faster.

        Raises:
            NeedsUs: Zalo refuses the refresh token. Anything else: nobody knows; it is tried again.
        """
        if self._is_closed:
            raise ConnectionError("going down")
        work = asyncio.get_event_loop().create_task(self._refresh(instead_of))
        self._work.add(work)
        work.add_done_callback(self._work.discard)
        return await asyncio.shield(work)

    async def _refresh(self, instead_of: str) -> str:
        async with self._alone():
            pair = self._file.read()
            if pair is None:
                raise NeedsUs(NO_PAIR)
            if pair.access_token != instead_of:
                return pair.access_token
            if self._refused is not None and self._refused[0] == pair.refresh_token and self._now() < self._refused[1]:
                raise NeedsUs(NO_PAIR)
            told = await self._exchange(pair.refresh_token)
            if not told.get("access_token") or not told.get("refresh_token"):
                self._refused = (pair.refresh_token, self._now() + LOOK_EVERY_S)
                logger.error("Zalo refuses the refresh token with error %s", told.get("error"))
                raise NeedsUs(NO_PAIR)
            new = Pair(str(told["access_token"]), str(told["refresh_token"]), self._now())
            self._file.write(new)
            return new.access_token

    async def keep_fresh(self, needs_us: Callable[[str], None]) -> None:
        """Refresh the pair before it ends, for as long as the process lives; `needs_us` hears when that is impossible."""
        while True:
            try:
                await self.refresh_if_old()
            except NeedsUs as error:
                needs_us(error.why)
            except Exception as error:
                logger.warning("Zalo's tokens could not be refreshed now: %s", type(error).__name__)
            await self._sleep(LOOK_EVERY_S)

    async def refresh_if_old(self) -> None:
        """Refresh the pair when it is about twenty hours old."""
        pair = self._file.read()
        if pair is None:
            raise NeedsUs(NO_PAIR)
        if self._now() - pair.obtained_at >= REFRESH_AFTER_S:
            await self.refresh(pair.access_token)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Hold the lock of all processes; it ends with the one that holds it."""
        self._file.lock.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._file.lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            while not _locked(descriptor):
                await asyncio.sleep(LOCK_AGAIN_S)
            yield
        finally:
            os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _parsed(path: Path) -> Optional[Pair]:
    """Return the pair in a file, None when it is not there or not complete."""
    try:
        kept = json.loads(path.read_text())
        pair = Pair(str(kept["access_token"]), str(kept["refresh_token"]), float(kept["obtained_at"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return pair if pair.access_token and pair.refresh_token else None


def main() -> int:
    """`python -m assistant zalo-tokens FILE`: ask for the first pair and keep it; return 2 when none was given."""
    if len(sys.argv) != 3:
        print("usage: make zalo-tokens", file=sys.stderr)
        return 2
    ask = getpass.getpass if sys.stdin.isatty() else lambda prompt: sys.stdin.readline()
    access, refresh = ask("access token: ").strip(), ask("refresh token: ").strip()
    if not access or not refresh or access == refresh:
        print("both tokens are needed, as Zalo's API Explorer shows them", file=sys.stderr)
        return 2
    keep_first(Path(sys.argv[2]), Pair(access, refresh, time.time()))
    print("kept; a running assistant uses them from now on")
    return 0


def keep_first(path: Path, pair: Pair) -> None:
    """Keep a pair that an administrator has brought, not while another one is being fetched."""

    async def keep() -> None:
        async with Tokens(path, _nothing)._alone():
            PairFile(path).write(pair)

    asyncio.run(keep())


async def _nothing(refresh_token: str) -> Dict[str, Any]:
    return {}
