"""Pictures of an evaluation: accuracy by style and intent, the reliability curve, what is taken for what."""

from pathlib import Path
from typing import Any, Dict

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # after the choice of a backend without a screen

MOST_CONFUSED = 25
_INK, _LINE = "#1f4e79", "#b0413e"


def draw(report: Dict[str, Any], folder: Path) -> None:
    """Write `styles.png`, `intents.png`, `reliability.png` and `confusions.png` into a folder."""
    _bars(report["accuracy_by_style"], "Accuracy by style", folder / "styles.png")
    _bars(report["accuracy_by_intent"], "Accuracy by intent", folder / "intents.png")
    _reliability(report, folder / "reliability.png")
    _confusions(report, folder / "confusions.png")


def _bars(shares: Dict[str, float], title: str, path: Path) -> None:
    figure, axes = pyplot.subplots(figsize=(7, 0.6 + 0.28 * max(1, len(shares))), layout="constrained")
    names = list(shares)[::-1]
    bars = axes.barh(names, [shares[name] for name in names], color=_INK)
    axes.bar_label(bars, labels=[f"{shares[name]:.1%}" for name in names], padding=3, fontsize=8)
    axes.set_xlim(0, 1.1)
    axes.set_title(title)
    _save(figure, path)


def _reliability(report: Dict[str, Any], path: Path) -> None:
    figure, axes = pyplot.subplots(figsize=(5, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="#999999", linestyle=":")
    bins = report["reliability"]
    axes.plot([one["confidence"] for one in bins], [one["accuracy"] for one in bins], marker="o", color=_INK)
    for one in bins:
        axes.annotate(
            str(one["count"]), (one["confidence"], one["accuracy"]), textcoords="offset points", xytext=(6, -10), fontsize=8
        )
    axes.set(xlabel="confidence", ylabel="share that was right", xlim=(0, 1.02), ylim=(0, 1.02))
    axes.set_title(f"Reliability (calibration error {report['calibration_error']:.3f})")
    _save(figure, path)


def _confusions(report: Dict[str, Any], path: Path) -> None:
    most = report["confusions"][:MOST_CONFUSED][::-1]
    figure, axes = pyplot.subplots(figsize=(8, 0.8 + 0.26 * max(1, len(most))), layout="constrained")
    bars = axes.barh([f"{one['meant']} read as {one['read']}" for one in most], [one["count"] for one in most], color=_LINE)
    axes.bar_label(bars, padding=3, fontsize=8)
    axes.set_title(f"What is taken for what (of {report['utterances']} utterances)")
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
