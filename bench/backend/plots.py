"""The picture of a run. Runs in Rasa's environment, which has matplotlib: `python -m bench.backend.plots <folder>`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PICTURES = {"lookups.png": "p95 of every look-up: circles at the fewer people, crosses at the more"}
COLOURS = {"sqlite": "#0b6bcb", "postgresql": "#9a5b13"}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def draw(folder: Path) -> None:
    """Draw the picture of `results.json` beside it."""
    python = str(ROOT / ".venv/rasa/bin/python")
    subprocess.run([python, "-W", "ignore", "-m", "bench.backend.plots", str(folder)], cwd=ROOT, timeout=120, check=True)


def _main(folder: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    run = json.loads((folder / "results.json").read_text())
    figure, axes = pyplot.subplots(figsize=(7.5, 4.4), dpi=110)
    _lookups(axes, run)
    axes.set_title(PICTURES["lookups.png"], fontsize=10, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
    figure.tight_layout()
    figure.savefig(folder / "lookups.png")
    pyplot.close(figure)


def _lookups(axes: Any, run: Any) -> None:
    names = list(run["lookups"])[::-1]
    for offset, kind in zip((0.16, -0.16), run["kinds"], strict=False):
        for position, name in enumerate(names):
            samples = run["lookups"][name]["samples"]
            few, many = (_p95(samples[f"{kind} {size}"]) for size in run["sizes"])
            height = position + offset
            axes.plot([few, many], [height, height], color=COLOURS[kind], alpha=0.5)
            for value, mark, size in ((few, "o", 5), (many, "x", 6)):
                label = f"{NAMES[kind]}, {run['sizes'][mark == 'x']:,} people" if position == 0 else None
                axes.plot(
                    [value], [height], mark, color=COLOURS[kind], markersize=size, markerfacecolor="none", label=label, ls=""
                )
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_xscale("log")
    axes.set_xlabel("ms (p95)")
    axes.legend(frameon=False, fontsize=8)


def _p95(rounds: list[list[float]]) -> float:
    ordered = sorted(value for one in rounds for value in one)
    return ordered[-(-len(ordered) * 95 // 100) - 1]


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
