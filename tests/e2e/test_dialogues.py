"""Plays every script below this folder against the real programs.

A script is a list of steps. `user:` types a sentence, `press:` a choice's label, `advance:` moves the clock by
seconds while the page stays open; `bot:` names the responses that must come, in order. `$code`, `$email`, `$otp`
stand for the script's own account and the newest code mailed to it; `lang:` checks the language of the bot's
sentences. `ends_with` says how often the password was reset, how many mails the account's owner got (and a word in
them) and how many messages it took.
"""

from collections.abc import Callable
from pathlib import Path
from string import Template
from typing import Any

import pytest
import yaml

from tests.e2e.responses import name_of
from tests.programs import Chat, Programs

HERE = Path(__file__).parent
SCRIPTS = sorted(HERE.glob("*/user_*.yml"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_dialogue(script: Path, programs: Programs, open_chat: Callable[..., Chat]) -> None:
    """The person's words lead to the bot's sentences, and to the end the script names."""
    play: dict[str, Any] = yaml.safe_load(script.read_text(encoding="utf-8"))
    account = programs.new_account(**play.get("account", {}))
    chat = open_chat(play.get("opens_in"))
    typed = 0
    for number, step in enumerate(play["steps"], start=1):
        if "advance" in step:
            programs.advance(step["advance"])
            chat.look()
            continue
        otp = programs.otp(account["email"]) if "$otp" in step.get("user", "") else ""
        values = {"code": account["bhxh_code"], "email": account["email"] or "", "otp": otp}
        typed += 1
        bubbles = chat.press(step["press"]) if "press" in step else chat.say(Template(step["user"]).substitute(values))
        answers = [name_of(bubble["text"]) for bubble in bubbles]
        assert [name for name, _ in answers] == step["bot"], f"step {number}: {step.get('user') or step.get('press')}"
        assert {lang for _, lang in answers} == {step.get("lang", play.get("lang", "vi"))}, f"step {number}"
    ends_with = play["ends_with"]
    resets = [one for one in programs.account(account["bhxh_code"])["audit"] if one["event"] == "password_reset"]
    assert len(resets) == ends_with["resets"]
    mails = [mail for mail in programs.outbox() if mail["to"] == account["email"]]
    assert len(mails) == ends_with["mails"]
    assert ends_with.get("mail_says", "") in "".join(mail["body"] for mail in mails)
    assert typed <= ends_with.get("messages_at_most", typed)
