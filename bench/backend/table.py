"""From measurements to the numbers of the report."""

from dataclasses import dataclass
from itertools import chain

from bench.verdict import Demand, Spread, factors

SAME = Demand(1.3, 1.1)
"""p95 at a million people divided by p95 at ten thousand."""
VERIFICATIONS = Demand(150, more_is_better=True)


@dataclass(frozen=True)
class Growth:
    """One question on one kind of database: p50 and p95 in milliseconds at both sizes, and how p95 grew round by round."""

    small: tuple[float, float]
    large: tuple[float, float]
    factor: Spread

    @property
    def grade(self) -> str:
        """The verdict on the middle factor."""
        return SAME.grade(self.factor.middle)


def growth(small: list[list[float]], large: list[list[float]]) -> Growth:
    """Compare rounds with rounds; p50 and p95 are of all calls together."""
    grown = Spread.of(factors([quantile(one, 95) for one in large], [quantile(one, 95) for one in small]))
    assert grown is not None
    return Growth(_both(small), _both(large), grown)


def quantile(samples: list[float], percent: int) -> float:
    """The smallest sample that so many per cent do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def _both(rounds: list[list[float]]) -> tuple[float, float]:
    everything = list(chain.from_iterable(rounds))
    return quantile(everything, 50), quantile(everything, 95)
