"""`make bench PROGRAM=nlu`: four engines on the same data, the learning curve, what each part adds; below `var/bench/nlu/`."""

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench import ROOT
from bench.company import Company
from bench.machine import description
from bench.nlu.asked import Asked
from bench.nlu.engines import Task, measured
from bench.nlu.job import in_rasa
from bench.nlu.measured import RESULTS, Run, Trained
from bench.nlu.plots import PICTURES
from bench.nlu.quoting import with_quotes
from bench.nlu.report import markdown, quoted
from bench.nlu.scored import scored
from bench.picture import draw

FOLDER = ROOT / "var/bench/nlu"
PUBLISHED = ROOT / "docs/performance"
DOCUMENT = ROOT / "docs/understanding.md"
ALL = ("engines", "curve", "parts")
Say = Callable[[str], None]


def main() -> int:
    """Return 0 when everything was measured, whatever the numbers."""
    parser = argparse.ArgumentParser(prog="bench.nlu", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a sixteenth of the examples, few questions; to see that it works")
    parser.add_argument("--budget", type=float, default=20, help="minutes that DIET may learn; what it learned is kept (20)")
    parser.add_argument("--only", choices=ALL, nargs="+", default=ALL, help="measure these anew, keep the last run's others")
    parser.add_argument("--publish", action="store_true", help="copy report and pictures to docs/, and its tables into the text")
    asked = parser.parse_args()
    started = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - started:5.0f} s  {what}", flush=True)

    folder = FOLDER / "quick" if asked.quick else FOLDER
    run = measure(_task(folder, asked.quick, asked.budget), asked.quick, asked.only, say)
    draw("bench.nlu.plots", folder)
    report = folder / "report.md"
    report.write_text(markdown(run), encoding="utf-8")
    print(report.read_text(encoding="utf-8"))
    if asked.publish:
        _publish(run, folder)
    return 0


def measure(task: Task, quick: bool, chosen: list[str] | tuple[str, ...], say: Say) -> Run:
    """Everything that is chosen, written down as it comes; what is not comes from the last run."""
    say("examples and questions")
    results = task.folder / RESULTS
    run = Run(description(), task.prepare(), len(task.asked.labelled), quick=quick)
    if set(chosen) != set(ALL) and results.exists():
        run = replace(Run.read(results), examples=run.examples, asked=run.asked, **{name: [] for name in chosen})  # type: ignore[arg-type]
    if "engines" in chosen:
        company = Company()
        for name, engine in measured(task):
            say(name)
            run.engines.append(engine())
            run.write(results)
        run.machine = {**description(), "others_share": company.share()}
        run.write(results)
    for study in [name for name in ("curve", "parts") if name in chosen]:
        say(study)
        setattr(run, study, _study(study, task, quick))
        run.write(results)
    return run


def _task(folder: Path, quick: bool, minutes: float) -> Task:
    evaluation = ROOT / "tests/nlu/evaluation"
    if not quick:
        return Task(folder, ROOT / "data", Asked.read(evaluation), minutes * 60)
    sample = folder / "data/nlu.yml"
    sample.parent.mkdir(parents=True, exist_ok=True)
    in_rasa("in_rasa", "sample", "--data", ROOT / "data", "--share", str(1 / 16), "--out", sample)
    return Task(folder, sample.parent, Asked.read(evaluation, of_each=5), 0, epochs=2)


def _study(study: str, task: Task, quick: bool) -> list[Trained]:
    out = task.folder / f"{study}.jsonl"
    arguments: list[str | Path] = ["--config", ROOT / "config.yml", "--data", task.data, "--asked", task.questions, "--out", out]
    in_rasa("studies", study, *arguments, *(["--quick"] if quick else []))
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return [
        Trained(row["name"], row["said"])
        if "said" in row
        else Trained(
            row["name"], "", scored(task.asked, row["answers"]), row["seconds"], row.get("examples", 0), row.get("share", 1)
        )
        for row in rows
    ]


def _publish(run: Run, folder: Path) -> None:
    PUBLISHED.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / "report.md", PUBLISHED / "nlu.md")
    for name in PICTURES:
        shutil.copy(folder / name, PUBLISHED / name)
    DOCUMENT.write_text(with_quotes(DOCUMENT.read_text(encoding="utf-8"), quoted(run)), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
