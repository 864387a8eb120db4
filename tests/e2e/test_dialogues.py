"""Plays every script below this folder against the real programs.

A script is a list of steps. `user:` types a sentence, `press:` a choice's label, `upload:` hands in the photos behind
the last link, `advance:` moves the clock by seconds while the page stays open, `restart:` kills a program and starts it
again; `bot:` names the responses that must come, in order, and `lang:` their language. `$code`, `$email`, `$name` ...
stand for the script's own account, `$otp`, `$phone_otp` and `$new_otp` for the newest code sent to its email, its phone
and the new address `$new`. `ends_with` says how often the password was reset, how many mails the account's owner got
(and a word in them), how many changes and applications wait for an officer, and how many messages it took.
"""

import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from string import Template
from typing import Any

import pytest
import yaml

from tests.e2e.responses import name_of
from tests.programs import Chat, Programs

HERE = Path(__file__).parent
OWN_ACTIONS = yaml.safe_load((HERE.parent.parent / "domain.yml").read_text(encoding="utf-8"))["actions"]
MOST_BUBBLES = 3
MOST_ACTIONS = 2
"""Calls of the action server in a turn."""
SCRIPTS = sorted(HERE.glob("*/user_*.yml"))
A_DAY_S = 86_401
P95_S = 0.3
TURNS_S: list[float] = []
"""Seconds of every turn so far: from sending a message to its last bubble."""

OpenChat = Callable[..., Chat]


def name_of_script(path: Path) -> str:
    """Return the phenomenon and what the person does, for the test's id."""
    return f"{path.parent.name}/{path.stem}"


def action_calls(database: Path) -> list[int]:
    """Return how often each turn of the newest conversation called the action server."""
    with closing(sqlite3.connect(database)) as tracker:
        [newest] = tracker.execute("select sender_id from events order by id desc limit 1").fetchone()
        rows = tracker.execute("select type_name, action_name from events where sender_id = ? order by id", [newest]).fetchall()
    counts = [0]
    for kind, name in rows:
        if kind == "user":
            counts.append(0)
        elif kind == "action" and (name.endswith("_form") or name in OWN_ACTIONS):
            counts[-1] += 1
    return counts


class Values(dict[str, str]):
    """What stands for `$code`, `$email`, `$name` ... and, read only when a sentence has it, the newest code sent somewhere."""

    def __init__(self, programs: Programs, account: dict[str, Any]) -> None:
        person = {"code": "bhxh_code", "email": "email", "name": "full_name", "dob": "dob", "id": "personal_id"}
        super().__init__({name: str(account[column] or "") for name, column in person.items()})
        self["province"] = str(account["province"] or "")
        self["new"] = f"moi.{account['bhxh_code']}@example.com"
        self._sent = {"otp": account["email"], "phone_otp": account["phone"], "new_otp": self["new"]}
        self._programs = programs

    def __missing__(self, name: str) -> str:
        return self._programs.otp(self._sent[name])


@pytest.mark.parametrize("script", SCRIPTS, ids=name_of_script)
def test_dialogue(script: Path, programs: Programs, open_chat: OpenChat) -> None:
    """The person's words lead to the bot's sentences, and to the end the script names."""
    perform(script, programs, open_chat)


@pytest.mark.prove
@pytest.mark.parametrize("script", SCRIPTS, ids=name_of_script)
def test_dialogue_three_times_in_a_row(script: Path, programs: Programs, open_chat: OpenChat) -> None:
    """On the same programs, with what the others left there."""
    for _ in range(3):
        programs.advance(A_DAY_S)  # or the limits of a day would be reached
        perform(script, programs, open_chat)


@pytest.mark.prove
def test_ninety_five_turns_of_a_hundred_are_quick() -> None:
    """Of those that were just played: on a quiet machine, so no part of `make test`."""
    assert len(TURNS_S) > 1_000
    slow = sorted(TURNS_S)[int(len(TURNS_S) * 0.95)]
    sys.stdout.write(f"{len(TURNS_S)} turns, median {sorted(TURNS_S)[len(TURNS_S) // 2]:.3f} s, p95 {slow:.3f} s\n")
    assert slow < P95_S


def perform(script: Path, programs: Programs, open_chat: OpenChat) -> None:
    """Play one script with an account of its own and check every turn and the end."""
    play: dict[str, Any] = yaml.safe_load(script.read_text(encoding="utf-8"))
    account = programs.new_account(**play.get("account", {}))
    chat = open_chat(play.get("opens_in"))
    typed = 0
    for number, step in enumerate(play["steps"], start=1):
        if "advance" in step:
            programs.advance(step["advance"])
            chat.look()
            continue
        if "restart" in step:
            with programs.without(step["restart"]):
                pass
            continue
        if "upload" in step:
            chat.upload_photos()
            continue
        values = Values(programs, account)
        typed += 1
        said = step["press"] if "press" in step else Template(step["user"]).substitute(values)
        began = time.monotonic()
        bubbles = chat.press(said) if "press" in step else chat.say(said)
        TURNS_S.append(time.monotonic() - began)
        sys.stdout.write(
            "\n".join([f"{number:3} > {said}", *(f"      {one['text']}" for one in bubbles), ""])
        )  # shown when it fails
        assert 1 <= len(bubbles) <= MOST_BUBBLES, f"step {number}"
        answers = [name_of(bubble["text"]) for bubble in bubbles]
        assert [name for name, _ in answers] == step["bot"], f"step {number}: {step.get('user') or step.get('press')}"
        assert {lang for _, lang in answers} == {step.get("lang", play.get("lang", "vi"))}, f"step {number}"
    assert max(action_calls(programs.var / "tracker.db")) <= MOST_ACTIONS
    ends_with = play["ends_with"]
    after = programs.account(account["bhxh_code"])
    assert len(after["applications"]) == ends_with.get("applications", 0)
    assert [change["state"] for change in after["changes"]] == ["open"] * ends_with.get("changes", 0)
    resets = [one for one in after["audit"] if one["event"] == "password_reset"]
    assert len(resets) == ends_with["resets"]
    mails = [mail for mail in programs.outbox() if mail["to"] == account["email"]]
    assert len(mails) == ends_with["mails"]
    assert ends_with.get("mail_says", "") in "".join(mail["body"] for mail in mails)
    assert typed <= ends_with.get("messages_at_most", typed)
