"""The report people read."""

from collections.abc import Sequence
from statistics import median

from bench.assistant.measured import Run
from bench.assistant.plots import PICTURES
from bench.assistant.table import Row, rows
from bench.verdict import number, short

SOAK_DEMANDED = 50_000


def markdown(run: Run) -> str:
    """Return the report of a run."""
    machine = run.machine
    pictures = "\n".join(f"![{title}]({name})\n" for name, title in PICTURES.items())
    return f"""# The assistant beside the one `rasa init` writes

Made by `make bench` on {machine["date"]} at commit {machine["commit"]}: {machine["processor"]}, {machine["cores"]} cores, \
{machine["memory_gb"]} GB, {machine["system"]}; Rasa on Python {machine["python_rasa"]}, the rest on {machine["python_others"]}; \
other programs took {machine["others_share"]:.0%} of the processor meanwhile.

{table(rows(run))}

Numbers are the middle of {len(run.ours)} rounds, in brackets the least and the greatest; the factor is taken round by round, \
so a slow minute of the machine weighs on both sides.

{pictures}
## How it was measured

{notes(run)}
"""


def table(lines: Sequence[Row]) -> str:
    """Return the Markdown table."""
    head = "| measure | unit | ours | `rasa init` | factor | must | goal | verdict |\n|---|---|---|---|---|---|---|---|"
    return "\n".join([head, *(_line(row) for row in lines)])


def notes(run: Run) -> str:
    """Return what a reader must know to trust the numbers, and what was not measured."""
    said = [
        "A turn lasts from the POST to the last bubble: ours over the chat page's own routes (202, then server-sent "
        "events; the next message is sent after `typing: false`), stock's over its `rest` channel, whose answer holds "
        "every bubble. Ours shows a bubble before it stores the turn, stock answers when the turn has ended.",
        "Ours runs as the Procfile starts it, in demo mode (rate limits a hundredfold), with the action server and the "
        "backend beside it, every store on disk. Stock keeps all defaults of `rasa init` (DIET, TED, tracker in memory); "
        "only its interface is 127.0.0.1. One Rasa process runs at a time. A refusal or a failed turn ends the run.",
        "Stock's plain turn takes " + _threads(run) + "; the better setting was used for everything else.",
        "Conversations of the load are opened before its clock starts: ours greets at opening, stock has nothing to open.",
        "The form turn gives the insurance code: Rasa, action server, backend's draft, next question. " + _other_form_turns(run),
        "Each window of a long conversation is 21 turns around the mark, taken in turns with the first 20 of a new one."
        + "".join(_reached(run, side) for side in ("ours", "stock")),
    ]
    if run.soak and run.soak.messages[-1] < SOAK_DEMANDED:
        said.append(
            f"Growth was watched over {run.soak.messages[-1]:,} messages; "
            f"`BENCH='--soak {SOAK_DEMANDED}' make bench PROGRAM=assistant` watches the {SOAK_DEMANDED:,} that are demanded."
        )
    return "\n".join(f"- {sentence}" for sentence in said)


def _line(row: Row) -> str:
    must, goal = (_bound(row, bound) for bound in ((row.demand.must, row.demand.goal) if row.demand else (None, None)))
    grade = row.grade or ""
    shown = f"**{grade}**" if grade == "MISSED" else grade
    cells = [row.measure, row.unit, number(row.ours), number(row.stock), number(row.factor), must, goal, shown]
    return "| " + " | ".join(cells) + " |"


def _bound(row: Row, bound: float | None) -> str:
    if bound is None or row.demand is None:
        return ""
    return f"{'≥' if row.demand.more_is_better else '≤'} {bound:.3g}"


def _threads(run: Run) -> str:
    return " and ".join(
        f"{short(median(turns))} ms with OMP_NUM_THREADS={setting or 'unset'}" for setting, turns in run.threads.items()
    )


def _other_form_turns(run: Run) -> str:
    forms = [one.form for one in run.ours if one.form]
    start = median(ms for form in forms for ms in form.start)
    cancel = median(ms for form in forms for ms in form.cancel)
    return f"Starting the form takes {short(start)} ms, cancelling it {short(cancel)} ms (p50)."


def _reached(run: Run, side: str) -> str:
    conversation = run.long[side]
    if len(conversation.windows) and len(conversation.turns) >= max(conversation.windows):
        last = max(conversation.windows)
        return f" {side.capitalize()} was followed to turn {last:,}."
    return f" {side.capitalize()} was given up at turn {len(conversation.turns):,} for lack of time."
