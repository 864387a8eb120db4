"""The road to the action server, with a deadline and no silent failures.

Rasa waits 300 s for an action, writes the server's answer (which holds what people typed) into its log when it
fails, and says nothing to the person. This endpoint bounds the call, tells the channel, and logs no content.
"""

import asyncio
import logging
from typing import Any, Optional, Set

import aiohttp
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

logger = logging.getLogger(__name__)


class ActionServerUnavailable(RasaException):
    """The action server is down, too slow, or answered something that is not an action's result."""


class BoundedActionEndpoint(EndpointConfig):
    """An action endpoint that gives up after `deadline_s` seconds and remembers whose turn failed."""

    def __init__(self, endpoint: EndpointConfig, deadline_s: float) -> None:
        super().__init__(
            endpoint.url, endpoint.params, endpoint.headers, endpoint.basic_auth, endpoint.token, endpoint.token_name
        )
        self._deadline_s = deadline_s
        self._failed: Set[str] = set()

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
        kwargs["timeout"] = aiohttp.ClientTimeout(total=self._deadline_s)
        try:
            answer = await super().request(*args, **kwargs)
            if not _is_action_result(answer):
                raise ValueError("not an action's result")
            return answer
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError, OSError) as error:
            self._failed.add((kwargs.get("json") or {}).get("sender_id", ""))
            logger.error("the action server failed: %s", type(error).__name__)
            raise ActionServerUnavailable(f"the action server failed: {type(error).__name__}") from None


def _is_action_result(answer: Any) -> bool:
    return (
        isinstance(answer, dict)
        and isinstance(answer.get("events", []), list)
        and isinstance(answer.get("responses", []), list)
        and ("events" in answer or "responses" in answer)
    )
