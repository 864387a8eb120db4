"""The report people read."""

from bench.backend.measured import Run
from bench.backend.plots import PICTURES
from bench.backend.table import VERIFICATIONS, Growth, growth
from bench.verdict import Spread, number, short

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def markdown(run: Run) -> str:
    """Return the report of a run."""
    machine = run.machine
    pictures = "\n".join(f"![{title}]({name})\n" for name, title in PICTURES.items())
    small, large = run.sizes
    return f"""# The backend at {small:,} and at {large:,} people

Made by `make bench PROGRAM=backend` on {machine["date"]} at commit {machine["commit"]}: {machine["processor"]}, \
{machine["cores"]} cores, {machine["memory_gb"]} GB, {machine["system"]}, Python {machine["python_others"]}; other programs took \
{machine["others_share"]:.0%} of the processor meanwhile.

## One-time codes a second

One process on one core, {large:,} people on SQLite, 16 signed requests at once through the whole HTTP stack; the load comes \
from the other core.

{rates(run)}

## Look-ups

Milliseconds, p50 / p95, inside the process over the services. The factor is p95 at {large:,} divided by p95 at {small:,}, round \
by round: the middle, in brackets the least and the greatest; at most 1.3 is demanded. "Work" is statements and commits of one \
call, the same at both sizes.

{lookups(run)}

The same over HTTP, one request at a time, on SQLite:

{http(run)}

{pictures}
## How it was measured

{notes(run)}
"""


def rates(run: Run) -> str:
    """Return the table of rates."""
    lines = ["| request | a second | demanded | verdict |", "|---|---|---|---|"]
    for name, batches in run.rates.items():
        spread = Spread.of(batches)
        verified = name == "code verified"
        grade = VERIFICATIONS.grade(spread.middle if spread else None) if verified else ""
        lines.append(f"| {name} | {number(spread)} | {'≥ 150' if verified else ''} | {_shown(grade)} |")
    lines.append(f"\nA verification takes the server {run.server_ms:.3g} ms of processor time.")
    return "\n".join(lines)


def lookups(run: Run) -> str:
    """Return the table of look-ups."""
    small, large = run.sizes
    head = "| look-up | work |"
    for kind in run.kinds:
        head += f" {KINDS[kind]} {small:,} | {large:,} | factor | verdict |"
    lines = [head, "|" + "---|" * (2 + 4 * len(run.kinds))]
    for name, timed in run.lookups.items():
        work = {timed.work[f"{kind} {size}"] for kind in run.kinds for size in run.sizes}
        line = f"| {name} | {' or '.join(f'{statements}, {commits}' for statements, commits in sorted(work))} |"
        for kind in run.kinds:
            line += _cells(growth(timed.samples[f"{kind} {small}"], timed.samples[f"{kind} {large}"]))
        lines.append(line)
    return "\n".join(lines)


def http(run: Run) -> str:
    """Return the table of requests."""
    small, large = run.sizes
    lines = [f"| request | {small:,} | {large:,} | factor | verdict |", "|---|---|---|---|---|"]
    for name, by_size in run.http.items():
        lines.append(f"| {name} |" + _cells(growth(by_size[str(small)], by_size[str(large)])))
    return "\n".join(lines)


def _cells(grown: Growth) -> str:
    small, large = (f"{short(p50)} / {short(p95)}" for p50, p95 in (grown.small, grown.large))
    return f" {small} | {large} | {number(grown.factor)} | {_shown(grown.grade)} |"


def _shown(grade: str) -> str:
    return f"**{grade}**" if grade == "MISSED" else grade


def notes(run: Run) -> str:
    """Return what a reader must know to trust the numbers."""
    one = next(iter(run.lookups.values()))
    rounds = next(iter(one.samples.values()))
    said = [
        "Databases are made by `python -m backend seed`; a tenth of the people left drafts, codes, messages, requests and "
        "applications behind. They are kept below `var/bench/backend/` and used again.",
        f"All databases are open at once and asked in turn, call by call: {len(rounds)} rounds of {len(rounds[0])} calls each "
        "(a tenth as many logins, which hash a password). People are drawn at random, each question is about another one.",
        "Databases fit into the machine's memory and were read before each round of a look-up. SQLite runs with WAL and "
        "`synchronous=NORMAL` as the program sets it, PostgreSQL as it comes, both on the same disk; a commit of PostgreSQL "
        "waits for that disk.",
        "The server runs outside demo mode with `--no-worker`: nothing is mailed meanwhile. Conversations and codes are prepared "
        "before the clock starts, so a request is one request.",
        "Offices, facilities and verdicts are answered from memory; they are here because people wait for them too.",
    ]
    return "\n".join(f"- {sentence}" for sentence in said)
