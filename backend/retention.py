"""What is kept how long: a table of lives, and a thread that keeps to it."""

import logging
import threading
from dataclasses import dataclass

from sqlalchemy import Column, Table, delete, select, update

from backend import metrics, outbox, schema
from backend.core import Core, Unit
from backend.errors import BackendError
from backend.officers import applications
from backend.photos import store

MINUTE_S, DAY_S = 60, 86_400
SHOWN_LIFE_S = 15 * MINUTE_S  # a sent body on the demo outbox page
BATCH = 2_000  # rows a statement: nobody waits long for the lock it holds
EVERY_S = 1.0
log = logging.getLogger("backend.retention")


@dataclass(frozen=True)
class Life:
    """Rows of a table live that long (seconds) after the moment in a column."""

    table: Table
    since: str
    life_s: int

    @property
    def moment(self) -> Column[int]:
        """The column the life is counted from."""
        return self.table.c[self.since]


LIVES = (
    Life(schema.nonces, "at", 2 * MINUTE_S),  # twice what a signature's time stamp may be off
    Life(schema.spoken_passwords, "expires_at", 0),
    Life(schema.upload_links, "expires_at", 0),
    Life(schema.idempotency, "created_at", DAY_S),
    Life(schema.displaced_sessions, "at", DAY_S),  # no session lives longer, so nobody's could still ask why it ended
    Life(schema.tallies, "at", 2 * DAY_S),  # windows look back one day
    Life(schema.breaker_buckets, "starts_at", 2 * DAY_S),
    Life(schema.drafts, "touched_at", 30 * DAY_S),  # closed and without values long before; challenges go with them
    Life(schema.outbox, "created_at", 30 * DAY_S),  # envelopes; the bodies are erased when they are sent
    Life(schema.applications, "decided_at", 90 * DAY_S),
    Life(schema.change_requests, "decided_at", 90 * DAY_S),
    Life(schema.complaints, "created_at", 365 * DAY_S),
    Life(schema.fraud_reports, "created_at", 365 * DAY_S),
)


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
                metrics.swept(self._core.clock.now())
            except BackendError as error:
                log.warning("retention waits: %s", error.code)
            except Exception as error:  # the thread must outlive any single failure
                log.error("retention: %s", type(error).__name__)
            self._stop.wait(EVERY_S)


def sweep(core: Core) -> None:
    """Delete and erase what is past its time; cheap enough for every second."""
    outbox.erase_shown(core, SHOWN_LIFE_S)
    outbox.expire_unsent(core)
    applications.expire(core, BATCH)
    with core.writing() as unit:
        _close_idle_drafts(core, unit)
        for life in LIVES:
            _delete(unit, life)


def _close_idle_drafts(core: Core, unit: Unit) -> None:
    drafts = schema.drafts
    idle = unit.now - core.settings.draft_life_s
    query = update(drafts).where(drafts.c.state == "open", drafts.c.touched_at <= idle)
    closed = list(
        unit.conn.execute(
            query.values(state="expired", fields_sealed=None, code_index=None).returning(drafts.c.id, drafts.c.task)
        )
    )
    registrations = [row.id for row in closed if row.task == "register_account"]
    if registrations:
        store.remove_of_drafts(unit, registrations)
    # What came of a task is kept as long as the answer of its submit can be asked for again.
    told = update(drafts).where(drafts.c.outcome_sealed.is_not(None), drafts.c.touched_at <= unit.now - DAY_S)
    unit.conn.execute(told.values(outcome_sealed=None))


def _delete(unit: Unit, life: Life) -> None:
    keys = list(life.table.primary_key.columns)
    due = life.moment <= unit.now - life.life_s
    if len(keys) == 1:
        oldest = select(keys[0]).where(due).order_by(life.moment).limit(BATCH)
        unit.conn.execute(delete(life.table).where(keys[0].in_(oldest)))
    else:
        unit.conn.execute(delete(life.table).where(due))
