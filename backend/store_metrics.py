"""What only the database knows, read when the operator's system asks: the outbox, the breaker, what is past its time."""

import logging
import threading
from collections.abc import Iterable, Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from backend import breaker
from backend.core import Core, Unit
from backend.errors import BackendError
from backend.metrics import CHANNELS
from backend.schema import drafts, outbox

# By channel and state, as the index is; what was sent is counted by the postman, its rows are too many.
WAITING = (
    select(outbox.c.channel, outbox.c.state, func.count(), func.min(outbox.c.created_at))
    .where(outbox.c.channel.in_(("email", "sms")), outbox.c.state.in_(("pending", "failed")))
    .group_by(outbox.c.channel, outbox.c.state)
)
log = logging.getLogger("backend.metrics")


class StoreMetrics(Collector):
    """One reading at a time: a database that hangs holds one thread, and is told as away."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._reading = threading.Lock()

    def collect(self) -> Iterator[Metric]:
        """The metrics; nothing but `backend_database_up 0` when the database does not answer."""
        found: list[Metric] = []
        if self._reading.acquire(blocking=False):
            try:
                with self._core.database.read() as conn:
                    found = list(self._read(Unit(conn, self._core.clock.now())))
            except BackendError as error:
                log.warning("metrics wait: %s", error.code)
            except Exception as error:  # the other metrics must still be told
                log.error("metrics: %s", type(error).__name__)
            finally:
                self._reading.release()
        yield GaugeMetricFamily("backend_database_up", "Whether the database answers.", value=float(bool(found)))
        yield from found

    def describe(self) -> Iterable[Metric]:
        """Nothing: asking what there is must not ask the database."""
        return []

    def _read(self, unit: Unit) -> Iterator[Metric]:
        rows = GaugeMetricFamily("backend_outbox_messages", "Messages that wait or were given up.", labels=("by", "state"))
        oldest_s = 0
        for by, state, count, since in unit.conn.execute(WAITING):
            rows.add_metric((by, state), count)
            if state == "pending":
                oldest_s = max(oldest_s, unit.now - since)
        yield rows
        yield GaugeMetricFamily("backend_outbox_oldest_pending_seconds", "Age of the oldest that waits.", value=oldest_s)
        paused = GaugeMetricFamily("backend_breaker_paused_percent", "New challenges refused, per cent.", labels=("channel",))
        for channel in CHANNELS:
            counted = breaker.read(unit, channel, self._core.settings)
            paused.add_metric((channel,), breaker.share_paused(counted, self._core.settings))
        yield paused
        idle = unit.conn.execute(select(func.min(drafts.c.touched_at)).where(drafts.c.state == "open")).scalar()
        late_s = 0 if idle is None else max(0, unit.now - self._core.settings.draft_life_s - idle)
        yield GaugeMetricFamily("backend_retention_lag_seconds", "How long values outlived their time.", value=late_s)
