"""Drawing: how every picture of a benchmark looks. matplotlib lives in Rasa's environment, so drawing is a program of its own."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench import RASA_PYTHON, ROOT

Panel = Callable[[Any, Any], None]
"""Draws into axes what a run's `results.json` holds."""


def draw(module: str, folder: Path) -> None:
    """Let `python -m <module> <folder>` draw the pictures of a folder's `results.json` beside it, in Rasa's environment."""
    command = [RASA_PYTHON, "-W", "ignore", "-m", module, str(folder)]
    subprocess.run(command, cwd=ROOT, timeout=120, check=True)


def main(titles: Mapping[str, str], panels: Mapping[str, Panel], size: tuple[float, float]) -> None:
    """Draw each panel into the file of its name in the folder the command line names; `size` is in inches."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    folder = Path(sys.argv[1])
    run = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    for name, panel in panels.items():
        figure, axes = pyplot.subplots(figsize=size, dpi=110)
        panel(axes, run)
        if axes.has_data():
            axes.set_title(titles[name], fontsize=10, loc="left")
            axes.spines[["top", "right"]].set_visible(False)
            axes.grid(alpha=0.25)
            figure.tight_layout()
            figure.savefig(folder / name)
        pyplot.close(figure)
