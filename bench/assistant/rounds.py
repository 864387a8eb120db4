"""The order of things: both sides in turns, so that a machine that gets slower slows both; one Rasa process at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.assistant.form_turn import form_turns
from bench.assistant.load import batch
from bench.assistant.long_conversation import MARKS, long_conversation
from bench.assistant.measured import RESULTS, Round, Run
from bench.assistant.ours import ours
from bench.assistant.plain_turn import plain_turns
from bench.assistant.running import Running
from bench.assistant.soak import first_hundred, soak
from bench.assistant.stock import stock, trained
from bench.company import Company
from bench.machine import description

Say = Callable[[str], None]


@dataclass(frozen=True)
class Amount:
    """How much is measured."""

    rounds: int = 3
    conversations: int = 15
    batches: int = 2
    forms: int = 15
    marks: tuple[int, ...] = MARKS
    long_within_s: float = 120
    soak: int = 5000


QUICK = Amount(rounds=1, conversations=4, batches=1, forms=4, marks=MARKS[:1], long_within_s=60, soak=500)


async def run(folder: Path, amount: Amount, say: Say) -> Run:
    """Measure everything and write it down as it comes; the programs' state lives below `folder` while they run."""
    say("training the assistant of `rasa init`, unless an earlier run did")
    project = trained(folder / "stock")
    state = folder / "state"
    company = Company()
    threads = await _stock_threads(project, amount, say)
    measured = Run(description(), threads)
    best = min(threads, key=lambda setting: median(threads[setting]))
    async with ours(state):
        say("both sides have been started once: their files are in memory now")
    for index in range(amount.rounds):
        for side in ("ours", "stock") if index % 2 == 0 else ("stock", "ours"):
            say(f"round {index + 1} of {amount.rounds}: {side}")
            if side == "ours":
                async with ours(state) as our_running:
                    one = await _round(our_running, amount)
                    one.form = await form_turns(our_running, amount.forms)
                    measured.ours.append(one)
            else:
                async with stock(project, best) as running:
                    measured.stock.append(await _round(running, amount))
            measured.write(folder / RESULTS)
    say("long conversations")
    async with ours(state) as our_running:
        measured.long["ours"] = await long_conversation(our_running, amount.marks, amount.long_within_s)
    async with stock(project, best) as running:
        measured.long["stock"] = await long_conversation(running, amount.marks, amount.long_within_s)
    measured.write(folder / RESULTS)
    say(f"memory over {amount.soak} messages")
    async with ours(state) as our_running:
        measured.soak = await soak(our_running, amount.soak)
    measured.machine["others_share"] = company.share()
    measured.write(folder / RESULTS)
    return measured


async def _stock_threads(project: Path, amount: Amount, say: Say) -> dict[str, list[float]]:
    """Return stock's plain turns with one thread, as our programs run, and as it comes: it gets the better one."""
    turns = {}
    for threads in ("1", ""):
        say(f"trying the assistant of `rasa init` with OMP_NUM_THREADS={threads or 'unset'}")
        async with stock(project, threads) as running:
            await first_hundred(running)
            turns[threads] = await plain_turns(running, amount.conversations)
    return turns


async def _round(running: Running, amount: Amount) -> Round:
    rss_mb = await first_hundred(running)
    return Round(
        running.ready_s,
        rss_mb,
        await plain_turns(running, amount.conversations),
        [await batch(running) for _ in range(amount.batches)],
    )
