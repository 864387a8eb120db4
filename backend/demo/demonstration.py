"""Demo mode as one object: moved clock, faults, messages delivered before the answer leaves."""

import logging
from collections.abc import Callable

from fastapi import FastAPI
from sqlalchemy import select

from backend.clock import OffsetClock
from backend.core import Core
from backend.database import insert_into
from backend.demo import outbox_page, routes
from backend.demo.faults import FaultGate, Faults
from backend.demo.transport import DemoTransport
from backend.errors import BackendError
from backend.outbox import Channel
from backend.postman import Postman
from backend.schema import demo_state
from backend.transports import Transport

log = logging.getLogger("backend.demo")
OFFSET = "clock_offset_s"


class Demonstration:
    """What demo mode adds to the program."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.faults = Faults()
        assert isinstance(core.clock, OffsetClock)
        self._clock = core.clock
        with core.database.read() as conn:
            stored = conn.execute(select(demo_state.c.value).where(demo_state.c.name == OFFSET)).scalar()
        self._clock.offset_s = int(stored or 0)

    @property
    def offset_s(self) -> int:
        """Seconds by which the demo clock is ahead."""
        return self._clock.offset_s

    def advance(self, seconds: int) -> None:
        """Move the clock forward; the offset is stored first, so that a restart keeps it."""
        offset = self._clock.offset_s + seconds
        with self.core.writing() as unit:
            row = insert_into(unit.conn, demo_state).values(name=OFFSET, value=str(offset))
            unit.conn.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": str(offset)}))
        self._clock.offset_s = offset

    def transports(self) -> dict[Channel, Transport]:
        """Transports that reach nobody and fail on request."""
        return {"email": DemoTransport(self.faults, "smtp"), "sms": DemoTransport(self.faults, "sms")}

    def deliver_at_once(self, postman: Postman) -> Callable[[list[str]], None]:
        """Deliver before the answer leaves; with a fault on, the threads try so that no request waits."""

        def after_commit(ids: list[str]) -> None:
            if self.faults.mode("smtp") or self.faults.mode("sms"):
                postman.wake(ids)
                return
            try:
                postman.deliver_rows(ids)
            except BackendError as error:
                log.warning("not delivered at once: %s", error.code)
                postman.wake(ids)

        return after_commit

    def install(self, app: FastAPI) -> None:
        """Add the demo routes and the gate that fails requests on request."""
        app.state.demonstration = self
        app.include_router(routes.router)
        app.include_router(outbox_page.router)
        app.add_middleware(FaultGate, faults=self.faults)
