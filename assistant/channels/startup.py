"""What must be true before the channels listen (better no start than a leak or a deaf bot), and what they all share."""

import asyncio
import os
import sys
import tarfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Callable, Mapping, Optional

from rasa.shared.exceptions import RasaException
from sanic import Sanic

from assistant.channels.action_endpoint import BoundedActionEndpoint, check_answers_once
from assistant.clock import Clock
from assistant.stores.lock import FairLockStore
from assistant.stores.tracker import BoundedTrackerStore, unwrapped


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


def require_model(environment: Mapping[str, str]) -> None:
    """See that the model `MODEL` names can be read; Rasa would take any other it finds, or start deaf.

    Raises:
        UnusableSettings: it is missing or damaged.
    """
    model = environment.get("MODEL")
    if model is None:
        return
    try:
        with tarfile.open(model) as archive:
            archive.getmembers()
    except (OSError, EOFError, tarfile.TarError, zlib.error):
        raise UnusableSettings(f"the model {model} is missing or damaged; run `make train`") from None


@dataclass(frozen=True)
class Dialogue:
    """Who answers, for all channels of the process: Rasa's agent, its road to the actions, room for so many turns at once."""

    agent: Any
    action_endpoint: BoundedActionEndpoint
    places: asyncio.Semaphore


@lru_cache(maxsize=None)
def one_clock(offset_url: Optional[str]) -> Clock:
    """Return the clock of all channels of the process."""
    return Clock(offset_url)


def one_dialogue(app: Sanic, now: Callable[[], float], action_deadline_s: float, turns_at_once: int) -> Dialogue:
    """Return what answers for all channels; the first one to start sets it up, by its settings."""
    if not hasattr(app.ctx, "dialogue"):
        agent = app.ctx.agent
        use_configured_stores(agent, now)
        check_answers_once()
        endpoint = BoundedActionEndpoint(agent.action_endpoint, action_deadline_s, agent.domain)
        agent.action_endpoint = agent.processor.action_endpoint = endpoint
        app.ctx.dialogue = Dialogue(agent, endpoint, asyncio.Semaphore(turns_at_once))
    return app.ctx.dialogue  # type: ignore[no-any-return]


def use_configured_stores(agent: Any, now: Callable[[], float]) -> None:
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
    store.now = now
    agent.tracker_store = agent.processor.tracker_store = store


def _refuse(reason: str) -> None:
    # Not by the log, which would blank the name of a class like an address.
    print(f"refusing to start: {reason}", file=sys.stderr, flush=True)
    os._exit(1)
