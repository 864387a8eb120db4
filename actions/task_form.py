"""The base of every task's form: values go to the backend's draft, slots keep masked tails."""

from abc import abstractmethod

from rasa_sdk.events import SlotSet

from actions.backend import Draft, NoDraft, Rejected
from actions.turn import Events, SafeAction, Turn
from actions.wording import asks_why, cancels, is_lost, needs_time, refuses, says_phone

NOT_YET = (
    "agency_search",
    "application_status",
    "change_info",
    "change_password",
    "complaint",
    "delete_account",
    "facility_search",
    "participation_lookup",
    "register_account",
)
"""Intents that are understood but have no dialogue of their own: they get the official ways."""

QUESTIONS = {
    "add_email": "utter_add_email_ways",
    "bot_challenge": "utter_bot_challenge",
    "code_search": "utter_code_search",
    "goodbye": "utter_goodbye",
    "help": "utter_help",
    "hotline_contact": "utter_hotline_contact",
    "login_problem": "utter_login_problem",
    "official_channel": "utter_official_channel",
    "otp_problem": "utter_otp_problem",
    "thanks": "utter_thanks",
    **dict.fromkeys(NOT_YET, "utter_not_yet"),
}
"""Intents that are answered in the middle of a task, after which the form asks its question again."""

ABOUT_OTHERS = ("official_channel",)
"""Intents whose numbers and addresses are somebody else's."""

COURTESIES = ("affirm", "greet")
"""Intents that need no answer of their own: the question is asked again."""

MISSES_BEFORE_HUMAN = 3


class TaskForm(SafeAction):
    """`validate_<task>_form`: one turn inside a task.

    Subclasses name the task, map its slots to draft fields, and handle what is particular to it. Every slot is
    written from the draft, so that a form resumes where the backend says it stands.
    """

    task: str
    fields: dict[str, tuple[str, ...]]
    """Draft field -> kinds of identifiers that may fill it, besides what the form itself asked for."""
    asked_for: dict[str, tuple[str, ...]] = {}
    """Draft field -> kinds that fill it only when its question is open (a ten-digit code may look like a phone)."""

    def name(self) -> str:
        """Return the name Rasa calls the action by."""
        return f"validate_{self.task}_form"

    @abstractmethod
    def slots(self, draft: Draft) -> Events:
        """Return the slots as the draft has them."""

    @abstractmethod
    async def go_on(self, turn: Turn, draft: Draft) -> Events:
        """Do the next step after the values of this turn are in the draft."""

    async def act(self, turn: Turn) -> Events:
        """Take the values of the message, or answer the question in it, and go on."""
        requested = str(turn.slot("requested_slot") or "").removeprefix(f"{self.task}_")
        values = self._values(turn, requested)
        draft = None
        if requested:
            over, draft = await self._ends_here(turn, bool(values))
            if over is not None:
                await turn.backend.cancel(self.task)
                turn.say(over)
                return self.end()
        if draft is None or draft.state != "open" or not values:  # a value that is put keeps the draft alive by itself
            draft = await turn.backend.open(self.task)
        events: Events = []
        if not turn.slot("privacy_told"):
            turn.say("utter_privacy")
            events.append(SlotSet("privacy_told", True))
        elif not draft.consented and (values or turn.has_digits):
            draft = await turn.backend.consent(self.task)
        for field, value in values.items():
            try:
                draft = await turn.backend.put(self.task, field, value)
            except Rejected as error:
                if error.code != "bad_value":
                    raise
                turn.say(f"utter_{self.task}_{field}_unclear")
        if requested and not values:
            return [*events, *await self.answer(turn, draft, requested)]
        return [*events, SlotSet(f"{self.task}_misses", 0.0), *await self.go_on(turn, draft)]

    async def answer(self, turn: Turn, draft: Draft, requested: str) -> Events:
        """Answer a message that brought no value."""
        if turn.intent == self.task:
            return self.slots(draft)
        if needs_time(turn.text) or asks_why(turn.text):
            turn.say("utter_take_your_time" if needs_time(turn.text) else "utter_privacy")
            return self.slots(draft)
        if turn.intent in QUESTIONS and not is_lost(turn.text):
            turn.say(QUESTIONS[turn.intent])
            return self.slots(draft)
        misses = float(turn.slot(f"{self.task}_misses") or 0) + 1
        if misses >= MISSES_BEFORE_HUMAN:
            turn.say(f"utter_{self.task}_human")
        elif turn.intent not in COURTESIES or turn.has_digits or "." in turn.text or "@" in turn.text:
            turn.say(f"utter_{self.task}_{requested}_unclear")
        return [*self.slots(draft), SlotSet(f"{self.task}_misses", misses % MISSES_BEFORE_HUMAN)]

    def end(self) -> Events:
        """Leave the form: no slot is requested any more."""
        return [*self._empty(), SlotSet(f"{self.task}_misses", None), SlotSet("requested_slot", None)]

    def after_failure(self, turn: Turn) -> Events:
        """Stay where we are in the middle of a form; do not even begin one while the backend is away."""
        requested = turn.slot("requested_slot")
        return [SlotSet(requested, turn.slot(requested))] if requested else [SlotSet("requested_slot", None)]

    def _values(self, turn: Turn, requested: str) -> dict[str, str]:
        """Return draft field -> value for what the message gives; a question about a number or link gives none."""
        if turn.intent in ABOUT_OTHERS:
            return {}
        found = {field: turn.value(*kinds) for field, kinds in self.fields.items()}
        if requested in self.asked_for and found.get(requested) is None and not says_phone(turn.text):
            found[requested] = turn.value(*self.asked_for[requested])
        return {field: value for field, value in found.items() if value is not None}

    def _empty(self) -> Events:
        return [SlotSet(f"{self.task}_{field}", None) for field in self.fields]

    async def _ends_here(self, turn: Turn, has_values: bool) -> tuple[str | None, Draft | None]:
        """Return the sentence with which the task ends now (cancelled, refused, too old, done after all), and its draft."""
        if turn.means("cancel", cancels(turn.text)) and not has_values:
            return f"utter_{self.task}_cancelled", None
        try:
            draft = await turn.backend.draft(self.task)
        except NoDraft:
            return f"utter_{self.task}_expired", None
        if draft.state in ("done", "expired"):
            return f"utter_{self.task}_{draft.state}", draft
        if turn.intent == "deny" and not has_values and not draft.consented and refuses(turn.text):
            return "utter_privacy_declined", draft
        return None, draft
