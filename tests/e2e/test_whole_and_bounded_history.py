"""Every conversation this run has played goes the same way with its whole history as with the stored short one."""

import json
import subprocess

import pytest

from tests.e2e.test_dialogues import SCRIPTS
from tests.programs import ROOT, Programs


def test_every_dialogue_takes_the_same_actions_with_all_and_with_few_turns(programs: Programs) -> None:
    """The store keeps all events on disk, so both can be played again; endpoints.yml keeps 3 turns, 1 is harder."""
    command = [".venv/rasa/bin/python", "-W", "ignore", "tests/assistant/differential.py", programs.environment["MODEL"]]
    played = subprocess.run(
        [*command, str(programs.var / "tracker.db"), "1", "3"],
        cwd=ROOT, env=programs.environment, capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    result = json.loads(played.stdout.splitlines()[-1])
    if result["conversations"] < len(SCRIPTS):
        pytest.skip("run it together with test_dialogues.py, which plays the conversations")
    assert result["differences"] == []
    assert result["predictions"] > 10 * len(SCRIPTS)
