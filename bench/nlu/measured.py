"""What a run measured, as it is written to `results.json`."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.nlu.scored import Scores

RESULTS = "results.json"


@dataclass(frozen=True)
class Engine:
    """An engine that learned the examples and answered the evaluation set; without scores, `said` tells why."""

    name: str
    said: str = ""
    scores: Scores | None = None
    train_s: float = 0
    p50_ms: float = 0
    p95_ms: float = 0
    rss_mb: float = 0


@dataclass(frozen=True)
class Trained:
    """Our pipeline after one training of a study; without scores, `said` tells why there was none."""

    name: str
    said: str = ""
    scores: Scores | None = None
    seconds: float = 0
    examples: int = 0
    share: float = 1


@dataclass
class Run:
    """Everything; `engines` begins with ours, `parts` with everything in its place."""

    machine: dict[str, Any]
    examples: int
    asked: int
    engines: list[Engine] = field(default_factory=list)
    curve: list[Trained] = field(default_factory=list)
    parts: list[Trained] = field(default_factory=list)
    quick: bool = False

    def write(self, path: Path) -> None:
        """Write the numbers down."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Run":
        """Return a run that was written."""
        told = json.loads(path.read_text(encoding="utf-8"))
        engines = [Engine(**{**one, "scores": _scores(one)}) for one in told["engines"]]
        curve, parts = ([Trained(**{**one, "scores": _scores(one)}) for one in told[name]] for name in ("curve", "parts"))
        return cls(told["machine"], told["examples"], told["asked"], engines, curve, parts, told["quick"])


def _scores(told: dict[str, Any]) -> Scores | None:
    return Scores(**told["scores"]) if told["scores"] else None
