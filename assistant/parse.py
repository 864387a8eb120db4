"""`make parse`: what the assistant understands of each line of a file, as one JSON object a line."""

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any, Dict, List

from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog

from assistant.nlu import found_values
from assistant.nlu.folding import compose
from assistant.nlu.language import guess
from assistant.nlu.values import values_by_kind

FALLBACK = "nlu_fallback"


def reading(text: str, parsed: Dict[str, Any]) -> Dict[str, Any]:
    """Return the row for one utterance: the intent after fallback, the language, the entities."""
    intent = parsed.get("intent") or {}
    name = str(intent.get("name") or FALLBACK).split("/")[0]
    return {
        "text": text,
        "intent": "out_of_scope" if name == FALLBACK else name,
        "confidence": round(float(intent.get("confidence") or 0.0), 4),
        "lang": guess(text),
        "entities": values_by_kind(found_values.of(parsed.get("entities") or [])),
    }


async def parse_lines(agent: Agent, lines: List[str]) -> List[Dict[str, Any]]:
    """Return the reading of every line; an empty line is a row too."""
    rows = []
    for line in lines:
        text = compose(line).strip().lstrip("/／")
        parsed = await agent.parse_message(text) if text else {"intent": {"name": "out_of_scope", "confidence": 0.0}}
        rows.append({**reading(text, parsed), "text": line})
    return rows


def main() -> int:
    """`python -m assistant parse MODEL IN OUT`; return 2 when a path is missing."""
    arguments = sys.argv[2:]
    if len(arguments) != 3 or not all(arguments):
        print("usage: make parse IN=lines.txt OUT=parsed.jsonl", file=sys.stderr)
        return 2
    model, source, target = arguments
    configure_structlog(logging.CRITICAL)
    logging.disable(logging.WARNING)
    try:
        lines = Path(source).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        print(f"{source} cannot be read as UTF-8 text: {error}", file=sys.stderr)
        return 2
    rows = asyncio.run(parse_lines(Agent.load(model), lines))
    Path(target).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return 0
