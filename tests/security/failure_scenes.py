"""Every way in which the programs fail, while somebody tells everything."""

import sqlite3
from contextlib import suppress
from typing import get_args

import httpx

from backend.demo.faults import Mode, Part
from tests.security.canaries import ACCOUNT
from tests.security.channel_drivers import has_form
from tests.security.stage import Stage
from tests.security.talk_scenes import SPOKEN, everything_at_once

CODE = ACCOUNT["bhxh_code"]
BEGIN = "tôi quên mật khẩu"
BUSY = "utter_system_busy"
NEEDED_PARTS = ("database", "backend", "actions")
"""Parts without which nothing that is typed in a form can be handled."""
QUICK_MODES = ("down", "garbage")
SPOKEN_PLACES = ("component", "processor", "form", "handler", "action", "executor")
"""Words by which tests/security/saboteur lets a place fail that sees the message itself."""
MAILED_PLACES = ("backend", "postman")
"""The same for places that see the email only."""


def faults_of_demo_mode(stage: Stage, channel: str, modes: tuple[str, ...] = get_args(Mode)) -> None:
    """Switch every fault on that demo mode knows, one after the other."""
    for part in get_args(Part):
        for mode in modes:
            with stage.person(channel) as person:
                person.say(BEGIN)
                stage.fault(part, mode, 60)
                try:
                    heard = person.say(everything_at_once())
                finally:
                    stage.fault(part, mode, 0)
                assert part not in NEEDED_PARTS or mode == "slow" or BUSY in heard, f"{part} did not fail: {heard}"


def dead_programs(stage: Stage, channel: str) -> None:
    """Kill the programs behind the chat; then let another one answer in the action server's place."""
    for name in ("backend", "actions"):
        with stage.person(channel) as person:
            person.say(BEGIN)
            with stage.programs.without(name):
                assert BUSY in person.say(everything_at_once())
    with stage.person(channel) as person:
        person.say(BEGIN)
        with stage.echoing_actions():
            assert BUSY in person.say(everything_at_once())


def careless_code(stage: Stage, channel: str) -> None:
    """Let every place misbehave with everything at hand."""
    for place in SPOKEN_PLACES:
        with stage.person(channel) as person:
            person.say(BEGIN)
            person.say(f"{place}-fail {everything_at_once()}")
    mailed = () if has_form(channel, SPOKEN) else MAILED_PLACES  # nobody says an email in a call
    for place in mailed:
        email = f"canary.tweety+{place}-fail@example.com"
        stage.programs.new_account(**{**ACCOUNT, "email": email})
        with stage.person(channel) as person:
            person.say(BEGIN)
            person.say(CODE)
            person.say(email)
    stage.programs.new_account(**ACCOUNT)
    failed = {path.name for path in (stage.programs.var / "sabotage").iterdir()}
    assert {f"{place}-fail" for place in (*SPOKEN_PLACES, *mailed)} <= failed, f"only these failed: {failed}"


def locked_databases(stage: Stage, channel: str) -> None:
    """Hold the write lock of every database while messages come in."""
    for database in sorted(stage.programs.var.glob("*.db")):
        with stage.person(channel) as person:
            person.say(BEGIN)
            holder = sqlite3.connect(database, isolation_level=None)
            try:
                holder.execute("BEGIN IMMEDIATE")
                person.say(everything_at_once())
            finally:
                holder.close()
            person.say(f"mã {CODE}")


def crashes(stage: Stage, channel: str) -> None:
    """Abort every program in the middle of its work: nothing of its memory may be written down."""
    with stage.person(channel) as person:
        person.say(BEGIN)
        person.say(f"action-abort {everything_at_once()}")
        stage.programs.bury("actions")
    stage.up()
    with stage.person(channel) as person:
        person.say(BEGIN)
        person.say(CODE)
        person.say("canary.tweety+backend-abort@example.com")
        stage.programs.bury("backend")
    with stage.person(channel) as person, suppress(httpx.HTTPError):
        person.say(f"handler-abort {everything_at_once()}")
    stage.programs.bury("rasa")
