"""The command itself: read, parse twice (as written and without accents), score, draw, and hold against the limits."""

import argparse
import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any, Dict, List

from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog

from assistant.evaluate.gate import broken
from assistant.evaluate.labelled import BadLabels, Utterance, read_labelled
from assistant.evaluate.pictures import draw
from assistant.evaluate.scores import scores
from assistant.nlu.folding import fold
from assistant.parse import parse_lines

SHOWN = 15


def main() -> int:
    """Return 0 when the report is written and no limit is broken, 1 when one is, 2 when the labels cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m assistant evaluate", description=__doc__)
    parser.add_argument("model", help="a trained model (.tar.gz)")
    parser.add_argument("labels", type=Path, help="a labelled file, or a folder of them")
    parser.add_argument("out", type=Path, help="the folder for report.json and the pictures")
    parser.add_argument("--limits", type=Path, help="a YAML file of limits that makes this a gate")
    asked = parser.parse_args(sys.argv[2:])
    configure_structlog(logging.CRITICAL)
    logging.disable(logging.WARNING)
    try:
        labelled = read_labelled(asked.labels)
    except BadLabels as error:
        print(error, file=sys.stderr)
        return 2
    report = asyncio.run(evaluate(Agent.load(asked.model), labelled))
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draw(report, asked.out)
    print(summary(report))
    failures = broken(report, asked.limits) if asked.limits else []
    for sentence in failures:
        print(f"BELOW THE LIMIT: {sentence}")
    print(f"{asked.out}/report.json and four pictures are written.")
    return 1 if failures else 0


async def evaluate(agent: Agent, labelled: List[Utterance]) -> Dict[str, Any]:
    """Return the report of that model on these utterances."""
    readings = await parse_lines(agent, [one.text for one in labelled])
    unaccented = await parse_lines(agent, [fold(one.text) for one in labelled])
    return scores(labelled, readings, unaccented)


def summary(report: Dict[str, Any]) -> str:
    """Return what a person reads first: the numbers, the weakest styles and intents, the surest mistakes."""
    entities = " ".join(f"{name} {one['f1']:.1%}" for name, one in report["entities"].items())
    lines = [
        f"{report['utterances']} utterances: {report['accuracy']:.1%} of intents, {report['lang']:.1%} of languages right; "
        f"{report['loss_without_accents'] * 100:.1f} points less without accents",
        f"out of scope: {report['out_of_scope_recall']:.1%} recognised, {report['in_scope_refused']:.1%} of the others refused; "
        f"calibration error {report['calibration_error']:.3f}",
        f"values (F1): {entities}",
        "weakest styles: " + ", ".join(f"{name} {one:.1%}" for name, one in list(report["accuracy_by_style"].items())[:4]),
        "weakest intents: " + ", ".join(f"{name} {one:.1%}" for name, one in list(report["accuracy_by_intent"].items())[:5]),
        "surest mistakes:",
    ]
    for one in [row for row in report["mistakes"] if "confidence" in row][:SHOWN]:
        lines.append(f"  {one['confidence']:.2f}  {one['meant']} read as {one['read']}: {one['text'][:110]}")
    return "\n".join(lines)
