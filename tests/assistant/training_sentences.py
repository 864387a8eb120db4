"""The sentences of `data/*/nlu.yml`, without the marks of their entities."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent.parent
_MARK = re.compile(r"\[([^\]]*)\]\((?:full_name|province)\)")


def training_sentences() -> list[tuple[str, str]]:
    """Return every training sentence and its intent."""
    found = []
    for path in sorted((ROOT / "data").glob("*/nlu.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block.get("examples", "").splitlines() if "intent" in block else ():
                found.append((_MARK.sub(r"\1", line.removeprefix("- ").strip()), block["intent"].split("/")[0]))
    return found
