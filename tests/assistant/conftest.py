"""The tests run as the product does: without TensorFlow, with the trained model."""

from pathlib import Path
from typing import Any

import pytest

from assistant.without_tensorflow import leave_out_tensorflow

leave_out_tensorflow()

SECRETS = {"CHANNEL_CREDENTIAL": "c" * 32, "BACKEND_URL": "http://127.0.0.1:1", "POSTBOX_SECRET": "a secret of the test"}

MODEL = Path(__file__).parent.parent.parent / "models/assistant.tar.gz"


@pytest.fixture(scope="module")
def agent() -> Any:
    """The trained assistant, an agent of Rasa's."""
    from rasa.core.agent import Agent  # not before TensorFlow is left out

    return Agent.load(str(MODEL))


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """What a channel finds in its environment: no demo mode, no secret of a telephone."""
    from assistant.channels.startup import one_clock

    one_clock.cache_clear()
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    for name in ("DEMO", "MODEL", "PUBLIC_URL", "HOTLINE_TWIML_TOKEN", "HOTLINE_JAMBONZ_SECRET"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch
