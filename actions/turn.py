"""What a person said in this turn, and the base of every action: it never raises and never stays silent."""

import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.backend import Backend, BackendError, Rejected, calls_of_a_turn, client

logger = logging.getLogger(__name__)

Events = list[dict[str, Any]]
BUSY = "utter_system_busy"
SURE = 0.7
"""Confidence from which a guess alone may throw a task away."""


class Turn:
    """The latest message: its intent, its identifiers, and the way to answer."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker, backend: Backend) -> None:
        self.tracker = tracker
        self.backend = backend
        self._dispatcher = dispatcher
        message = tracker.latest_message or {}
        self.intent: str = (message.get("intent") or {}).get("name") or ""
        self.text: str = str(message.get("text") or "")
        # A pressed choice did not go through the classifier, which would have ranked the intents.
        self.is_choice = "intent_ranking" not in message
        self.confidence = float((message.get("intent") or {}).get("confidence") or 0.0)
        selected = (message.get("response_selector") or {}).get(self.intent) or {}
        self.selected_response: str | None = (selected.get("response") or {}).get("utter_action")
        self.has_digits = any(char.isdigit() for char in self.text)
        self.channel: str = tracker.get_latest_input_channel() or ""
        self.is_call = self.channel == "hotline"
        self._entities: list[dict[str, Any]] = message.get("entities") or []

    def value(self, *kinds: str) -> str | None:
        """Return the last identifier of these kinds in the message, None without one."""
        values = [str(one["value"]) for one in self._entities if one.get("entity") in kinds]
        return values[-1] if values else None

    def means(self, intent: str, said: bool) -> bool:
        """Tell whether the message means `intent` for sure: a choice, a confident guess, or its words `said` so."""
        return self.intent == intent and (self.is_choice or said or self.confidence >= SURE)

    def say(self, response: str, **parameters: Any) -> None:
        """Answer with a response of the domain; texts are never made here."""
        logger.debug("says %s", response)
        self._dispatcher.utter_message(response=response, **parameters)

    def say_busy(self) -> None:
        """Say that nothing could be done, once a turn however many of its actions failed."""
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                break
            if (event.get("metadata") or {}).get("utter_action") == BUSY:
                return
        self.say(BUSY)

    def slot(self, name: str) -> Any:
        """Return a slot's value."""
        return self.tracker.get_slot(name)


class SafeAction(Action, ABC):
    """Base of all actions: subclasses write `act`, and whatever goes wrong becomes a sentence.

    An exception that leaves an action would put the whole conversation into two logs.
    """

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Run `act` with a backend bound to this turn."""
        message = tracker.latest_message or {}
        sender = str((message.get("metadata") or {}).get("sender") or "")
        key = f"{message.get('message_id') or ''}:{self.name()}"
        turn = Turn(dispatcher, tracker, calls_of_a_turn(client(), sender, key))
        try:
            events = await self.act(turn)
            logger.debug("%s: %d events", self.name(), len(events))
            return events
        except Rejected as error:
            logger.error("%s: the backend refused: %s", self.name(), error.code)
            if error.code in ("closed", "paused"):
                turn.say("utter_task_closed")
            else:
                turn.say_busy()
        except BackendError as error:
            logger.error("%s: the backend failed: %s", self.name(), type(error).__name__)
            turn.say_busy()
        except Exception as error:
            logger.error("%s failed: %s", self.name(), type(error).__name__)
            turn.say_busy()
        return self.after_failure(turn)

    @abstractmethod
    async def act(self, turn: Turn) -> Events:
        """Do the work; may raise anything."""

    def after_failure(self, turn: Turn) -> Events:
        """Return the events with which a failed turn ends."""
        return []
