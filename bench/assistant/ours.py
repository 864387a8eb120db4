"""Our assistant, as the Procfile starts it in demo mode: limits are high there, everything else is as in earnest."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.assistant.people import Visitor
from bench.assistant.running import Running, first_answer
from bench.assistant.sentences import OURS
from tests.programs import Programs


class OurRunning(Running):
    """Our Rasa process, with the backend and the action server beside it."""

    programs: Programs


@asynccontextmanager
async def ours(var: Path) -> AsyncIterator[OurRunning]:
    """Run all three programs on fresh state below `var`; only Rasa's own start is timed, its neighbours are up before."""
    shutil.rmtree(var, ignore_errors=True)
    try:
        with Programs(var) as programs:
            port = int(programs.environment["PORT"])
            programs.start("backend", "actions")
            started = time.monotonic()
            starting = asyncio.to_thread(programs.start, "rasa")
            answered, _ = await asyncio.gather(first_answer(Visitor, port, OURS[0], lambda: None), starting)
            running = OurRunning("ours", port, programs.pid("rasa"), Visitor, OURS, answered - started)
            running.programs = programs
            yield running
    finally:
        shutil.rmtree(var, ignore_errors=True)
