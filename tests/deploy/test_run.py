"""The process runner with small programs of its own: it keeps them up and stops them together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "deploy"))
from environment import complete  # noqa: E402
from run import programs  # noqa: E402

WITHIN_S = 40


def run(folder: Path, procfile: str) -> subprocess.Popen[str]:
    """Start the runner in a folder of its own."""
    (folder / "Procfile").write_text(procfile)
    environment = {"PATH": os.environ["PATH"], "VAR": str(folder / "var"), "UP_AFTER_S": "5", "PORT": "1", "BACKEND_PORT": "1"}
    return subprocess.Popen(
        [sys.executable, str(ROOT / "deploy/run.py")],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for something that is bound to happen."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < WITHIN_S, "it did not happen"
        time.sleep(0.05)


def starts(folder: Path) -> list[int]:
    """Return the process ids a program of ours has noted at its starts."""
    noted = folder / "starts"
    return [int(line) for line in noted.read_text().split()] if noted.exists() else []


def alive(pid: int) -> bool:
    """Tell whether a process still runs."""
    return Path(f"/proc/{pid}").exists()


KEEPS_RUNNING = f"{sys.executable} -c \"import os,time;open('starts','a').write(f'{{os.getpid()}} ');time.sleep(60)\""


def test_ctrl_c_stops_everything_and_is_no_error(tmp_path: Path) -> None:
    runner = run(tmp_path, f"one: {KEEPS_RUNNING}\ntwo: {KEEPS_RUNNING}\n")
    wait_until(lambda: len(starts(tmp_path)) == 2)
    runner.send_signal(signal.SIGINT)
    _, errors = runner.communicate(timeout=WITHIN_S)
    assert runner.returncode == 0, errors
    assert not any(alive(pid) for pid in starts(tmp_path))


def test_a_program_that_dies_is_started_again(tmp_path: Path) -> None:
    runner = run(tmp_path, f"one: {KEEPS_RUNNING}\n")
    try:
        wait_until(lambda: len(starts(tmp_path)) == 1)
        os.kill(starts(tmp_path)[0], signal.SIGKILL)
        wait_until(lambda: len(starts(tmp_path)) == 2)
        assert runner.poll() is None
    finally:
        runner.send_signal(signal.SIGTERM)
        runner.communicate(timeout=WITHIN_S)


def test_a_program_that_cannot_start_ends_the_runner_with_its_last_words(tmp_path: Path) -> None:
    breaks = f"{sys.executable} -c \"import sys;print('no secret is set');sys.exit(1)\""
    runner = run(tmp_path, f"one: {KEEPS_RUNNING}\ntwo: {breaks}\n")
    _, errors = runner.communicate(timeout=WITHIN_S)
    assert runner.returncode == 1
    assert "two could not start" in errors and "no secret is set" in errors
    assert not any(alive(pid) for pid in starts(tmp_path))


def test_the_procfile_is_filled_in_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("# ours\nrasa: serve --port $PORT\n\n")
    assert programs(tmp_path / "Procfile", {"PORT": "5005"}) == {"rasa": "serve --port 5005"}


@pytest.mark.parametrize(("demo", "filled"), [("1", True), ("0", False)])
def test_secrets_are_filled_in_in_demo_mode_only(demo: str, filled: bool) -> None:
    assert ("BACKEND_KEY" in complete({"DEMO": demo})) is filled
