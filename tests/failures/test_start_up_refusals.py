"""What must not run does not start: the program ends with an error and one line that says what to do."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.failures.outages import slow_but
from tests.programs import ROOT, Programs

WITHIN_S = 100
REAL = {name: name.lower().ljust(40, "x") for name in ("BACKEND_KEY", "SERVICE_CREDENTIAL", "CHANNEL_CREDENTIAL")}
LIVE = {
    **REAL,
    "DEMO": "0",
    "PUBLIC_URL": "https://vssid.test",
    "SMTP_URL": "smtp://127.0.0.1:9",
    "MAIL_FROM": "no-reply@vssid.test",
    "SMS_GATEWAY_URL": "http://127.0.0.1:9/sms",
    "SMS_GATEWAY_TOKEN": "t",
}
DEMO_SECRETS = {name: f"demo-{name.lower()}-0123456789abcdef0123456789" for name in REAL}


def last_words(var: Path, program: str, settings: dict[str, str], endpoints: str = "") -> list[str]:
    """Start a program that must refuse; return what it said, which is no traceback."""
    programs = Programs(var, **settings)
    command = programs.command_of(program)
    if endpoints:
        (var / "endpoints.yml").write_text(endpoints)
        command[command.index("endpoints.yml")] = str(var / "endpoints.yml")
    ended = subprocess.run(
        command, cwd=ROOT, env=programs.environment_of(program), capture_output=True, text=True, timeout=WITHIN_S, check=False
    )
    said = ended.stdout + ended.stderr
    assert ended.returncode not in (0, None), said
    assert "Traceback" not in said, said
    return [line for line in said.splitlines() if line.strip()]


SECRETS = [
    ("backend", "BACKEND_KEY"),
    ("backend", "SERVICE_CREDENTIAL"),
    ("backend", "CHANNEL_CREDENTIAL"),
    ("actions", "SERVICE_CREDENTIAL"),
    ("rasa", "CHANNEL_CREDENTIAL"),
]


@pytest.mark.parametrize(("program", "missing"), slow_but(SECRETS, SECRETS[0], SECRETS[3]))
@pytest.mark.parametrize("wrong", ["missing", "a demo one"])
def test_a_secret_that_is_missing_or_everybodys_is_refused(tmp_path: Path, program: str, missing: str, wrong: str) -> None:
    said = last_words(tmp_path, program, {**LIVE, missing: "" if wrong == "missing" else DEMO_SECRETS[missing]})
    assert len([line for line in said if missing in line]) == 1, said
    assert DEMO_SECRETS[missing] not in "".join(said)


@pytest.mark.prove
@pytest.mark.parametrize("model", ["missing", "empty", "not a model", "cut off"])
def test_rasa_without_a_usable_model_does_not_start_deaf(tmp_path: Path, model: str) -> None:
    file = tmp_path / "model.tar.gz"
    whole = (ROOT / "models" / "assistant.tar.gz").read_bytes()
    content = {"missing": None, "empty": b"", "not a model": b"<html></html>", "cut off": whole[: len(whole) // 2]}[model]
    if content is not None:
        file.write_bytes(content)
    assert any("make train" in line for line in last_words(tmp_path, "rasa", {"MODEL": str(file)}))


ACTIONS = "action_endpoint: {url: 'http://127.0.0.1:9/webhook'}\n"
STORES = {
    "none": ACTIONS,
    "Rasa's own": ACTIONS + "tracker_store: {type: SQL, dialect: sqlite, db: '${VAR}/tracker.db'}\n",
    "in memory": ACTIONS + "tracker_store: {type: InMemory}\n",
    "misspelt": ACTIONS
    + "tracker_store: {type: assistant.stores.tracker.BlankingTrakerStore, dialect: sqlite, db: '${VAR}/t.db'}\n",
    "another class": ACTIONS + "tracker_store: {type: assistant.clock.Clock}\n",
}


@pytest.mark.prove
@pytest.mark.parametrize("store", STORES)
def test_rasa_with_another_tracker_store_does_not_start(tmp_path: Path, store: str) -> None:
    """Rasa only warns and keeps what people type in memory, or writes it to disk in clear."""
    said = last_words(tmp_path, "rasa", {}, endpoints=STORES[store])
    assert any(re.search("endpoints.yml.*assistant.stores.tracker", line) for line in said), said


@pytest.mark.parametrize("program", slow_but(["backend", "rasa"], "backend"))
def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path: Path, program: str) -> None:
    """A file where the folder should be: nobody, root included, can write below it."""
    (tmp_path / "taken").write_text("")
    said = last_words(tmp_path, program, {"VAR": str(tmp_path / "taken" / "below")})
    assert any("taken/below" in line or "VAR" in line for line in said), said
