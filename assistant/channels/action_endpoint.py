"""The road to the action server, with a deadline and no silent failures.

Rasa waits 300 s for an action, writes the server's answer (which holds what people typed) into its log when it
fails, and says nothing to the person. This endpoint bounds the calls of a turn, tells the channel, and logs no content.
"""

import asyncio
import json
import logging
import re
import time
from typing import Any, Dict, Optional, Set

import aiohttp
from rasa.shared.core.events import Event
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

logger = logging.getLogger(__name__)

MAX_ANSWER_BYTES = 1024 * 1024
_SUBMIT = re.compile(r"action_(\w+)_submit")


class ActionServerUnavailable(RasaException):
    """The action server is down, too slow, or answered something that is not an action's result."""


class BoundedActionEndpoint(EndpointConfig):
    """An action endpoint that gives a turn `deadline_s` seconds for all its actions and remembers whose turn failed.

    After a failure the rest of the turn runs no action: what Rasa would go on to do rests on an answer it never got.
    """

    def __init__(self, endpoint: EndpointConfig, deadline_s: float) -> None:
        super().__init__(
            endpoint.url, endpoint.params, endpoint.headers, endpoint.basic_auth, endpoint.token, endpoint.token_name
        )
        self._deadline_s = deadline_s
        self._ends: Dict[str, float] = {}
        self._failed: Set[str] = set()

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
        """Run an action. A submit of unknown fate brings the person back into the form with a sentence that says so.

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
            unconfirmed = None if sender_id in self._failed else _unconfirmed(call)
            if unconfirmed is not None:
                return unconfirmed
            self._failed.add(sender_id)
            raise ActionServerUnavailable(f"the action server failed: {type(error).__name__}") from None

    async def _ask(self, call: Dict[str, Any]) -> Any:
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


def _is_action_result(answer: Any) -> bool:
    return (
        isinstance(answer, dict)
        and isinstance(answer.get("events", []), list)
        and isinstance(answer.get("responses", []), list)
        and ("events" in answer or "responses" in answer)
        and all(isinstance(one, dict) and one for one in answer.get("responses", []))
        and all(_is_event(one) for one in answer.get("events", []))
    )


def _is_event(event: Any) -> bool:
    try:
        return isinstance(event, dict) and Event.from_parameters(event) is not None
    except Exception:  # Rasa's own reader stumbles over odd ones in many ways
        return False


def _unconfirmed(call: Dict[str, Any]) -> Optional[Dict[str, Any]]:
    """Return what a task's submit of unknown fate amounts to, None for any other action.

    It may have happened. So "nothing has been changed" would be a guess, and the form, which Rasa has left already, is
    opened again at its last question: at the next message the backend says how things stand.
    """
    submit = _SUBMIT.fullmatch(call.get("next_action") or "")
    form = ((call.get("domain") or {}).get("forms") or {}).get(f"{submit.group(1)}_form") if submit else None
    if submit is None or form is None:
        return None
    asked = form["required_slots"][-1]
    if not ((call.get("tracker") or {}).get("slots") or {}).get(asked):
        return None  # the task has ended otherwise, there is nothing to submit
    return {
        "events": [
            {"event": "active_loop", "name": f"{submit.group(1)}_form"},
            {"event": "slot", "name": asked, "value": None},
            {"event": "slot", "name": "requested_slot", "value": asked},
            {"event": "followup", "name": "action_listen"},
        ],
        "responses": [{"response": f"utter_{submit.group(1)}_unconfirmed"}],
    }
