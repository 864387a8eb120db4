"""Takes each protection out of a copy of the product and expects the tests that guard it to fail.

A row of `mutants.yml` or `attack_mutants.yml` names a file, a text that stands in it once, what it becomes, and the tests
that must notice; `also` lists further changes where one protection stands behind another.
`make prove` runs this; a mutant that survives is a hole in the tests.
"""

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.programs import ROOT

TABLES = ("mutants.yml", "attack_mutants.yml")
MUTANTS: list[dict[str, Any]] = [
    row for table in TABLES for row in yaml.safe_load((Path(__file__).parent / table).read_text(encoding="utf-8"))
]
IN_RASA = "-c tests/assistant/pytest.ini --rootdir . --confcutdir tests/assistant -o pythonpath=."
TESTS_FAILED = 1
"""pytest's exit code; others mean that the tests could not even run."""


def copy_of_the_product(folder: Path) -> None:
    """Copy every file that git knows, and share environments and model."""
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in files.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    for shared in (".venv", "models"):
        (folder / shared).symlink_to(ROOT / shared)


def command(tests: str) -> list[str]:
    """Return the command that runs these tests in their environment."""
    if tests.startswith("tests/assistant"):
        return [".venv/rasa/bin/python", "-m", "pytest", "-q", "-x", *IN_RASA.split(), *shlex.split(tests)]
    return [".venv/app/bin/python", "-m", "pytest", "-q", "-x", "-m", "prove or not prove", *shlex.split(tests)]


def changes(mutant: dict[str, Any]) -> list[dict[str, str]]:
    """What one mutant changes: in one place, or in several where one protection stands behind another."""
    return [mutant, *mutant.get("also", ())]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant["without"])
def test_what_it_takes_out_is_there(mutant: dict[str, Any]) -> None:
    """Whoever rewords a protection rewords its mutant."""
    for change in changes(mutant):
        source = (ROOT / change["file"]).read_text(encoding="utf-8")
        assert source.count(change["old"]) == 1, f"the text to replace must stand in {change['file']} once: {change['old']}"


@pytest.mark.prove
@pytest.mark.timeout(600)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant["without"])
def test_the_tests_notice(mutant: dict[str, Any], tmp_path: Path) -> None:
    """Without this protection a test fails."""
    copy_of_the_product(tmp_path)
    for change in changes(mutant):
        mutated = tmp_path / change["file"]
        source = mutated.read_text(encoding="utf-8")
        mutated.write_text(source.replace(change["old"], change["new"]), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    ran = subprocess.run(command(mutant["tests"]), cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == TESTS_FAILED, ran.stdout[-3000:]
