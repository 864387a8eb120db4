"""What the assistant can be talked to about, read from the product itself: a new topic is played without a word here."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent.parent
_ANNOTATED = re.compile(r"\[([^\]]+)\][({][^)}]*[)}]")


def examples() -> dict[str, list[str]]:
    """Return every intent of the domain with its example sentences, annotations removed."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    found: dict[str, list[str]] = {str(name): [] for name in domain["intents"]}
    for path in sorted((ROOT / "data").glob("*/nlu.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in block:
                lines = [line.removeprefix("- ").strip() for line in block["examples"].splitlines() if line.strip()]
                found.setdefault(block["intent"].split("/")[0], []).extend(_ANNOTATED.sub(r"\1", line) for line in lines)
    return {name: lines for name, lines in found.items() if lines}


def forms() -> dict[str, list[str]]:
    """Return every form of the domain with the slots it asks for."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    return {str(name): list(form["required_slots"]) for name, form in domain["forms"].items()}


def channels() -> list[str]:
    """Return the channels that `credentials.yml` switches on."""
    return list(yaml.safe_load((ROOT / "credentials.yml").read_text(encoding="utf-8")))
