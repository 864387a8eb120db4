"""What must be true before the channels listen: better no start than a leak or a deaf bot."""

import logging
import os
from typing import Any, Mapping

from rasa.shared.exceptions import RasaException

from assistant.stores.tracker import BlankingTrackerStore, unwrapped

logger = logging.getLogger(__name__)


class UnusableSettings(RasaException):
    """A setting is missing or must not be used here; Rasa prints the text and ends."""


def channel_credential(environment: Mapping[str, str]) -> str:
    """Return the key with which channels vouch for senders (the newer one of "new,old").

    Raises:
        UnusableSettings: it is missing, or a demo one outside demo mode.
    """
    key = environment.get("CHANNEL_CREDENTIAL", "").split(",")[0]
    if not key:
        raise UnusableSettings("CHANNEL_CREDENTIAL is missing; set it to the value the backend has")
    if key.startswith("demo-") and environment.get("DEMO") != "1":
        raise UnusableSettings("CHANNEL_CREDENTIAL is a demo secret; set a random one of at least 32 characters")
    return key


def require_blanking_stores(agent: Any) -> None:
    """End the process with a clear line when the model or the tracker store is not the one we rely on.

    Rasa itself only warns: without a model it starts deaf, with a misspelt store type it keeps dialogues in memory.
    """
    if not agent.is_ready():
        _refuse("no model is loaded; run `make train`")
    store = unwrapped(agent.tracker_store)
    if not isinstance(store, BlankingTrackerStore):
        _refuse(f"endpoints.yml must name assistant.stores.tracker.BlankingTrackerStore, not {type(store).__name__}")


def _refuse(reason: str) -> None:
    logger.critical("refusing to start: %s", reason)
    logging.shutdown()
    os._exit(1)
