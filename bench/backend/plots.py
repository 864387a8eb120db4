"""The picture of a run. Runs in Rasa's environment, which has matplotlib: `python -m bench.backend.plots <folder>`."""

from typing import Any

from bench.picture import main

PICTURES = {"lookups.png": "p95 of every look-up: circles at the fewer people, crosses at the more"}
COLOURS = {"sqlite": "#0b6bcb", "postgresql": "#9a5b13"}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


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
    main(PICTURES, {"lookups.png": _lookups}, (7.5, 4.4))
