"""The assistant that `rasa init` writes, untouched: its pipeline, its policies, its `rest` channel, its memory store."""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench import ROOT
from bench.assistant.people import RestCaller
from bench.assistant.running import Running, first_answer
from bench.assistant.sentences import STOCK
from tests.programs import free_port

RASA = ROOT / ".venv/rasa/bin/rasa"
TRAIN_WITHIN_S = 900


def trained(folder: Path) -> Path:
    """Return the project, made and trained below `folder` by the first run; a run that breaks off leaves nothing."""
    project = folder / "project"
    if not project.exists():
        half = folder / "half"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        with (folder / "init.log").open("wb") as log:
            command = [str(RASA), "init", "--no-prompt", "--init-dir", str(half)]
            subprocess.run(command, cwd=half, env=_environment("1"), stdout=log, stderr=log, timeout=TRAIN_WITHIN_S, check=True)
        half.rename(project)
    return project


@asynccontextmanager
async def stock(project: Path, threads: str) -> AsyncIterator[Running]:
    """Run it with Rasa's defaults; `threads` is OMP_NUM_THREADS, empty for as many as TensorFlow likes."""
    port = free_port()
    with (project.parent / "run.log").open("wb") as log:
        started = time.monotonic()
        command = [str(RASA), "run", "--interface", "127.0.0.1", "--port", str(port)]
        process = subprocess.Popen(command, cwd=project, env=_environment(threads), stdout=log, stderr=log)
    try:
        answered = await first_answer(RestCaller, port, STOCK[0], process.poll)
        yield Running("stock", port, process.pid, RestCaller, STOCK, answered - started)
    finally:
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, 15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(threads: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "PYENV_ROOT", "TMPDIR")}
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return {**inherited, **quiet, "PYTHONWARNINGS": "ignore", **({"OMP_NUM_THREADS": threads} if threads else {})}
