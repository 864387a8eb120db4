"""Trains in two thirds of the time: without what a forced training pays for and nobody gets.

After every component Rasa 3.6 hashes every example, so that a later training may skip what has not changed.
`rasa train --force` skips nothing and hashes all the same; there is no setting for it. And nearly all of the millions of
objects that a training makes stay to its end, so looking for garbage among them finds none.
"""

import gc
from typing import Any, Dict

from rasa.engine.graph import GraphNodeHook
from rasa.engine.training import graph_trainer


class NoFingerprints(GraphNodeHook):
    """Stands in for Rasa's hook that hashes and caches: a training with it fills no cache."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """Take what Rasa's hook takes."""

    def on_before_node(self, *_: Any, **__: Any) -> Dict[str, Any]:
        """Return nothing to remember."""
        return {}

    def on_after_node(self, *_: Any, **__: Any) -> None:
        """Keep nothing."""


def train_quickly() -> None:
    """Spare every later training of this process what it does not need; only right where trainings are forced."""
    graph_trainer.TrainingHook = NoFingerprints
    gc.disable()
