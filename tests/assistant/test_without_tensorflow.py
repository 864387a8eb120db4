"""Rasa runs without TensorFlow here, and whoever needs it is told."""

import subprocess
import sys
from types import ModuleType

import pytest
from rasa.core.actions.action import RemoteAction

from assistant.channels.action_endpoint import check_answers_once
from assistant.without_tensorflow import TensorFlowNotLoaded, leave_out_tensorflow

LOADED = """
import sys
from assistant.without_tensorflow import leave_out_tensorflow
leave_out_tensorflow()
leave_out_tensorflow()
import rasa.core.agent, rasa.nlu.classifiers.diet_classifier
print(len([one for one in sys.modules if one.startswith("tensorflow.python")]), type(sys.modules["tensorflow"]).__name__)
"""


def test_rasa_is_imported_and_tensorflow_is_not() -> None:
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", LOADED], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["0", "_StandInModule"]


def test_who_uses_it_is_told_how_to_start_with_it() -> None:
    from tensorflow.keras.layers import Dense

    class Layer(Dense):  # type: ignore[misc]
        """Subclasses may be defined, as Rasa does."""

    for use in (Dense, Layer):
        with pytest.raises(TensorFlowNotLoaded, match="start with `rasa`"):
            use(3)


def test_it_is_too_late_once_tensorflow_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", ModuleType("tensorflow"))
    with pytest.raises(RuntimeError, match="loaded already"):
        leave_out_tensorflow()


def test_rasas_own_check_of_answers_is_the_one_that_is_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The method must exist in this Rasa, or the patch would change nothing."""
    assert "_validate_action_result" in vars(RemoteAction)
    monkeypatch.setattr(RemoteAction, "_validate_action_result", RemoteAction._validate_action_result)
    check_answers_once()
    assert RemoteAction("action_a", None)._validate_action_result({"events": "no list"}) is True
