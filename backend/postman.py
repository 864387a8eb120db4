"""Sending of outbox rows: one thread a channel, and in demo mode at once after the commit."""

import logging
import threading
import time
from collections.abc import Collection, Mapping

from backend import metrics, outbox
from backend.core import Core
from backend.errors import BackendError
from backend.outbox import Channel, Claimed
from backend.transports import Transport, TransportError

POLL_S = 1.0
STOP_S = 3  # a provider that hangs is not waited for: the row's lease ends by itself
AWAIT_STEPS, AWAIT_STEP_S = 200, 0.01
log = logging.getLogger("backend.postman")


class Postman:
    """Claims, sends and marks rows; safe to run in several processes."""

    def __init__(self, core: Core, transports: Mapping[Channel, Transport], *, keep_body: bool) -> None:
        self._core = core
        self._transports = transports
        self._keep_body = keep_body
        self._owner = core.keys.row_id()
        self._stop = threading.Event()
        self._wake = {channel: threading.Event() for channel in transports}
        self._threads: list[threading.Thread] = []

    def deliver_one(self, *, channel: Channel | None = None, ids: list[str] | None = None) -> bool:
        """Send one due row; False when there is none."""
        claimed = outbox.claim(self._core, self._owner, channel=channel, ids=ids)
        if claimed is None:
            return False
        self._deliver(claimed)
        return True

    def deliver_rows(self, ids: list[str]) -> None:
        """Send exactly these rows now; what fails stays for the threads."""
        for row_id in ids:
            if not self.deliver_one(ids=[row_id]):
                self._await_thread(row_id)

    def wake(self, _posted: Collection[str] = ()) -> None:
        """Let the threads look at once instead of at the next poll."""
        for event in self._wake.values():
            event.set()

    def start(self) -> None:
        """Start one daemon thread a channel."""
        for channel in self._transports:
            thread = threading.Thread(target=self._run, args=(channel,), name=f"postman-{channel}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Let the threads finish the message in hand and end."""
        self._stop.set()
        self.wake()
        ends = time.monotonic() + STOP_S
        for thread in self._threads:
            thread.join(timeout=max(0.0, ends - time.monotonic()))

    def _await_thread(self, row_id: str) -> None:
        # A thread took the row between the commit and this call: its message must stand before we go on.
        for _ in range(AWAIT_STEPS):
            if not outbox.is_pending(self._core, row_id):
                return
            time.sleep(AWAIT_STEP_S)

    def _deliver(self, claimed: Claimed) -> None:
        try:
            if not claimed.void:
                now = self._core.clock.now()
                self._transports[claimed.message.channel].send(claimed.message, claimed.id, now)
        except Exception as error:  # whatever a library raises, the attempt counts and the next one waits longer
            why = str(error) if isinstance(error, TransportError) else type(error).__name__
            told = {"channel": claimed.message.channel, "kind": claimed.kind, "attempts": claimed.attempts}
            log.warning("%s %s not sent (attempt %d): %s", claimed.kind, claimed.id, claimed.attempts, why, extra=told)
            kept = outbox.mark_failed(self._core, claimed, self._owner)
            metrics.delivered(claimed.message.channel, "later" if kept else "given_up")
        else:
            outbox.mark_sent(self._core, claimed, self._owner, keep_body=self._keep_body)
            metrics.delivered(claimed.message.channel, "sent")

    def _run(self, channel: Channel) -> None:
        while not self._stop.is_set():
            try:
                if self.deliver_one(channel=channel):
                    continue
            except BackendError as error:
                log.warning("%s waits: %s", channel, error.code)
            except Exception as error:  # the thread must outlive any single row
                log.error("%s: %s", channel, type(error).__name__)
            self._wake[channel].wait(POLL_S)
            self._wake[channel].clear()
