"""The demo's way out: a message counts as sent when it stands in the outbox, unless a fault is switched on."""

import time

from backend.demo.faults import SLOW_S, STEP_S, Faults, Part
from backend.outbox import Message
from backend.transports import TransportError


class DemoTransport:
    """Sends to nobody; fails as the part's fault says."""

    def __init__(self, faults: Faults, part: Part) -> None:
        self._faults = faults
        self._part = part

    def send(self, message: Message, row_id: str, at: int) -> None:  # noqa: ARG002
        """Succeed, or raise TransportError after the fault's kind of waiting."""
        mode = self._faults.mode(self._part)
        if mode is None:
            return
        if mode == "slow":
            time.sleep(SLOW_S)
            return
        while mode == "hang" and self._faults.mode(self._part) == "hang":
            time.sleep(STEP_S)
        raise TransportError(f"demo fault: {mode}")
