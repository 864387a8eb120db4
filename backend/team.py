"""Several processes behind one listening socket: started together, replaced when one dies, stopped together."""

import contextlib
import logging
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

from backend import surroundings
from backend.database import Database
from backend.errors import BadConfiguration
from backend.lifeline import UP
from backend.metrics_port import SharedCounts
from backend.serving import STOP_S
from backend.settings import Settings

LOOK_EVERY_S = 0.1
GRACE_S = STOP_S + 2  # then whoever has not ended is killed; under the 10 s that `deploy/run.py` gives all of it
LONGEST_PAUSE_S = 5.0  # between two attempts to replace a process that keeps dying
log = logging.getLogger("backend.team")


@dataclass
class Member:
    """One place of the team: what is run there, the process that runs, and when a dead one is replaced."""

    name: str
    command: list[str]
    descriptors: tuple[int, ...] = ()
    process: "subprocess.Popen[bytes] | None" = None
    line: socket.socket | None = None
    up: bool = False
    ever_up: bool = False
    deaths: int = 0
    replace_at: float = 0.0


class Team:
    """`count` processes that answer HTTP and, when it `sends`, one more for messages and erasing."""

    def __init__(
        self, settings: Settings, listener: socket.socket, count: int, *, sends: bool, counts: SharedCounts | None
    ) -> None:
        self._settings = settings
        self._listener = listener
        self._counts = counts
        self._stopping = threading.Event()
        program = [sys.executable, "-m", "backend"]
        port = listener.fileno()
        answering = [*program, "run", "--no-worker", "--listener", str(port)]
        self._members = [Member(f"http-{number}", answering, (port,)) for number in range(1, count + 1)]
        if sends:
            self._members.append(Member("worker", [*program, "worker", "--held"]))

    def run(self) -> None:
        """Keep the team complete until SIGTERM or SIGINT. Raises BadConfiguration when it cannot start at all."""
        database = Database(self._settings.database_url)
        surroundings.require_newest_schema(database)  # said once here, not once by each process
        database.close()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        try:
            while not self._stopping.is_set():
                for member in self._members:
                    self._look_after(member)
                self._stopping.wait(LOOK_EVERY_S)
        finally:
            self._end()

    def _look_after(self, member: Member) -> None:
        if member.process is None:
            if time.monotonic() >= member.replace_at:
                self._start(member)
            return
        if not member.up and _said_up(member):
            member.up, member.ever_up, member.deaths = True, True, 0
            log.info("%s is up", member.name)
        code = member.process.poll()
        if code is None:
            return
        if not member.ever_up:
            raise BadConfiguration(f"The process {member.name} could not start: the lines above say why.")
        if self._counts is not None:
            self._counts.forget(member.process.pid)
        _let_go(member)
        pause_s = min(LONGEST_PAUSE_S, 0.5 * member.deaths)
        member.deaths += 1
        member.replace_at = time.monotonic() + pause_s
        log.error("%s ended with %d: replaced in %.1f s", member.name, code, pause_s)

    def _start(self, member: Member) -> None:
        member.line, theirs = socket.socketpair()
        member.line.setblocking(False)
        with theirs:
            environment = self._counts.environment() if self._counts is not None else None
            member.process = subprocess.Popen(member.command, stdin=theirs.fileno(), pass_fds=member.descriptors, env=environment)
        member.up = False

    def _end(self) -> None:
        living = [member.process for member in self._members if member.process is not None]
        for process in living:
            process.send_signal(signal.SIGTERM)
        ends = time.monotonic() + GRACE_S
        for process in living:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, ends - time.monotonic()))
        for process in living:
            if process.poll() is None:
                log.error("a process did not end in %d s and is killed", GRACE_S)
                process.kill()
                process.wait()
        for member in self._members:
            _let_go(member)
        self._listener.close()
        if self._counts is not None:
            self._counts.close()


def _said_up(member: Member) -> bool:
    try:
        return member.line is not None and member.line.recv(1) == UP
    except OSError:  # nothing was said yet, or the process is gone
        return False


def _let_go(member: Member) -> None:
    if member.line is not None:
        member.line.close()
    member.process, member.line, member.up = None, None, False
