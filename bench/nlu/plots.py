"""The pictures of a run. Runs in Rasa's environment, which has matplotlib: `python -m bench.nlu.plots <folder>`."""

from statistics import mean
from typing import Any

from bench.picture import main

PICTURES = {
    "nlu-engines.png": "Intents right by style",
    "nlu-curve.png": "Intents right against the number of examples",
    "nlu-parts.png": "Points lost when a part is taken out",
}
COLOURS = ("#0b6bcb", "#9a5b13", "#7fb98c", "#2f6f3e", "#8a8a8a")
INK = COLOURS[0]
LONGEST_BAR = 3
"""Points; what costs more is told by its number."""
LABELLED = 3
"""How many of the weakest styles are named in the picture of the curve."""


def _engines(axes: Any, run: Any) -> None:
    if not run["engines"]:
        return
    measured = [(colour, one) for colour, one in zip(COLOURS, run["engines"], strict=True) if one["scores"]]
    styles = list(measured[0][1]["scores"]["accuracy_by_style"])
    for colour, one in measured:
        shares = [one["scores"]["accuracy_by_style"][style] * 100 for style in styles]
        axes.plot(styles, shares, marker="o", markersize=4, color=colour, label=one["name"])
    axes.tick_params(axis="x", rotation=35)
    axes.set_ylabel("%")
    axes.legend(frameon=False, fontsize=8)


def _curve(axes: Any, run: Any) -> None:
    if not run["curve"]:
        return
    shares: dict[float, list[Any]] = {}
    for one in run["curve"]:
        shares.setdefault(one["share"], []).append(one)
    counts = [mean(one["examples"] for one in shares[share]) for share in sorted(shares)]

    def line(pick: Any) -> list[float]:
        return [mean(pick(one["scores"]) * 100 for one in shares[share]) for share in sorted(shares)]

    ends = []
    for style in sorted(run["curve"][0]["scores"]["accuracy_by_style"]):
        values = line(lambda scores, style=style: scores["accuracy_by_style"][style])
        axes.plot(counts, values, color="#b8c4d0", linewidth=1)
        ends.append((values[-1], style))
    axes.plot(counts, line(lambda scores: scores["accuracy"]), color=INK, marker="o", linewidth=2)
    named = [*sorted(ends)[:LABELLED], (line(lambda scores: scores["accuracy"])[-1], "all"), max(ends)]
    bottom, top = axes.get_ylim()
    placed = float("-inf")
    for value, style in sorted(named):
        placed = max(value, placed + (top - bottom) / 20)
        axes.annotate(style, (counts[-1], value), xytext=(counts[-1] * 1.06, placed), fontsize=8, va="center",
                      color=INK if style == "all" else "#5a6570")  # fmt: skip
    axes.set_xscale("log", base=2)
    axes.set_xticks(counts, [f"{count:,.0f}" for count in counts])
    axes.minorticks_off()
    axes.set_xlim(counts[0] * 0.9, counts[-1] * 1.6)
    axes.set_xlabel("examples")
    axes.set_ylabel("%")


def _parts(axes: Any, run: Any) -> None:
    if not run["parts"]:
        return
    whole, *rest = [one for one in run["parts"] if one["scores"]]
    fallen = sorted((whole["scores"]["accuracy"] - one["scores"]["accuracy"], one["name"]) for one in rest)
    bars = axes.barh([name for _, name in fallen], [min(lost * 100, LONGEST_BAR) for lost, _ in fallen], color=INK)
    axes.bar_label(bars, labels=[f"{lost * 100:.1f}" for lost, _ in fallen], padding=3, fontsize=8)
    axes.margins(x=0.12)
    axes.set_xlabel(f"points (bars end at {LONGEST_BAR})")


if __name__ == "__main__":
    main(PICTURES, {"nlu-engines.png": _engines, "nlu-curve.png": _curve, "nlu-parts.png": _parts}, (7.5, 4))
