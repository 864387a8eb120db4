"""Demo mode as one object: moved clock, faults, messages delivered before the answer leaves."""

import logging
import threading
from collections.abc import Callable

from fastapi import FastAPI
from sqlalchemy import select

from backend.clock import OffsetClock
from backend.core import Core
from backend.database import insert_into
from backend.demo import outbox_page, routes
from backend.demo.faults import FaultGate, Faults, Part
from backend.demo.transport import DemoTransport
from backend.errors import BackendError
from backend.outbox import Channel
from backend.postman import Postman
from backend.schema import demo_state
from backend.transports import Transport

log = logging.getLogger("backend.demo")
OFFSET = "clock_offset_s"
PARTS: dict[Channel, Part] = {"email": "smtp", "sms": "sms"}


class Demonstration:
    """What demo mode adds to the program."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.faults = Faults()
        assert isinstance(core.clock, OffsetClock)
        self._clock = core.clock
        self._moving = threading.Lock()
        with core.database.read() as conn:
            stored = conn.execute(select(demo_state.c.value).where(demo_state.c.name == OFFSET)).scalar()
        self._clock.offset_s = int(stored or 0)

    @property
    def offset_s(self) -> int:
        """Seconds by which the demo clock is ahead."""
        return self._clock.offset_s

    def advance(self, seconds: int) -> None:
        """Move the clock forward; the offset is stored first, so that a restart keeps it."""
        with self._moving:
            offset = self._clock.offset_s + seconds
            with self.core.writing() as unit:
                row = insert_into(unit.conn, demo_state).values(name=OFFSET, value=str(offset))
                unit.conn.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": str(offset)}))
            self._clock.offset_s = offset

    def transports(self) -> dict[Channel, Transport]:
        """Transports that reach nobody and fail on request."""
        return {channel: DemoTransport(self.faults, part) for channel, part in PARTS.items()}

    def deliver_at_once(self, postman: Postman) -> Callable[[dict[str, str]], None]:
        """Deliver before the answer leaves; on a channel with a fault its thread tries, so that no request waits."""

        def after_commit(posted: dict[str, str]) -> None:
            failing: set[str] = {channel for channel, part in PARTS.items() if self.faults.mode(part)}
            try:
                postman.deliver_rows([row_id for row_id, channel in posted.items() if channel not in failing])
            except BackendError as error:
                log.warning("not delivered at once: %s", error.code)
                failing.update(posted.values())
            if failing:
                postman.wake()

        return after_commit

    def install(self, app: FastAPI) -> None:
        """Add the demo routes and the gate that fails requests on request."""
        app.state.demonstration = self
        app.include_router(routes.router)
        app.include_router(outbox_page.router)
        app.add_middleware(FaultGate, faults=self.faults)
