"""What is demanded, and whether a number meets it."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Grade = Literal["goal met", "must met", "MISSED", "not measured"]


@dataclass(frozen=True)
class Demand:
    """A factor that must be reached and, further on, a goal; more is better or less is better."""

    must: float
    goal: float | None = None
    more_is_better: bool = False

    def grade(self, factor: float | None) -> Grade:
        """Return what a factor is worth; the bound itself is good enough."""
        if factor is None:
            return "not measured"
        if self.goal is not None and self._reaches(factor, self.goal):
            return "goal met"
        return "must met" if self._reaches(factor, self.must) else "MISSED"

    def _reaches(self, factor: float, bound: float) -> bool:
        return factor >= bound if self.more_is_better else factor <= bound


@dataclass(frozen=True)
class Spread:
    """The middle of some numbers with the least and the greatest."""

    middle: float
    least: float
    greatest: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> "Spread | None":
        """Return the spread of the numbers, None without any."""
        return cls(median(numbers), min(numbers), max(numbers)) if numbers else None


def factors(ours: Sequence[float], stock: Sequence[float]) -> list[float]:
    """Return ours divided by stock's, round by round: only numbers of the same round are compared."""
    return [mine / theirs for mine, theirs in zip(ours, stock, strict=True)]


def number(spread: Spread | None) -> str:
    """Return a middle with its least and greatest, as short as it can be told."""
    if spread is None:
        return "–"
    if spread.least == spread.greatest:
        return f"{short(spread.middle)}"
    return f"{short(spread.middle)} ({short(spread.least)}–{short(spread.greatest)})"


def short(value: float) -> str:
    """Return three digits that count, all of them from a hundred on."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
