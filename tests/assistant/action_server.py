"""An action server for a real agent, and stores on files for what the agent remembers."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from rasa.utils.endpoints import EndpointConfig

from assistant.stores.lock import FairLockStore
from assistant.stores.tracker import BoundedTrackerStore

FORGOT = "tôi quên mật khẩu"
VALIDATE, RESTART = "validate_forgot_password_form", "action_restart"


class ActionServer:
    """An action server that keeps the forgotten password's form at its first question and ends it at a restart.

    An action that is held waits for `goes_on`. `meanwhile` is done before it answers; with `fails` it answers 500.
    """

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.vouchers: list[str] = []
        self.held = ""
        self.waits = asyncio.Event()
        self.goes_on = asyncio.Event()
        self.fails = False
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    async def answer(self, request: web.Request) -> web.Response:
        """Run an action."""
        call = await request.json()
        self.heard.append((call["next_action"], call["tracker"]["latest_message"]["text"]))
        self.vouchers.append((call["tracker"]["latest_message"].get("metadata") or {}).get("sender", ""))
        if call["next_action"] == self.held:
            self.waits.set()
            await self.goes_on.wait()
        if self.meanwhile is not None:
            await self.meanwhile()
        if self.fails:
            return web.Response(status=500)
        ends = {"event": "active_loop", "name": None}
        asks = {"event": "slot", "name": "forgot_password_code", "value": None}
        return web.json_response({"events": [ends if call["next_action"] == RESTART else asks], "responses": []})


def with_new_stores(agent: Any, folder: Path, endpoint: EndpointConfig) -> None:
    """Have the agent remember on files, and act through this endpoint."""
    agent.tracker_store = agent.processor.tracker_store = tracker_store(agent, folder)
    agent.lock_store = agent.processor.lock_store = FairLockStore()
    agent.action_endpoint = agent.processor.action_endpoint = endpoint


def tracker_store(agent: Any, folder: Path) -> BoundedTrackerStore:
    """Open the tracker store's file, as one more process would."""
    blank = "assistant.stores.blanking.blank_event"
    return BoundedTrackerStore(agent.domain, db=str(folder / "tracker.db"), blank_event=blank, history_turns=3)
