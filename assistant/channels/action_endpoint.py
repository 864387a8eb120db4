"""The road to the action server: a deadline for a turn, no silent failures, one connection kept open.

Rasa waits 300 s for an action, writes the server's answer (which holds what people typed) into its log when it
fails, says nothing to the person, and connects anew for each call. This endpoint bounds the calls of a turn, tells the
channel, and logs no content.
"""

import asyncio
import json
import logging
import time
from contextlib import asynccontextmanager
from typing import Any, AsyncGenerator, Dict, Optional, Set

import aiohttp
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from assistant.channels.unconfirmed import unconfirmed
from assistant.stores.history import read_events

logger = logging.getLogger(__name__)

MAX_ANSWER_BYTES = 1024 * 1024


class ActionServerUnavailable(RasaException):
    """The action server is down, too slow, or answered something that is not an action's result."""


class BoundedActionEndpoint(EndpointConfig):
    """An action endpoint that gives up after `deadline_s` seconds and remembers whose turn failed."""

    def __init__(self, endpoint: EndpointConfig, deadline_s: float, domain: Domain) -> None:
        super().__init__(
            endpoint.url,
            endpoint.params,
            endpoint.headers,
            endpoint.basic_auth,
            endpoint.token,
            endpoint.token_name,
            endpoint.cafile,
            **endpoint.kwargs,
        )
        self._deadline_s = deadline_s
        self._domain = domain
        self._ends: Dict[str, float] = {}
        self._failed: Set[str] = set()
        self._session: Optional[aiohttp.ClientSession] = None

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[aiohttp.ClientSession, None]:
        """Give the one session of this endpoint; Rasa would make and close one a call."""
        if self._session is None:
            self._session = super().session()
        yield self._session

    async def close(self) -> None:
        """Close the connections that are kept open."""
        if self._session is not None:
            await self._session.close()

    def begin_turn(self, sender_id: str) -> None:
        """Let the time of this conversation's turn begin."""
        self._failed.discard(sender_id)
        self._ends[sender_id] = time.monotonic() + self._deadline_s

    def take_failure(self, sender_id: str) -> bool:
        """End the turn: tell whether an action of this conversation failed since it began, and forget it."""
        failed = sender_id in self._failed
        self._failed.discard(sender_id)
        self._ends.pop(sender_id, None)
        return failed

    async def request(self, *args: Any, **kwargs: Any) -> Optional[Any]:
        """Run an action.

        Raises:
            ActionServerUnavailable: whatever went wrong; its text names the kind of failure only.
        """
        call = kwargs.get("json") or {}
        sender_id = call.get("sender_id", "")
        left_s = self._ends.get(sender_id, time.monotonic() + self._deadline_s) - time.monotonic()
        try:
            if sender_id in self._failed or left_s <= 0:
                raise asyncio.TimeoutError()
            return await asyncio.wait_for(self._ask(call), left_s)
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError, OSError) as error:
            logger.error("the action server failed: %s", type(error).__name__)
            unknown = None if sender_id in self._failed else unconfirmed(call, self._domain)
            if unknown is not None:
                return unknown
            self._failed.add(sender_id)
            raise ActionServerUnavailable(f"the action server failed: {type(error).__name__}") from None

    async def _ask(self, call: Dict[str, Any]) -> Any:
        # rasa-sdk asks for a domain; our actions read none, and with `enable_selective_domain` Rasa sends none.
        call = {"domain": {}, **call}
        async with (
            self.session() as session,
            session.post(self.url, json=call, params=self.combine_parameters(), allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise ValueError("not a success")
            body = b""
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise ValueError("too long")
        answer = json.loads(body)
        if not _is_action_result(answer):
            raise ValueError("not an action's result")
        return answer


def check_answers_once() -> None:
    """Take Rasa's own check of an action's answer away: `BoundedActionEndpoint` has made a stricter one already.

    This patches Rasa, which has no setting for it: for every answer `RemoteAction` checks the definition of the format
    itself, 20 ms each time; a turn of a form takes two or three answers.
    """
    RemoteAction._validate_action_result = lambda self, result: True  # type: ignore[assignment]


def _is_action_result(answer: Any) -> bool:
    return (
        isinstance(answer, dict)
        and isinstance(answer.get("events", []), list)
        and isinstance(answer.get("responses", []), list)
        and ("events" in answer or "responses" in answer)
        and all(isinstance(one, dict) and one for one in answer.get("responses", []))
        and _are_events(answer.get("events", []))
    )


def _are_events(events: Any) -> bool:
    try:
        read_events(events)
    except Exception:  # Rasa's own reader stumbles over odd ones in many ways
        return False
    return True
