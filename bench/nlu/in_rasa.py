"""Training and asking engines that are Rasa pipelines. Runs in Rasa's environment: `python -m bench.nlu.in_rasa`."""

import argparse
import asyncio
import json
import logging
import math
import os
import resource
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import yaml

MOST_EPOCHS = 100
"""What `rasa init` writes."""
DIET = "DIETClassifier"


def main() -> None:
    """Do one job in a process of its own, so that time and memory are that job's."""
    parser = argparse.ArgumentParser(prog="bench.nlu.in_rasa", description=__doc__)
    parser.add_argument("job", choices=("sample", "export", "train", "answer"))
    parser.add_argument("--config", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--asked", type=Path, help="JSON: lists of messages by name")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--share", type=float, help="how much of the examples a sample takes")
    parser.add_argument("--epochs", type=int, help="let DIET learn that many epochs")
    parser.add_argument("--budget-s", type=float, help="let DIET learn as many epochs as fit into this time")
    parser.add_argument("--lean", action="store_true", help="without TensorFlow and fingerprints, as `make train` trains")
    given = parser.parse_args()
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    if given.lean:
        from assistant.without_tensorflow import leave_out_tensorflow

        leave_out_tensorflow()
        from assistant.quick_training import train_quickly

        train_quickly()
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.CRITICAL)
    logging.disable(logging.WARNING)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    done: Any = {"sample": _sample, "export": _export, "train": _train, "answer": _answer}[given.job](given)
    given.out.write_text(done if isinstance(done, str) else json.dumps(done, ensure_ascii=False), encoding="utf-8")


def _sample(given: argparse.Namespace) -> str:
    """Return part of the examples in Rasa's own format."""
    from fractions import Fraction

    from bench.nlu.studies import SEED, drawn, examples

    return str(drawn(examples(given.data), Fraction(given.share), SEED).nlu_as_yaml())


def _export(given: argparse.Namespace) -> list[dict[str, str]]:
    """Return the examples as plain rows, for engines that are not Rasa's."""
    from bench.nlu.studies import examples

    return [{"text": one.get("text"), "intent": one.get("intent")} for one in examples(given.data).intent_examples]


def _train(given: argparse.Namespace) -> dict[str, Any]:
    """Write the model and return the seconds, from the files of examples to the model's file; imports are not counted."""
    import rasa.model_training

    def trained(config: Path) -> float:
        started = time.monotonic()
        written = rasa.model_training.train_nlu(
            str(config), str(given.data), str(given.model.parent), fixed_model_name=given.model.name.split(".")[0]
        )
        if written is None:
            sys.exit("Rasa trained no model")
        return time.monotonic() - started

    if given.epochs is None and given.budget_s is None:
        return {"train_s": trained(given.config)}
    chosen = given.out.with_name("chosen.yml")
    with_epochs(given.config, given.epochs or MOST_EPOCHS, chosen)
    seconds = _timed_epochs(time.monotonic() + (given.budget_s or math.inf))
    train_s = trained(chosen)
    return {"train_s": train_s, "epochs": len(seconds), "epoch_s": median(seconds), "budget_s": given.budget_s}


def with_epochs(config: Path, epochs: int, target: Path) -> None:
    """Write a copy of a configuration with that many epochs of DIET."""
    settings = yaml.safe_load(config.read_text(encoding="utf-8"))
    for component in settings["pipeline"]:
        if component["name"] == DIET:
            component["epochs"] = epochs
    target.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")


def another_fits(seconds: list[float], left_s: float) -> bool:
    """Return whether one more epoch fits, judged by the last; TensorFlow compiles in the first, which takes longer."""
    return seconds[-1] <= left_s


def _timed_epochs(ends_at: float) -> list[float]:
    """Return a list that grows by the seconds of every epoch; when another one does not fit, learning ends.

    DIET's batches grow from 64 to 256 over the epochs that are planned, so one that ends early has learned in small steps.
    """
    from rasa.utils.tensorflow.models import RasaModel
    from tensorflow.keras.callbacks import Callback

    fit, seconds = RasaModel.fit, []

    class Watch(Callback):  # type: ignore[misc]
        def on_train_begin(self, _logs: Any = None) -> None:
            self.begun = time.monotonic()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            now = time.monotonic()
            seconds.append(now - self.begun)
            self.begun = now
            self.model.stop_training = not another_fits(seconds, ends_at - now)
            print(f"epoch {epoch + 1}: {seconds[-1]:.0f} s, {logs}", flush=True)

    def watched(self: Any, *arguments: Any, callbacks: Any = (), **named: Any) -> Any:
        return fit(self, *arguments, callbacks=[*callbacks, Watch()], **named)

    RasaModel.fit = watched
    return seconds


def _answer(given: argparse.Namespace) -> dict[str, Any]:
    """Return intent and confidence of every message, the milliseconds of each, and the greatest memory of this process."""
    return asyncio.run(_asked(given))


async def _asked(given: argparse.Namespace) -> dict[str, Any]:
    from rasa.core.agent import Agent

    from assistant.parse import FALLBACK

    agent = Agent.load(str(given.model))
    asked = json.loads(given.asked.read_text(encoding="utf-8"))
    answers: dict[str, list[Any]] = {}
    ms: list[float] = []
    for name, messages in asked.items():
        answers[name] = []
        for message in messages:
            started = time.perf_counter()
            parsed = await agent.parse_message(message)
            ms.append((time.perf_counter() - started) * 1000)
            intent = parsed.get("intent") or {}
            understood = str(intent.get("name") or FALLBACK)
            meant = "out_of_scope" if understood == FALLBACK else understood
            answers[name].append([meant, float(intent.get("confidence") or 0.0)])
    return {"answers": answers, "ms": ms, "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    main()
