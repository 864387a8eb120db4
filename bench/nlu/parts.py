"""What can be taken out of our pipeline, one at a time. Runs in Rasa's environment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from rasa.shared.nlu.training_data.training_data import TrainingData

from bench.nlu.components import Config, changed, without

READINGS = "assistant.nlu.readings"
"""The module that reads a message; the functions it calls are named there."""


class NotThere(Exception):
    """The data or the pipeline have no such part; the message says which."""


@dataclass(frozen=True)
class Part:
    """A part of understanding: its name, and what the pipeline, the data or the reading are without it."""

    name: str
    config: Callable[[Config], Config] = lambda config: config
    data: Callable[[TrainingData], TrainingData] = lambda data: data
    replaced: Callable[[], dict[str, Any]] = dict

    @contextmanager
    def taken_out(self) -> Iterator[None]:
        """In the block, messages are read without this part."""
        patches = [patch(f"{READINGS}.{name}", function) for name, function in self.replaced().items()]
        for one in patches:
            one.start()
        try:
            yield
        finally:
            for one in patches:
                one.stop()


def parts() -> list[Part]:
    """Return every part, in the order in which a message meets them."""
    return [
        Part("values as one letter each", replaced=lambda: {"find": _no_values}),
        Part("a sign for provinces", replaced=lambda: {"find_provinces": _no_values}),
        Part("spelling tidied", replaced=lambda: {"tidy": str.lower}),
        Part("keystrokes decoded", replaced=lambda: {"decode": _as_it_is}),
        Part("abbreviations written out", replaced=lambda: {"expand": _as_it_is}),
        Part("words with accents", config=_unweighed("accented")),
        Part("words without accents", config=_unweighed("folded")),
        Part("pieces of words", config=_unweighed("pieces")),
        Part("lookup tables", data=_no_lookups),
        Part("unaccented copies of the examples", config=lambda config: without(config, "UnaccentedCopies")),
        Part("refusal", config=_unrefused),
        Part("calibration", config=_uncalibrated),
        Part("calibration and refusal", config=lambda config: _unrefused(_uncalibrated(config))),
    ]


def _no_values(_text: object) -> list[Any]:
    return []


def _as_it_is(text: str) -> str:
    return text


def _unweighed(reading: str) -> Callable[[Config], Config]:
    """Features of weight nothing are no features: the other readings are of length one each by themselves."""
    return lambda config: changed(config, "AccentAwareFeaturizer", lambda settings: settings.update({reading: 0.0}))


def _unrefused(config: Config) -> Config:
    return without(config, "FallbackClassifier")


def _uncalibrated(config: Config) -> Config:
    """Without folds to measure it on, the temperature is one."""
    return changed(config, "CalibratedLinearClassifier", lambda settings: settings.update(folds=1))


def _no_lookups(data: TrainingData) -> TrainingData:
    if not data.lookup_tables:
        raise NotThere("the data have none")
    return TrainingData(data.training_examples, data.entity_synonyms, data.regex_features, [], data.responses)
