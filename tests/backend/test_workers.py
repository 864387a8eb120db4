"""Several real processes behind one port: whichever dies is replaced, and all end together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from backend_kit import free_port
from real_settings import REAL

from backend import migrate
from backend.database import Database

ROOT = Path(__file__).parents[2]
WITHIN_S = 60


def until(condition: Callable[[], Any]) -> Any:
    """Wait for something that is bound to happen; return what the condition returned."""
    started = time.monotonic()
    while not (found := condition()):
        assert time.monotonic() - started < WITHIN_S, "it did not happen"
        time.sleep(0.05)
    return found


class Running:
    """`run --workers 2` on SQLite, outside demo mode."""

    def __init__(self, var: Path) -> None:
        self.port, self.metrics_port = free_port(), free_port()
        self.var = var
        database = Database(f"sqlite:///{var}/backend.db")
        migrate.upgrade(database)
        database.close()
        self.environment = {
            "PATH": os.environ["PATH"],
            "TMPDIR": str(var),
            "VAR": str(var),
            "BACKEND_PORT": str(self.port),
            "METRICS_PORT": str(self.metrics_port),
            "LOG_LEVEL": "INFO",
            **REAL,
        }
        with (var / "log").open("wb") as log:
            command = [sys.executable, "-m", "backend", "run", "--workers", "2"]
            self.program = subprocess.Popen(command, cwd=ROOT, env=self.environment, stderr=log)

    def get(self, path: str) -> int:
        """The status of an answer, on a connection of its own; 0 when there is none."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}{path}", trust_env=False, timeout=10).status_code
        except httpx.HTTPError:
            return 0

    def metrics(self) -> str:
        """What Prometheus is told."""
        return httpx.get(f"http://127.0.0.1:{self.metrics_port}/metrics", trust_env=False, timeout=10).text

    def members(self) -> dict[int, str]:
        """The processes of the team: id and command line."""
        ids = Path(f"/proc/{self.program.pid}/task/{self.program.pid}/children").read_text().split()
        return {int(one): Path(f"/proc/{one}/cmdline").read_text().replace("\0", " ") for one in ids}

    def named(self, part: str) -> set[int]:
        """The members whose command has that part."""
        return {one for one, command in self.members().items() if part in command}

    def up(self) -> None:
        """Wait until every process does its work."""
        until(lambda: self.program.poll() is not None or self.log().count(" is up") == 3)
        assert self.program.poll() is None, self.log()

    def log(self) -> str:
        """What was printed."""
        return (self.var / "log").read_text()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A team that is up."""
    made = Running(tmp_path)
    try:
        made.up()
        yield made
    finally:
        made.program.kill()
        made.program.wait()


def value(metrics: str, start: str) -> float:
    """The value of the one line that begins so."""
    [line] = [line for line in metrics.splitlines() if line.startswith(start)]
    return float(line.rpartition(" ")[2])


LOGINS = 'backend_requests_total{method="GET",route="/account/login",status="200"}'


def test_a_worker_that_dies_is_replaced_and_all_end_together(running: Running) -> None:
    answering, sending = running.named("--listener"), running.named("--held")
    assert (len(answering), len(sending)) == (2, 1)
    assert [running.get("/account/login") for _ in range(8)] == [200] * 8
    assert running.get("/metrics") == 404
    assert value(running.metrics(), LOGINS) == 8

    for victim in (*answering, *sending):
        os.kill(victim, signal.SIGKILL)
        until(lambda: len(running.members()) == 3 and victim not in running.members())
    until(lambda: running.get("/readyz") == 200)
    assert not running.named("--listener") & answering and not running.named("--held") & sending
    assert running.get("/account/login") == 200
    assert value(running.metrics(), LOGINS) == 9, "what a dead process had counted stays"

    members = running.members()
    running.program.send_signal(signal.SIGTERM)
    assert running.program.wait(15) == 0
    assert not any(Path(f"/proc/{one}").exists() for one in members)
    assert "Traceback" not in running.log() and running.log().count("ended with -9") == 3
    socket.create_server(("127.0.0.1", running.port)).close()
    assert not list(running.var.glob("backend-metrics-*"))


@pytest.mark.prove
def test_the_workers_end_when_who_started_them_was_killed(running: Running) -> None:
    members = running.members()
    running.program.kill()
    running.program.wait()
    until(lambda: not any(Path(f"/proc/{one}").exists() for one in members))


def test_a_team_that_cannot_start_says_so_in_one_line(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "VAR": str(tmp_path), "BACKEND_PORT": str(free_port()), **REAL}
    command = [sys.executable, "-m", "backend", "run", "--workers", "2"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1 and ended.stderr.count("\n") == 1 and "backend migrate" in ended.stderr
