"""The table of attacks, tests and mutants: `python -m tests.security.attack_table` writes ATTACKS.md anew."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import yaml

HERE = Path(__file__).parent
TABLE = HERE / "ATTACKS.md"
MUTANTS = HERE.parent / "mutants" / "attack_mutants.yml"
HEAD = """# Attacks

Black box, over HTTP against two processes of the backend on one PostgreSQL (`attack_stage.py`). Tests marked * run in
`make prove` only. A mutant is the product without that protection; `make prove` builds each and expects the attack's test to fail
(`tests/mutants/attack_mutants.yml`). Written by `python -m tests.security.attack_table`.

| attack | test | mutants: without … |
|---|---|---|
"""
ELSEWHERE = """
T56 to T60 (officers' console) have no page to attack yet. What the catalogue and the design settle differently:

* T01: a number, null, list or object as a code is a malformed call: refused, compared with nothing, not counted.
* T08: ten wrong answers a day and thirty in a row; sends are limited besides.
* T32: a search needs no code of its own; what it finds goes to the address on file only.
* T33: the ticket is the verified challenge: one use, ten minutes, its own purpose and conversation; it has no link.
* T36, T37: code, registered email and that mailbox are the agency's process, a mailed temporary password too.
* T40: eight characters, because a code is asked at every reset. T46: two accounts may ask for one address, an officer decides.
* T48: a login beside another device's session has its own tests.
"""


def attacks() -> list[tuple[str, str, bool]]:
    """Id, name and whether it is a long one, of every attack test; a test with two ids comes twice."""
    found = []
    for path in sorted(HERE.glob("test_attacks_on_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                ids = re.match(r"(T\d\d(?:, T\d\d)*)\.", ast.get_docstring(node) or "")
                assert ids, f"{path.name}: {node.name} does not begin with the id of its attack"
                long = any(isinstance(one, ast.Name) and one.id == "LONG" for one in node.decorator_list)
                found += [(one, node.name, long) for one in ids[1].split(", ")]
    return sorted(found, key=lambda row: row[0])


def mutants() -> dict[str, list[str]]:
    """What each attack's mutants are without."""
    found = defaultdict(list)
    for row in yaml.safe_load(MUTANTS.read_text(encoding="utf-8")):
        ids, _, without = row["without"].partition(": ")
        for one in ids.split(", "):
            found[one].append(without)
    return found


def table() -> str:
    """The page."""
    names = defaultdict(list)
    for one, name, long in attacks():
        names[one].append(f"`{name}`" + ("*" if long else ""))
    taken_out = mutants()
    rows = [f"| {one} | {'<br>'.join(names[one])} | {'; '.join(taken_out.get(one, ['–']))} |\n" for one in sorted(names)]
    return HEAD + "".join(rows) + ELSEWHERE


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
