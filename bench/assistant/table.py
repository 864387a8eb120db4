"""From measurements to the rows of the table."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean, median

from bench.assistant.long_conversation import MARKS, LongConversation
from bench.assistant.measured import Round, Run
from bench.verdict import Demand, Grade, Spread, factors


@dataclass(frozen=True)
class Row:
    """One measure: both sides' numbers, the factor that is judged, and what is demanded of it."""

    measure: str
    unit: str
    ours: Spread | None
    stock: Spread | None
    factor: Spread | None
    demand: Demand | None = None

    @property
    def grade(self) -> Grade | None:
        """Return the verdict on the middle factor, None where nothing is demanded."""
        return self.demand.grade(self.factor.middle if self.factor else None) if self.demand else None


def rows(run: Run) -> list[Row]:
    """Return the table."""
    return [
        _both(run, "messages a second, 32 conversations of 8 turns at once", "1/s", _rate, Demand(3, 6, more_is_better=True)),
        _both(run, "p50 of a plain turn, one conversation", "ms", _plain, Demand(1 / 3, 1 / 4)),
        *(_longer(run, mark) for mark in MARKS),
        _compared("p50 of a form turn, against stock's plain turn", "ms", _forms(run), _each(run.stock, _plain), Demand(1)),
        _both(run, "start to first answer, model trained", "s", lambda one: one.ready_s, Demand(1 / 2, 1 / 3)),
        _both(run, "memory of the Rasa process after 100 messages", "MB", lambda one: one.rss_mb, Demand(0.6, 0.45)),
        _growth(run),
        _both(run, "messages a second, opening the conversations included", "1/s", _rate_with_opening),
        _both(run, "p95 of a turn, 32 conversations at once", "ms", lambda one: median(item.p95_ms for item in one.batches)),
        _both(run, "processor time of the Rasa process a message", "ms", lambda one: mean(item.cpu_ms for item in one.batches)),
    ]


def _both(run: Run, measure: str, unit: str, number: Callable[[Round], float], demand: Demand | None = None) -> Row:
    return _compared(measure, unit, _each(run.ours, number), _each(run.stock, number), demand)


def _compared(measure: str, unit: str, ours: list[float], stock: list[float], demand: Demand | None) -> Row:
    return Row(measure, unit, Spread.of(ours), Spread.of(stock), Spread.of(factors(ours, stock)), demand)


def _each(rounds: list[Round], number: Callable[[Round], float]) -> list[float]:
    return [number(one) for one in rounds]


def _rate(one: Round) -> float:
    return median(item.per_second for item in one.batches)


def _rate_with_opening(one: Round) -> float:
    return median(item.with_opening for item in one.batches)


def _plain(one: Round) -> float:
    return median(one.plain_ms)


def _forms(run: Run) -> list[float]:
    return [median(one.form.value) for one in run.ours if one.form]


def _longer(run: Run, mark: int) -> Row:
    ours, stock = (_slower(run.long.get(side), mark) for side in ("ours", "stock"))
    return Row(f"p50 at turn {mark:,} divided by p50 at turn 10", "×", ours, stock, ours, Demand(1.3, 1.1))


def _slower(conversation: LongConversation | None, mark: int) -> Spread | None:
    window = conversation.windows.get(mark) if conversation else None
    return Spread.of([median(window.late) / median(window.early)]) if window else None


def _growth(run: Run) -> Row:
    soak = run.soak
    grown = Spread.of([soak.rss_mb[-1] / soak.rss_mb[0]]) if soak else None
    said = soak.messages[-1] if soak else 0
    return Row(f"memory after {said:,} messages divided by after 100", "×", grown, None, grown, Demand(1.1))
