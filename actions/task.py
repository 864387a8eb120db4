"""What a task asks, in which order, and how far it is: slots are written from the backend's draft, never the other way."""

from abc import ABC, abstractmethod
from collections.abc import Mapping

from rasa_sdk.events import SlotSet

from actions.answers import ANSWERS
from actions.drafts import Draft
from actions.official_channel import ABOUT_OTHERS
from actions.turn import Events, Turn
from actions.wording import looks_like_a_name, says_phone

CONFIRMED = "confirmed"
PHOTOS = "photos"
PHOTO_KINDS = frozenset({"face", "id_front", "id_back"})
Settled = frozenset[str]
"""What the person settled in words: the summary when it is `confirmed`, and what they have not and may leave out."""
NAMES = ("full_name",)
PLAIN = ("inform", "nlu_fallback", "out_of_scope", "greet", "agency_search")
"""Intents that a name or a place without any other word may be taken for."""


class Task(ABC):
    """A task's questions and their answers. Only what was settled in words is the dialogue's own."""

    @property
    @abstractmethod
    def task(self) -> str:
        """The task's name, which is its draft's, its intent's and its slots' too."""

    fields: Mapping[str, tuple[str, ...]]
    """Draft field -> kinds of values that may fill it whenever they are said."""
    asked_for: Mapping[str, tuple[str, ...]] = {}
    """Draft field -> kinds that fill it only when its question is open (a ten-digit code may look like a phone)."""
    spoken: tuple[str, ...] = ()
    """Draft fields that take a short message as it is when their question is open: names nobody can list."""
    optional: tuple[str, ...] = ()
    """Draft fields that may be left out."""
    otps: Mapping[str, str] = {}
    """What a one-time code is asked for -> the backend's purpose, in order."""
    order: tuple[str, ...]
    """Everything that is asked, in order: fields, `photos`, `confirmed`, one-time codes."""

    def open_question(self, draft: Draft, settled: Settled) -> str | None:
        """Return what is to be asked next, None when all is there."""
        return next((noun for noun in self.order if self._state(noun, draft, settled) is None), None)

    def settled(self, turn: Turn) -> Settled:
        """Return what the slots say was settled in words."""
        said = {noun: turn.slot(f"{self.task}_{noun}") for noun in (CONFIRMED, *self.optional)}
        return frozenset(noun for noun, value in said.items() if value is (noun == CONFIRMED))

    def slots(self, draft: Draft, settled: Settled) -> Events:
        """Masked values, whether the summary was confirmed, and which codes the backend took."""
        return [SlotSet(f"{self.task}_{noun}", self._state(noun, draft, settled)) for noun in self.order]

    def photos_missing(self, draft: Draft) -> int:
        """Return how many photos are still to come."""
        return len(PHOTO_KINDS & set(draft.missing))

    def values(self, turn: Turn, asked: str) -> dict[str, str]:
        """Return draft field -> value for what the message gives; a question about a number or link gives none."""
        if turn.intent in ABOUT_OTHERS:
            return {}
        # In a question the words that look like a name are somebody's title ("gặp tư vấn viên").
        found = {
            field: turn.value(*kinds) for field, kinds in self.fields.items() if kinds != NAMES or turn.intent not in ANSWERS
        }
        # A place may sound like a question for one; a name that sounds like thanks is one when it is written like one.
        plain = turn.text.istitle() or (turn.intent in PLAIN and (asked not in NAMES or turn.intent not in ANSWERS))
        if asked in self.spoken and found.get(asked) is None and plain and looks_like_a_name(turn.text):
            found[asked] = turn.text
        if asked in self.asked_for and found.get(asked) is None and not says_phone(turn.text):
            other = turn.value(*self.asked_for[asked])
            # Beside other values a number that looks like a phone is one, where a phone is asked for as well.
            beside = "phone" in found and any(value not in (None, other) for value in found.values())
            found[asked] = None if beside else other
        mine = found.get(asked)  # what was asked takes a value that might be something else, too
        return {field: value for field, value in found.items() if value is not None and (field == asked or value != mine)}

    def _state(self, noun: str, draft: Draft, settled: Settled) -> str | bool | None:
        if noun == CONFIRMED:
            return noun in settled or None
        if noun == PHOTOS:
            return not self.photos_missing(draft) or None
        if noun not in self.otps:
            return draft.fields.get(noun, False if noun in settled else None)
        purposes = list(self.otps.values())
        mine, reached = purposes.index(self.otps[noun]), purposes.index(draft.otp.purpose)
        return mine < reached or (mine == reached and draft.otp.state == "verified") or None
