"""The page about security is held to the code: what it names exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
FILES = list((ROOT / "tests").rglob("test_*.py"))


def named(pattern: str) -> set[str]:
    return {found for found in re.findall(r"`([^`]+)`", PAGE) if re.fullmatch(pattern, found)}


def test_every_module_that_it_names_exists() -> None:
    modules = named(r"[a-z_/]+\.(py|yml|txt)") - set(named(r"test_[a-z_]+\.py"))
    assert len(modules) > 40
    missing = [name for name in modules if not ((ROOT / name).exists() or (ROOT / "backend" / name).exists())]
    assert missing == []


def test_every_test_that_it_names_exists() -> None:
    written = {name for path in FILES for name in re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))}
    known = written | {path.name for path in FILES}
    assert len(named(r"test_\w+(\.py)?")) > 100
    assert sorted(named(r"test_\w+(\.py)?") - known) == []


def test_every_requirement_of_these_tasks_has_its_row() -> None:
    rows = set()
    for cell in re.findall(r"^\| ([0-9][0-9, –]*) \|", PAGE, flags=re.MULTILINE):
        for part in cell.split(","):
            first, _, last = part.strip().partition("–")
            rows |= set(range(int(first), int(last or first) + 1))
    assert set(range(1, 92)) - rows == set()
