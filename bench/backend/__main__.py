"""`make bench PROGRAM=backend`: measure, write the table, the raw numbers and the picture below `var/bench/backend/`."""

import argparse
import os
import shutil
import sys
import time
from dataclasses import dataclass

from bench import ROOT
from bench.backend import over_http
from bench.backend.measured import RESULTS, Run
from bench.backend.over_http import Ask
from bench.backend.persons import sender
from bench.backend.plots import PICTURES
from bench.backend.report import markdown
from bench.backend.rounds import timed
from bench.backend.stock import KINDS, LARGE, SMALL, Kind, Say, Stock, opened
from bench.company import Company
from bench.machine import description
from bench.picture import draw
from bench.process import cpu_s

FOLDER = ROOT / "var/bench/backend"
PUBLISHED = ROOT / "docs/performance"


@dataclass(frozen=True)
class Amount:
    """How much is measured."""

    rounds: int = 5
    calls: int = 100
    batches: int = 5
    batch: int = 600
    requests: int = 150


QUICK = Amount(rounds=1, calls=20, batches=1, batch=150, requests=20)


def main() -> int:
    """Return 0 when everything was measured, whatever the verdicts: they depend on the machine."""
    parser = argparse.ArgumentParser(prog="bench.backend", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one small round, to see that it works; its numbers mean little")
    parser.add_argument("--sqlite", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--people", type=int, nargs=2, default=(SMALL, LARGE), help="the two sizes (10000 1000000)")
    parser.add_argument("--publish", action="store_true", help="copy report and picture to docs/performance/")
    asked = parser.parse_args()
    started = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - started:5.0f} s  {what}", flush=True)

    kinds = KINDS[:1] if asked.sqlite else KINDS
    run = measure(QUICK if asked.quick else Amount(), kinds, (asked.people[0], asked.people[1]), say)
    draw("bench.backend.plots", FOLDER)
    report = FOLDER / "report.md"
    report.write_text(markdown(run))
    print(report.read_text())
    if asked.publish:
        PUBLISHED.mkdir(parents=True, exist_ok=True)
        shutil.copy(report, PUBLISHED / "backend.md")
        for name in PICTURES:
            shutil.copy(FOLDER / name, PUBLISHED / name)
    return 0


def measure(amount: Amount, kinds: tuple[Kind, ...], sizes: tuple[int, int], say: Say) -> Run:
    """Everything, written down as it comes; seeding is not counted among the company."""
    with opened(FOLDER, kinds, sizes, say) as stocks:
        company = Company()
        run = Run(description(), sizes, kinds)
        small, large = (stocks["sqlite", size] for size in sizes)
        _rates(run, large, amount, say)
        run.write(FOLDER / RESULTS)
        _http(run, (small, large), amount, say)
        run.write(FOLDER / RESULTS)
        run.lookups = timed(list(stocks.values()), amount.rounds, amount.calls, say)
        run.machine["others_share"] = company.share()
        run.write(FOLDER / RESULTS)
    return run


def _rates(run: Run, stock: Stock, amount: Amount, say: Say) -> None:
    mine, servers = sorted(os.sched_getaffinity(0))[-1], sorted(os.sched_getaffinity(0))[0]
    with over_http.serving(stock, core=servers) as server, over_http.on_core(mine):
        for number in range(amount.batches):
            for name, prepared in (("code verified", over_http.verifications), ("code issued", over_http.issues)):
                say(f"batch {number + 1} of {amount.batches}: {name}, {amount.batch} times")
                asks = prepared(stock, amount.batch)
                before_s = cpu_s(server.pid)
                run.rates.setdefault(name, []).append(over_http.per_second(stock.core, server.port, asks))
                if name == "code verified":
                    run.server_ms = (cpu_s(server.pid) - before_s) * 1000 / amount.batch


def _http(run: Run, stocks: tuple[Stock, Stock], amount: Amount, say: Say) -> None:
    with over_http.serving(stocks[0], core=None) as few, over_http.serving(stocks[1], core=None) as many:
        served = [(stocks[0], few.port), (stocks[1], many.port)]
        for _ in range(amount.batches):
            for name, prepared in {
                "code verified": over_http.verifications,
                "draft read": _reads,
                "offices": _offices,
            }.items():
                say(f"over HTTP: {name}")
                asks = {stock.people: prepared(stock, amount.requests) for stock in stocks}
                for size, samples in over_http.one_by_one(served, asks).items():
                    run.http.setdefault(name, {}).setdefault(str(size), []).append(samples)


def _reads(stock: Stock, count: int) -> list[Ask]:
    return [Ask("GET", over_http.DRAFT, None, one.who) for one in over_http.verifications(stock, count)]


def _offices(_stock: Stock, count: int) -> list[Ask]:
    return [Ask("POST", "/v1/offices/search", {"province": "Hà Nội"}, sender()) for _ in range(count)]


if __name__ == "__main__":
    sys.exit(main())
