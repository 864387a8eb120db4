"""Start-up: what is refused, and how it is said."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from real_settings import REAL

from backend.__main__ import main
from backend.errors import BadConfiguration
from backend.settings import DEMO_SECRETS, Settings, load

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def load_with(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return load()


def test_complete_settings_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_with(monkeypatch, **REAL).demo is False


@pytest.mark.parametrize("name", list(REAL))
def test_outside_demo_mode_every_secret_and_way_out_is_needed(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(BadConfiguration, match=name):
        load_with(monkeypatch, **{**REAL, name: ""})


@pytest.mark.parametrize("name", list(DEMO_SECRETS))
@pytest.mark.parametrize("value", ["demo-" + "x" * 40, "short"])
def test_outside_demo_mode_demo_and_short_secrets_are_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(BadConfiguration, match=name):
        load_with(monkeypatch, **{**REAL, name: value})


def test_a_demo_secret_behind_a_good_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    value = "g" * 40 + "," + DEMO_SECRETS["SERVICE_CREDENTIAL"]
    with pytest.raises(BadConfiguration, match="demo secret"):
        load_with(monkeypatch, **{**REAL, "SERVICE_CREDENTIAL": value})


def test_a_log_level_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_with(monkeypatch, DEMO="1", LOG_LEVEL="DEBUG").log_level == "DEBUG"
    with pytest.raises(BadConfiguration, match="LOG_LEVEL cannot be used"):
        load_with(monkeypatch, DEMO="1", LOG_LEVEL="LOUD")


LIMITS = [name for name in Settings.model_fields if re.match("otp_|reset_.*_s|breaker_|login_|photos_|upload_", name)]


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_has_a_ceiling_that_start_up_names(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(BadConfiguration, match=rf"{name.upper()}=10000000 is past its ceiling of \d+"):
        load_with(monkeypatch, DEMO="1", **{name.upper(): "10000000"})


@pytest.mark.parametrize("name", LIMITS)
def test_no_limit_can_be_switched_off(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(BadConfiguration, match=f"{name.upper()}=-1 is below its floor"):
        load_with(monkeypatch, DEMO="1", **{name.upper(): "-1"})


def test_the_command_refuses_in_one_line_with_exit_code_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "backend", "run"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and "BACKEND_KEY" in done.stderr and "DEMO=1" in done.stderr


def test_outside_demo_mode_an_old_schema_is_refused_and_the_command_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "backend", "run"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "VAR": str(tmp_path), **REAL},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1 and "python -m backend migrate" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "smtp://127.0.0.1:mail"),
        ("SMTP_URL", "smtp://127.0.0.1:70000"),
        ("SMTP_URL", "http://127.0.0.1"),
        ("SMS_GATEWAY_URL", "sms.vssid.test/send"),
        ("SMS_GATEWAY_URL", "ftp://sms.vssid.test"),
        ("SMS_GATEWAY_URL", "http://[bad"),
        ("PUBLIC_URL", "https://account.vssid.test:port"),
        ("MAIL_FROM", ""),
        ("MAIL_FROM", "VssID"),
        ("MAIL_FROM", "no-reply@mail.example.org"),
    ],
)
def test_a_way_out_that_leads_nowhere_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(BadConfiguration, match=name) as refused:
        load_with(monkeypatch, **{**REAL, name: value})
    assert "\n" not in str(refused.value)


def test_a_refused_address_keeps_its_password_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadConfiguration) as refused:
        load_with(monkeypatch, **{**REAL, "SMTP_URL": "smtp://user:hidden/word@mail.vssid.test"})
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("name", ["CHANNEL_CREDENTIAL", "BACKEND_KEY"])
def test_two_secrets_may_not_be_the_same(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    shared = {**REAL, name: "s" * 40, "SERVICE_CREDENTIAL": "n" * 40 + "," + "s" * 40}
    with pytest.raises(BadConfiguration, match="shares a value"):
        load_with(monkeypatch, **shared)


@pytest.mark.parametrize(
    "value", ["nonsense", "oracle+nope://host/x", "mysql://user:secret@host/x", "sqlite:////proc/nowhere/b.db"]
)
def test_a_database_that_cannot_be_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    for name, setting in {"DEMO": "1", "VAR": str(tmp_path), "DATABASE_URL": value}.items():
        monkeypatch.setenv(name, setting)
    assert main(["migrate"]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "DATABASE_URL" in error and "secret" not in error


def test_a_folder_that_cannot_be_written_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/nowhere")):
        monkeypatch.setenv("DEMO", "1")
        monkeypatch.setenv("VAR", str(folder))
        assert main(["migrate"]) == 1
        error = capsys.readouterr().err
        assert error.count("\n") == 1 and f"VAR={folder}" in error


def test_a_taken_port_is_refused_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "backend", "run"],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "VAR": str(tmp_path), "DEMO": "1", "BACKEND_PORT": port},
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and f"BACKEND_PORT={port}" in done.stderr
