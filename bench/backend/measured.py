"""What a run has measured: plain data, written to JSON as it comes."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.backend.rounds import Timed

RESULTS = "results.json"
OverHttp = dict[str, dict[str, list[list[float]]]]
"""By request and database: rounds of milliseconds."""


@dataclass
class Run:
    """Everything of one run. Rates are requests a second, one number a batch, against a million people on SQLite."""

    machine: dict[str, Any]
    sizes: tuple[int, int]
    kinds: tuple[str, ...]
    lookups: dict[str, Timed] = field(default_factory=dict)
    http: OverHttp = field(default_factory=dict)
    rates: dict[str, list[float]] = field(default_factory=dict)
    server_ms: float = 0.0
    """Processor time of the server a verification."""

    def write(self, path: Path) -> None:
        """Write the raw samples."""
        path.write_text(json.dumps(_rounded(asdict(self)), ensure_ascii=False) + "\n")


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
