"""What an officer and an operator do on the command line: real commands on the database that the service uses."""

from collections.abc import Callable
from pathlib import Path

import pytest
from backend_kit import LAN, World
from test_change_info import proved
from test_register_account import HOA, applied, number

from backend.__main__ import main
from backend.settings import Settings

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the world's database, at the world's time; returns its exit code and what it printed."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DEMO", "1")
    monkeypatch.setenv("VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", world.url)
    monkeypatch.setattr("backend.app.SystemClock", lambda: world.clock)

    def command(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def test_an_application_is_listed_masked_shown_in_full_and_approved(world: World, run: Run) -> None:
    handed_in = number(applied(world))
    code, listed, _ = run("applications", "list")
    assert code == 0 and handed_in in listed and "••••0050" in listed and "Hoa" not in listed and "version 1" in listed
    _, shown, _ = run("applications", "show", handed_in.lower())
    assert "Trần Thị Hoa" in shown and HOA["id_number"] in shown
    assert world.rows("SELECT event FROM audit WHERE channel = 'officer'") == [("application_shown",)]
    assert run("applications", "approve", handed_in, "--version", "1") == (0, f"{handed_in}\tapproved\n", "")
    assert world.record(HOA["code"])["status"] == "active"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("approve", "{number}", "--version", "7"), "it has changed since you looked"),
        (("approve", "HS-AAAA-AAAA"), "nothing of that number"),
        (("show", "x"), "nothing of that number"),
    ],
)
def test_what_cannot_be_decided_is_refused_in_one_line(world: World, run: Run, arguments: tuple[str, ...], why: str) -> None:
    handed_in = number(applied(world))
    code, out, err = run("applications", *(argument.replace("{number}", handed_in) for argument in arguments))
    assert (code, out, err.count("\n")) == (1, "", 1) and why in err


def test_a_decision_is_made_once(world: World, run: Run) -> None:
    handed_in = number(applied(world))
    assert run("applications", "reject", handed_in, "--reason", "Ảnh mờ")[0] == 0
    code, _, err = run("applications", "approve", handed_in)
    assert code == 1 and "decided already" in err


def test_a_change_is_listed_masked_shown_and_rejected_with_a_reason(world: World, run: Run) -> None:
    asked = proved(world, "email", "phone").submit().json()["outcome"]["number"]
    assert "l••••@example.com" in run("changes", "list")[1]
    assert "lan.moi@example.com" in run("changes", "show", asked)[1]
    assert run("changes", "reject", asked, "--reason", "Không đúng người")[0] == 0
    assert world.record(LAN[0])["email"] == LAN[1]
    assert run("changes", "approve", asked)[0] == 1


def test_applications_past_their_day_expire_by_command_at_the_demos_time(world: World, run: Run) -> None:
    applied(world).submit()
    assert run("expire")[1] == "0\tapplications expired\n"
    world.client.post("/demo/clock", json={"advance_s": 10 * 86_400})
    assert run("expire")[1] == "1\tapplications expired\n"


def test_forgetting_asks_first_and_says_what_went(world: World, run: Run) -> None:
    code, out, _ = run("forget", "790 000 0001", "--yes")
    assert code == 0 and "1\taccounts" in out
    assert run("forget", LAN[0], "--yes")[0] == 1
    assert run("forget", "x", "--yes")[2].startswith("backend: CODE is no insurance code")


def test_without_an_answer_nothing_is_forgotten(world: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.confirm", lambda _question: False)
    assert run("forget", LAN[0])[0] == 1
    assert world.record(LAN[0])["status"] == "active"


def test_keys_are_rotated_by_command(world: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKEND_KEY", f"{'n' * 40},{world.core.settings.backend_key}")
    code, out, err = run("rotate-keys")
    assert code == 0 and "can be taken out" in out and "accounts" in err
    monkeypatch.setenv("BACKEND_KEY", "n" * 40)
    assert run("forget", LAN[0], "--yes")[0] == 0


def test_a_complaint_stands_on_one_line(world: World, run: Run) -> None:
    talk = world.talk(task="complaint")
    talk.put(text="dòng một\ndòng hai\x1b[2J")
    given = talk.submit().json()["outcome"]["number"]
    out = run("complaints")[1]
    assert out.count("\n") == 1 and given in out and "dòng một / dòng hai" in out and "\x1b" not in out
