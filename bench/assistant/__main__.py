"""`make bench`: measure both sides, write the table, the raw numbers and the pictures below `var/bench/assistant/`."""

import argparse
import asyncio
import shutil
import sys
import time
from dataclasses import replace

from bench import ROOT
from bench.assistant.plots import PICTURES
from bench.assistant.report import markdown
from bench.assistant.rounds import QUICK, Amount, run
from bench.picture import draw

FOLDER = ROOT / "var/bench/assistant"
PUBLISHED = ROOT / "docs/performance"


def main() -> int:
    """Return 0 when everything was measured, whatever the verdicts: they depend on the machine."""
    parser = argparse.ArgumentParser(prog="bench.assistant", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one small round, to see that it works; its numbers mean little")
    parser.add_argument("--rounds", type=int, help="how often both sides are measured (3)")
    parser.add_argument("--soak", type=int, help="over how many messages memory is watched (5000; the demand is about 50000)")
    parser.add_argument("--long-seconds", type=float, help="when a long conversation is given up (120)")
    parser.add_argument("--publish", action="store_true", help="copy report and pictures to docs/performance/")
    asked = parser.parse_args()
    started = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - started:5.0f} s  {what}", flush=True)

    FOLDER.mkdir(parents=True, exist_ok=True)
    measured = asyncio.run(run(FOLDER, _amount(asked), say))
    draw("bench.assistant.plots", FOLDER)
    report = FOLDER / "report.md"
    report.write_text(markdown(measured))
    print(report.read_text())
    if asked.publish:
        PUBLISHED.mkdir(parents=True, exist_ok=True)
        for name in ("report.md", *PICTURES):
            shutil.copy(FOLDER / name, PUBLISHED / name)
    return 0


def _amount(asked: argparse.Namespace) -> Amount:
    chosen = {"rounds": asked.rounds, "soak": asked.soak, "long_within_s": asked.long_seconds}
    return replace(QUICK if asked.quick else Amount(), **{name: value for name, value in chosen.items() if value is not None})


if __name__ == "__main__":
    sys.exit(main())
