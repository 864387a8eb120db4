"""The engines: each learns the same examples and answers the same messages, in processes of its own."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.nlu.language import guess
from bench import ROOT
from bench.nlu.asked import Asked
from bench.nlu.job import Failed, done, in_rasa, told
from bench.nlu.measured import Engine
from bench.nlu.scored import percentiles, scored

HERE = Path(__file__).parent
OURS, DEFAULT, TEN_LINES, NLPJS = "ours", "Rasa's default (DIET)", "TF-IDF + logistic regression", "NLP.js"
LESS_REGULAR = f"{TEN_LINES}, C=10"
LEAN = "--lean"


@dataclass(frozen=True)
class Task:
    """What the engines learn and are asked; `epochs` or `budget_s` say how long DIET learns."""

    folder: Path
    data: Path
    asked: Asked
    budget_s: float
    epochs: int | None = None

    @property
    def questions(self) -> Path:
        """Return the file of messages."""
        return self.folder / "asked.json"

    @property
    def examples(self) -> Path:
        """Return the file of plain rows of text and intent."""
        return self.folder / "examples.json"

    def prepare(self) -> int:
        """Write both files, and return the number of examples."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.asked.write(self.questions)
        in_rasa("in_rasa", "export", "--data", self.data, "--out", self.examples)
        return len(told(self.examples))

    def own(self, name: str) -> Path:
        """Return an engine's folder, made."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def measured(task: Task) -> list[tuple[str, Callable[[], Engine]]]:
    """Return the engines by name, ours first, each to be run when it is its turn."""
    makers = {
        OURS: ours, DEFAULT: default, TEN_LINES: ten_lines,
        LESS_REGULAR: lambda one: ten_lines(one, LESS_REGULAR, 10), NLPJS: nlpjs
    }  # fmt: skip
    return [(name, lambda maker=maker: maker(task)) for name, maker in makers.items()]  # type: ignore[misc]


def ours(task: Task) -> Engine:
    """Our pipeline, in a lean Rasa as it is started."""
    folder, config = task.own("ours"), ROOT / "config.yml"
    trained = _rasa("train", folder, "--config", config, "--data", task.data, LEAN)
    return _engine(OURS, task, trained, _rasa("answer", folder, "--asked", task.questions, LEAN))


def default(task: Task) -> Engine:
    """The pipeline of `rasa init`; what it learned is kept by the hash of what it learned from."""
    config = HERE / "default_pipeline.yml"
    amount = ["--epochs", str(task.epochs)] if task.epochs else ["--budget-s", f"{task.budget_s:.0f}"]
    folder = task.own(f"diet-{digest(task.data, config, amount)}")
    if not (folder / "train.json").exists():
        _rasa("train", folder, "--config", config, "--data", task.data, *amount)
    trained = told(folder / "train.json")
    said = f"{trained['epochs']} epochs" + (f" fit {trained['budget_s'] / 60:.0f} minutes" if "budget_s" in trained else "")
    return _engine(DEFAULT, task, trained, _rasa("answer", folder, "--asked", task.questions), said)


def ten_lines(task: Task, name: str = TEN_LINES, strength: float = 1) -> Engine:
    """Scikit-learn; the default strength is scikit-learn's own."""
    folder = task.own(f"ten_lines-{strength:g}")
    files = {name: folder / f"{name}.json" for name in ("train", "answer")}
    model = folder / "model.pickle"
    in_rasa("ten_lines", "train", "--examples", task.examples, "--model", model, "--strength", str(strength),
            "--out", files["train"])  # fmt: skip
    in_rasa("ten_lines", "answer", "--asked", task.questions, "--model", model, "--out", files["answer"])
    return _engine(name, task, told(files["train"]), told(files["answer"]))


def nlpjs(task: Task) -> Engine:
    """NLP.js, if this machine has node and can install it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return Engine(NLPJS, said="not measured: this machine has no node or no npm")
    folder, installed = task.own("nlpjs"), ROOT / "var/bench/nlu/node"
    try:
        _install(npm, installed)
    except Failed as failed:
        return Engine(NLPJS, said=f"not measured: npm could not install it ({str(failed).splitlines()[-1][:120]})")
    rows = [{**one, "lang": guess(one["text"])} for one in told(task.examples)]
    (folder / "examples.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    files = {name: folder / f"{name}.json" for name in ("train", "answer")}
    for job, source in (("train", folder / "examples.json"), ("answer", task.questions)):
        done([node, "engine.js", job, str(source), str(folder / "model.nlp"), str(files[job])], installed)
    version = told(HERE / "nlpjs/package.json")["dependencies"]["node-nlp"]
    return _engine(NLPJS, task, told(files["train"]), told(files["answer"]), f"node-nlp {version}")


def digest(data: Path, config: Path, amount: list[str]) -> str:
    """Return what names a training: the same for the same examples, configuration and amount of learning."""
    whole = hashlib.sha256(" ".join(amount).encode())
    for file in [config, *sorted(data.rglob("*.yml"))]:
        content = file.read_bytes()
        if file == config or b"\nnlu:" in content:
            whole.update(content)
    return whole.hexdigest()[:12]


def _rasa(job: str, folder: Path, *arguments: str | Path) -> dict[str, Any]:
    out = folder / f"{job}.json"
    in_rasa("in_rasa", job, "--model", folder / "model.tar.gz", "--out", out, *arguments)
    return dict(told(out))


def _engine(name: str, task: Task, trained: dict[str, Any], answered: dict[str, Any], said: str = "") -> Engine:
    middle, late = percentiles(answered["ms"])
    return Engine(name, said, scored(task.asked, answered["answers"]), trained["train_s"], middle, late, answered["rss_mb"])


def _install(npm: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "nlpjs/package-lock.json").read_bytes()
    lock = folder / "package-lock.json"
    fitting = lock.exists() and lock.read_bytes() == wanted and (folder / "node_modules/node-nlp").exists()
    for file in (HERE / "nlpjs").iterdir():
        shutil.copy(file, folder / file.name)
    if not fitting:
        done([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], folder)
