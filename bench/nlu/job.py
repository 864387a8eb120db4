"""A job in another interpreter, with one thread and nothing of this process's environment that would change its work."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import RASA_PYTHON, ROOT

INHERITED = ("PATH", "HOME", "LANG", "PYENV_ROOT", "TMPDIR")
SETTINGS = {
    "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore", "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3",
}  # fmt: skip
WITHIN_S = 3600


class Failed(Exception):
    """A job ended with an error; the message is the end of what it said."""


def in_rasa(module: str, *arguments: str | Path) -> None:
    """Run a module of the benchmark in Rasa's environment."""
    done([RASA_PYTHON, "-m", f"bench.nlu.{module}", *map(str, arguments)], ROOT)


def done(command: Sequence[str], folder: Path) -> None:
    """Run a command to its end; raises Failed."""
    environment = {**{name: os.environ[name] for name in INHERITED if name in os.environ}, **SETTINGS}
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=WITHIN_S, check=False)
    if ended.returncode:
        raise Failed((ended.stderr or ended.stdout).strip()[-2000:])


def told(path: Path) -> Any:
    """Return what a job wrote."""
    return json.loads(path.read_text(encoding="utf-8"))
