"""What is kept how long: drafts lose their values, counters and idempotency answers are deleted."""

import logging
import threading

from sqlalchemy import delete, update

from backend import outbox
from backend.core import Core
from backend.errors import BackendError
from backend.photos import links, store
from backend.schema import breaker_buckets, drafts, idempotency, tallies

IDEMPOTENCY_LIFE_S = 86_400
TALLY_LIFE_S = 2 * 86_400  # windows look back one day
SHOWN_LIFE_S = 900  # a sent body on the demo outbox page
EVERY_S = 1.0
log = logging.getLogger("backend.retention")


class Sweeper:
    """A thread of its own: nothing that delays mail delays the erasing."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweeper", daemon=True)

    def start(self) -> None:
        """Start sweeping, once a second."""
        self._thread.start()

    def stop(self) -> None:
        """End after the sweep in hand."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=3)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                sweep(self._core)
            except BackendError as error:
                log.warning("retention waits: %s", error.code)
            except Exception as error:  # the thread must outlive any single failure
                log.error("retention: %s", type(error).__name__)
            self._stop.wait(EVERY_S)


def sweep(core: Core) -> None:
    """Delete and erase everything that is past its time; cheap enough for every second."""
    outbox.erase_shown(core, SHOWN_LIFE_S)
    outbox.expire_unsent(core)
    with core.writing() as unit:
        idle = unit.now - core.settings.draft_life_s
        unit.conn.execute(
            update(drafts)
            .where(drafts.c.state == "open", drafts.c.touched_at <= idle)
            .values(state="expired", fields_sealed=None, code_index=None)
        )
        store.sweep(unit)
        links.sweep(unit)
        unit.conn.execute(delete(idempotency).where(idempotency.c.created_at <= unit.now - IDEMPOTENCY_LIFE_S))
        unit.conn.execute(delete(tallies).where(tallies.c.at <= unit.now - TALLY_LIFE_S))
        unit.conn.execute(delete(breaker_buckets).where(breaker_buckets.c.starts_at <= unit.now - TALLY_LIFE_S))
