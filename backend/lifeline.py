"""What ties a process to the one that started it: a socket on standard input, which ends when the starter ends."""

import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

UP = b"u"


class Lifeline:
    """The started process's end: it says when it is up, and hears when its starter is gone."""

    def __init__(self) -> None:
        self._socket = socket.socket(fileno=sys.stdin.fileno())

    def say_up(self) -> None:
        """Tell the starter that this process does its work now."""
        with suppress(OSError):  # the starter is gone already, which `on_loss` hears too
            self._socket.sendall(UP)

    def on_loss(self, stop: Callable[[], None]) -> None:
        """Call `stop` from a thread of its own when the starter is gone, however it ended."""
        threading.Thread(target=self._wait, args=(stop,), name="lifeline", daemon=True).start()

    def _wait(self, stop: Callable[[], None]) -> None:
        with suppress(OSError):  # reset is gone too
            while self._socket.recv(1):
                pass
        stop()
