"""What a run has measured: plain data, written to and read from JSON."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.assistant.form_turn import FormTurns
from bench.assistant.load import Batch
from bench.assistant.long_conversation import LongConversation
from bench.assistant.soak import Soak

RESULTS = "results.json"


@dataclass
class Round:
    """One process of one side, from its start on."""

    ready_s: float
    rss_mb: float
    plain_ms: list[float]
    batches: list[Batch]
    form: FormTurns | None = None


@dataclass
class Run:
    """Everything of one run. Rounds of the same index ran one after the other; their ratios compare the two sides."""

    machine: dict[str, Any]
    threads: dict[str, list[float]]
    """Milliseconds of stock's plain turns by OMP_NUM_THREADS ("" is TensorFlow's choice)."""
    ours: list[Round] = field(default_factory=list)
    stock: list[Round] = field(default_factory=list)
    long: dict[str, LongConversation] = field(default_factory=dict)
    soak: Soak | None = None

    def write(self, path: Path) -> None:
        """Write the raw samples."""
        path.write_text(json.dumps(_rounded(asdict(self)), ensure_ascii=False, indent=1) + "\n")


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return value
