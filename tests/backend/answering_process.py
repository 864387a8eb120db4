"""A process of its own that answers codes in many threads at once; a test speaks to it line by line."""

import json
import sys
import threading
from dataclasses import asdict, dataclass

from backend_kit import SetClock, demo_settings

from backend import answers
from backend.app import build_core
from backend.assertion import Sender
from backend.core import Core
from backend.database import Database
from backend.errors import BackendError, Busy
from backend.tasks import TASKS


@dataclass(frozen=True)
class Burst:
    """The same answer of one sender, so many times at one moment (seconds since the epoch)."""

    sender: Sender
    typed: str
    times: int
    now: int

    def line(self) -> str:
        """What a process is told."""
        return json.dumps(asdict(self)) + "\n"


def answered(core: Core, burst: Burst, gate: threading.Barrier) -> str:
    """What one answer was worth; whoever is told to come again does, as the action server would."""
    gate.wait()
    while True:
        try:
            with core.writing() as unit:
                return answers.answer(core, unit, burst.sender, TASKS["forgot_password"], burst.typed).result
        except Busy:
            continue
        except BackendError as error:
            return error.code


def main(url: str) -> None:
    """Answer bursts until the input ends."""
    clock = SetClock()
    core = build_core(demo_settings(), clock, database=Database(url))
    for line in sys.stdin:
        told = json.loads(line)
        burst = Burst(**{**told, "sender": Sender(**told["sender"])})
        clock.moment = burst.now
        gate = threading.Barrier(burst.times)
        results: list[str] = []
        threads = [threading.Thread(target=lambda: results.append(answered(core, burst, gate))) for _ in range(burst.times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sys.stdout.write(json.dumps(results) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
