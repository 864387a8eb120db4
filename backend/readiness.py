"""Whether this process can do its work now, answered in bounded time whatever hangs."""

import asyncio
import logging
import threading
from concurrent.futures import Future

from backend import migrate
from backend.core import Core
from backend.errors import BackendError

WITHIN_S = 0.8  # with the way there and back under the second of T64 (security note)
log = logging.getLogger("backend.readiness")


class Readiness:
    """One look at a time: who asks meanwhile is given the same, so that a database that hangs holds one thread only."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._guard = threading.Lock()
        self._look: Future[list[str]] | None = None

    async def missing(self) -> list[str]:
        """What is not there: `database`, `schema`, `hashing`; empty when the process is ready."""
        full = ["hashing"] if self._core.hasher.is_full else []
        try:
            found = await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._looking())), WITHIN_S)
        except TimeoutError:
            found = ["database"]
        return found + full

    def _looking(self) -> "Future[list[str]]":
        with self._guard:
            if self._look is None or self._look.done():
                self._look = Future()
                # Not a pool of threads: those are waited for when the program ends.
                threading.Thread(target=self._run, args=(self._look,), name="readiness", daemon=True).start()
            return self._look

    def _run(self, look: "Future[list[str]]") -> None:
        try:
            look.set_result([] if migrate.is_current(self._core.database) else ["schema"])
        except BackendError:
            look.set_result(["database"])
        except Exception as error:  # an answer must come in any case
            log.error("readiness: %s", type(error).__name__)
            look.set_result(["database"])
