"""Start-up: what is refused, and how it is said."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from backend.errors import BadConfiguration
from backend.settings import DEMO_SECRETS, Settings, load

ROOT = Path(__file__).parents[2]
GOOD = {
    "BACKEND_KEY": "k" * 40,
    "SERVICE_CREDENTIAL": "s" * 40,
    "CHANNEL_CREDENTIAL": "c" * 40,
    "SMTP_URL": "smtp://127.0.0.1:25",
    "SMS_GATEWAY_URL": "http://127.0.0.1:9/",
    "SMS_GATEWAY_TOKEN": "t" * 40,
    "PUBLIC_URL": "https://account.example.com",
}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def load_with(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return load()


def test_complete_settings_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_with(monkeypatch, **GOOD).demo is False


@pytest.mark.parametrize("name", list(GOOD))
def test_outside_demo_mode_every_secret_and_way_out_is_needed(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(BadConfiguration, match=name):
        load_with(monkeypatch, **{**GOOD, name: ""})


@pytest.mark.parametrize("name", list(DEMO_SECRETS))
@pytest.mark.parametrize("value", ["demo-" + "x" * 40, "short"])
def test_outside_demo_mode_demo_and_short_secrets_are_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(BadConfiguration, match=name):
        load_with(monkeypatch, **{**GOOD, name: value})


def test_a_demo_secret_behind_a_good_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    value = "g" * 40 + "," + DEMO_SECRETS["SERVICE_CREDENTIAL"]
    with pytest.raises(BadConfiguration, match="demo secret"):
        load_with(monkeypatch, **{**GOOD, "SERVICE_CREDENTIAL": value})


LIMITS = [name for name in Settings.model_fields if re.match("otp_|reset_.*_s|breaker_|login_", name)]


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
        [sys.executable, "-m", "backend", "serve"],
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
        [sys.executable, "-m", "backend", "serve"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "VAR": str(tmp_path), **GOOD},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1 and "python -m backend migrate" in done.stderr and done.stderr.count("\n") == 1
