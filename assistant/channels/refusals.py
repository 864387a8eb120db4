"""What a provider's refusal to take a bubble means: again later, never, nobody there, or somebody of ours must act."""

import logging
from typing import Set

from assistant.channels.delivery import GivenUp

logger = logging.getLogger(__name__)


class PersonGone(GivenUp):
    """The person has blocked us, does not follow us any more, or is no longer there."""


class NeedsUs(GivenUp):
    """Nothing can be sent before somebody of ours has done something: a token, a permission, a version. `why` names no person."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Alarm:
    """One clear line in the log for each reason, and again only when sending has worked in between."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._raised: Set[str] = set()

    def ring(self, why: str) -> None:
        """Say why nothing can be sent."""
        if why not in self._raised:
            self._raised.add(why)
            logger.error("the channel %s cannot send: %s; docs/channels.md says what to do", self._channel, why)

    def rest(self) -> None:
        """Hear that sending works."""
        self._raised.clear()
