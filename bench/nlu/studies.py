"""Our pipeline with fewer examples, and without each of its parts. Runs in Rasa's environment: `python -m bench.nlu.studies`."""

import argparse
import json
import logging
import random
import sys
import tempfile
import time
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from assistant.without_tensorflow import leave_out_tensorflow

DRAWS = {Fraction(1, 16): 3, Fraction(1, 8): 3, Fraction(1, 4): 3, Fraction(1, 2): 1, Fraction(1): 1}
"""How often each share of the examples is drawn: small shares depend on the draw."""
QUICK = {Fraction(1, 2): 2, Fraction(1): 1}
SEED = 20


def main() -> None:
    """Write a JSON line for every training as soon as it is done."""
    parser = argparse.ArgumentParser(prog="bench.nlu.studies", description=__doc__)
    parser.add_argument("study", choices=("curve", "parts"))
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--asked", type=Path, required=True, help="JSON: lists of messages by name")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    leave_out_tensorflow()
    logging.disable(logging.WARNING)
    config = yaml.safe_load(given.config.read_text(encoding="utf-8"))["pipeline"]
    asked = json.loads(given.asked.read_text(encoding="utf-8"))
    data = examples(given.data)
    with given.out.open("w", encoding="utf-8") as out:
        for row in _curve(data, config, asked, given.quick) if given.study == "curve" else _parts(data, config, asked):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            out.flush()
            print(f"{row['name']}: {row.get('said') or format(row['seconds'], '.0f') + ' s'}", file=sys.stderr, flush=True)


def _curve(data: Any, config: Any, asked: Any, quick: bool) -> Any:
    for share, draws in (QUICK if quick else DRAWS).items():
        for draw in range(draws):
            few = drawn(data, share, SEED + draw)
            row = {"name": f"{share}", "share": float(share), "draw": draw, "examples": len(few.intent_examples)}
            yield {**row, **_measured(few, config, asked)}


def _parts(data: Any, config: Any, asked: Any) -> Any:
    from bench.nlu.components import fresh
    from bench.nlu.parts import NotThere, parts

    yield {"name": "everything", **_measured(fresh(data), config, asked)}
    for part in parts():
        try:
            with part.taken_out():
                yield {"name": part.name, **_measured(part.data(fresh(data)), part.config(config), asked)}
        except (NotThere, LookupError, AttributeError) as missing:
            yield {"name": part.name, "said": str(missing)}


def examples(folder: Path) -> Any:
    """Return the training data of a folder, in which other files may lie too."""
    from rasa.shared.importers.rasa import RasaFileImporter

    return RasaFileImporter(training_data_paths=[str(folder)]).get_nlu_data()


def drawn(data: Any, share: Fraction, seed: int) -> Any:
    """Return that share of every intent's examples, one at the least; the rest of the training data is whole."""
    from bench.nlu.components import fresh

    if share == 1:
        return fresh(data)
    by_intent: dict[str, list[Any]] = defaultdict(list)
    for example in data.intent_examples:
        by_intent[example.get("intent")].append(example)
    chance = random.Random(seed)
    kept = {id(one) for examples in by_intent.values() for one in chance.sample(examples, max(1, round(share * len(examples))))}
    return fresh(data.filter_training_examples(lambda one: id(one) in kept))


def _measured(examples: Any, config: Any, asked: dict[str, list[str]]) -> dict[str, Any]:
    from bench.nlu.components import Pipeline

    with tempfile.TemporaryDirectory() as folder:
        pipeline = Pipeline(config, Path(folder))
        started = time.monotonic()
        pipeline.train(examples)
        seconds = time.monotonic() - started
        answers = {name: pipeline.answers(messages) for name, messages in asked.items()}
    return {"seconds": seconds, "answers": answers}


if __name__ == "__main__":
    main()
