"""`python -m backend`: what it knows, and how it refuses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from backend_kit import free_port
from real_settings import REAL

from backend import migrate, surroundings
from backend.__main__ import main
from backend.database import Database
from backend.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("VAR", str(tmp_path))


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for command in (
        "run",
        "worker",
        "migrate",
        "openapi",
        "seed",
        "import",
        "applications",
        "changes",
        "complaints",
        "expire",
        "forget",
        "rotate-keys",
    ):
        assert f"\n  {command} " in shown
        assert main([command, "--help"]) == 0


@pytest.mark.parametrize(
    "arguments", [["serve"], ["frob"], ["run", "--workers", "0"], ["run", "--frob"], ["seed"], ["seed", "x"]]
)
def test_what_is_no_command_or_option_ends_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["run", "--workers", "2"], ["run", "--no-worker"], ["worker"]])
def test_the_demonstration_is_one_process(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEMO", "1")
    assert main(arguments) == 1
    refused = capsys.readouterr().err
    assert refused.count("\n") == 1 and "DEMO=1" in refused


def revision(tmp_path: Path) -> str | None:
    database = Database(f"sqlite:///{tmp_path}/backend.db")
    with database.read() as conn:
        found = conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    database.close()
    return found


def test_migrate_goes_up_down_and_to_a_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "1")
    for arguments, there in (
        (["--to", "0002"], "0002"),
        ([], migrate.newest()),
        (["--down", "--to", "0003"], "0003"),
        (["--down", "--to", "base"], None),
    ):
        assert main(["migrate", *arguments]) == 0
        assert revision(tmp_path) == there


@pytest.mark.parametrize("arguments", [["--down"], ["--to", "0999"], ["--to", "base"], ["--down", "--to", "0003"]])
def test_a_migration_that_cannot_be_is_refused_in_one_line(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEMO", "1")
    assert main(["migrate", "--to", "0001"]) == 0
    assert main(["migrate", *arguments]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_taken_metrics_port_is_refused_in_one_line(tmp_path: Path) -> None:
    with surroundings.listen(Settings.model_construct(backend_host="127.0.0.1", backend_port=0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "backend", "run"],
            cwd=ROOT,
            env={
                "PATH": "/usr/bin:/bin",
                "VAR": str(tmp_path),
                "DEMO": "1",
                "METRICS_PORT": port,
                "BACKEND_PORT": str(free_port()),
            },
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and f"METRICS_PORT={port}" in done.stderr


def test_a_command_that_crashes_prints_places_and_no_value(tmp_path: Path) -> None:
    """Typer's own hook would print the exception's text, which quotes what it was given."""
    breaks = f"""
import sys
from backend import importing
from backend.__main__ import main
def look_through(*_):
    raise ValueError("lan.nguyen@example.com")
importing.look_through = look_through
main(["migrate"])
main(["import", {str(tmp_path / "a.csv")!r}])
"""
    (tmp_path / "a.csv").touch()
    environment = {"PATH": os.environ["PATH"], "VAR": str(tmp_path), "DEMO": "1"}
    done = subprocess.run([sys.executable, "-c", breaks], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "ValueError" in done.stderr and "look_through" in done.stderr
    assert "example.com" not in done.stderr


def test_outside_demo_mode_seeding_must_be_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in REAL.items():
        monkeypatch.setenv(name, value)
    assert main(["migrate"]) == 0
    assert main(["seed", "3"]) == 1
    assert "--yes" in capsys.readouterr().err
    assert main(["seed", "3", "--yes"]) == 0
    assert "3 people were added" in capsys.readouterr().out
