"""What must be true before the channels listen: better no start than a leak or a deaf bot."""

import logging
import os
from typing import Any, Mapping

from rasa.shared.exceptions import RasaException

from assistant.stores.lock import FairLockStore
from assistant.stores.tracker import BoundedTrackerStore, unwrapped

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


def use_configured_stores(agent: Any) -> None:
    """Let the agent use the stores of endpoints.yml themselves, or end the process with a clear line.

    Rasa only warns when it has no model, and starts deaf; a store type it cannot find it replaces by memory. It also
    wraps the tracker store into one that goes on in memory when the database fails: the person would be understood, and
    everything lost at the next start. Here a failing database fails the turn, which the channel tells the person.
    """
    if not agent.is_ready():
        _refuse("no model is loaded; run `make train`")
    store = unwrapped(agent.tracker_store)
    if not isinstance(store, BoundedTrackerStore):
        _refuse(f"endpoints.yml must name assistant.stores.tracker.BoundedTrackerStore, not {type(store).__name__}")
    if not isinstance(agent.lock_store, FairLockStore):
        _refuse(f"endpoints.yml must name assistant.stores.lock.FairLockStore, not {type(agent.lock_store).__name__}")
    agent.tracker_store = agent.processor.tracker_store = store


def _refuse(reason: str) -> None:
    logger.critical("refusing to start: %s", reason)
    logging.shutdown()
    os._exit(1)
