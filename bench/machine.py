"""The machine a run was made on: enough to judge its numbers, nothing that names it."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import RASA_PYTHON, ROOT


def description() -> dict[str, Any]:
    """Return processor, cores, memory, interpreters and the commit."""
    rasa = _output(RASA_PYTHON, "-c", "import platform; print(platform.python_version())")
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": _output("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"),
        "processor": _field(Path("/proc/cpuinfo"), "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python_rasa": rasa,
        "python_others": platform.python_version(),
    }


def _field(file: Path, name: str) -> str:
    for line in file.read_text().splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return "unknown"


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.strip() or "unknown"
