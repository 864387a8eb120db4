"""The pictures of a run. Runs in Rasa's environment, which has matplotlib: `python -m bench.assistant.plots <folder>`."""

from statistics import median
from typing import Any

from bench.picture import main

PICTURES = {
    "turns.png": "Milliseconds of a plain turn, one person at a time",
    "long.png": "Milliseconds of a turn in a conversation that goes on",
    "memory.png": "Memory of our Rasa process over thousands of messages",
}
COLOURS = {"ours": "#0b6bcb", "stock": "#9a5b13"}
NAMES = {"ours": "VssID Assistant", "stock": "rasa init"}
TURNS_A_POINT = 10


def _turns(axes: Any, run: Any) -> None:
    for side in ("ours", "stock"):
        for index, one in enumerate(run[side]):
            turns = sorted(one["plain_ms"])
            shares = [(position + 1) / len(turns) for position in range(len(turns))]
            axes.step(turns, shares, where="post", color=COLOURS[side], alpha=0.8, label=NAMES[side] if index == 0 else None)
    axes.set_xlim(left=0)
    axes.set_xlabel("ms")
    axes.set_ylabel("share of turns within")
    axes.legend(frameon=False)


def _long(axes: Any, run: Any) -> None:
    for side, conversation in run["long"].items():
        turns = conversation["turns"]
        starts = range(0, len(turns), TURNS_A_POINT)
        axes.plot(
            [start + TURNS_A_POINT / 2 for start in starts],
            [median(turns[start : start + TURNS_A_POINT]) for start in starts],
            color=COLOURS[side], label=NAMES[side],
        )  # fmt: skip
    axes.set_ylim(bottom=0)
    axes.set_xlabel("turn of the conversation")
    axes.set_ylabel("ms (p50 of 10 turns)")
    axes.legend(frameon=False)


def _memory(axes: Any, run: Any) -> None:
    axes.plot(run["soak"]["messages"], run["soak"]["rss_mb"], color=COLOURS["ours"])
    axes.axhline(run["soak"]["rss_mb"][0] * 1.1, color="#b00020", linestyle=":", label="1.1 times the first value")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("messages")
    axes.set_ylabel("MB resident")
    axes.legend(frameon=False, loc="lower right")


if __name__ == "__main__":
    main(PICTURES, {"turns.png": _turns, "long.png": _long, "memory.png": _memory}, (7, 3.2))
