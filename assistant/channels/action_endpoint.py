"""The road to the action server: a deadline, no silent failures, one connection kept open.

Rasa waits 300 s for an action, writes the server's answer (which holds what people typed) into its log when it
fails, says nothing to the person, and connects anew for each call. This endpoint bounds the call, tells the channel,
and logs no content.
"""

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import Any, AsyncGenerator, Optional, Set

import aiohttp
from jsonschema import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

logger = logging.getLogger(__name__)

_SCHEMA = {**RemoteAction.action_response_format_spec(), "anyOf": [{"required": ["events"]}, {"required": ["responses"]}]}
_FORMAT = validator_for(_SCHEMA)(_SCHEMA)


class ActionServerUnavailable(RasaException):
    """The action server is down, too slow, or answered something that is not an action's result."""


class BoundedActionEndpoint(EndpointConfig):
    """An action endpoint that gives up after `deadline_s` seconds and remembers whose turn failed."""

    def __init__(self, endpoint: EndpointConfig, deadline_s: float) -> None:
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

    def take_failure(self, sender_id: str) -> bool:
        """Tell whether an action of this conversation failed since the last call, and forget it."""
        failed = sender_id in self._failed
        self._failed.discard(sender_id)
        return failed

    async def request(self, *args: Any, **kwargs: Any) -> Optional[Any]:
        """Run an action.

        Raises:
            ActionServerUnavailable: whatever went wrong; its text names the kind of failure only.
        """
        # rasa-sdk asks for a domain; our actions read none, and with `enable_selective_domain` Rasa sends none.
        (kwargs.get("json") or {}).setdefault("domain", {})
        kwargs["timeout"] = aiohttp.ClientTimeout(total=self._deadline_s)
        try:
            answer = await super().request(*args, **kwargs)
            _FORMAT.validate(answer)
            return answer
        except (aiohttp.ClientError, asyncio.TimeoutError, ValidationError, ValueError, OSError) as error:
            self._failed.add((kwargs.get("json") or {}).get("sender_id", ""))
            logger.error("the action server failed: %s", type(error).__name__)
            raise ActionServerUnavailable(f"the action server failed: {type(error).__name__}") from None


def check_answers_once() -> None:
    """Take Rasa's own check of an action's answer away: `BoundedActionEndpoint` has made it already.

    This patches Rasa, which has no setting for it: `RemoteAction` compiles the format and checks the format itself for
    every answer, 20 ms each time; a turn of a form takes two or three answers.
    """
    RemoteAction._validate_action_result = lambda self, result: True  # type: ignore[assignment]
