"""A forced training hashes nothing."""

import gc

import pytest
from rasa.engine.training import graph_trainer, hooks

from assistant.quick_training import NoFingerprints, train_quickly


def test_rasas_own_hook_is_the_one_that_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name must exist in this Rasa, or the patch would change nothing."""
    assert graph_trainer.TrainingHook is hooks.TrainingHook
    monkeypatch.setattr(graph_trainer, "TrainingHook", graph_trainer.TrainingHook)
    try:
        train_quickly()
    finally:
        gc.enable()
    hook = graph_trainer.TrainingHook(cache=None, model_storage=None, pruned_schema=None)
    assert isinstance(hook, NoFingerprints)
    assert hook.on_before_node(node_name="a", execution_context=None, config={}, received_inputs={}) == {}
