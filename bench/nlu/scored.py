"""How well answers agree with the labels: the numbers of `make evaluate`, without those of values and languages."""

from dataclasses import dataclass
from statistics import quantiles
from typing import Any

from assistant.evaluate.scores import scores
from bench.nlu.asked import UNACCENTED, WRITTEN, Answers, Asked

KEPT = ("utterances", "accuracy", "accuracy_by_style", "loss_without_accents", "out_of_scope_recall", "in_scope_refused",
        "calibration_error")  # fmt: skip


@dataclass(frozen=True)
class Scores:
    """Shares are 0 to 1; `right` says of each utterance whether its intent was found."""

    utterances: int
    accuracy: float
    accuracy_by_style: dict[str, float]
    loss_without_accents: float
    out_of_scope_recall: float
    in_scope_refused: float
    calibration_error: float
    right: list[bool]

    @property
    def weakest(self) -> tuple[str, float]:
        """Return the style with the least accuracy."""
        return min(self.accuracy_by_style.items(), key=lambda item: (item[1], item[0]))


def scored(asked: Asked, answers: Answers) -> Scores:
    """Return the scores of an engine's answers."""
    numbers: dict[str, Any] = scores(asked.labelled, _readings(answers[WRITTEN]), _readings(answers[UNACCENTED]))
    right = [one.intent == intent for one, (intent, _) in zip(asked.labelled, answers[WRITTEN], strict=True)]
    return Scores(**{name: numbers[name] for name in KEPT}, right=right)


def percentiles(ms: list[float]) -> tuple[float, float]:
    """Return the middle and the 95th of a hundred."""
    cuts = quantiles(ms, n=20, method="inclusive")
    return cuts[9], cuts[18]


def _readings(answers: list[tuple[str, float]]) -> list[dict[str, Any]]:
    return [{"intent": intent, "confidence": sure, "lang": None, "entities": {}} for intent, sure in answers]
