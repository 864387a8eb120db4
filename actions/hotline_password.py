"""Forgot password on the hotline: the code, the number that calls, and the new password is spoken to that call."""

from rasa_sdk.events import SlotSet

from actions.drafts import Draft
from actions.manners import FIRST, situation
from actions.task import Settled
from actions.task_form import TaskForm
from actions.task_submit import TaskSubmit
from actions.turn import Events, Turn
from actions.wording import asks_price, asks_to_repeat, needs_time

TASK = "hotline_password"
GIVEN_UP_AT = 2
"""The miss that ends the call: each costs the caller about ten seconds."""


class ValidateHotlinePasswordForm(TaskForm):
    """One turn of `hotline_password_form`: a single question, and little patience, because the caller pays."""

    task = TASK
    is_spoken = True
    fields = {"code": ("bhxh_code", "personal_id")}
    asked_for = {"code": ("phone", "hotline")}
    order = ("code",)

    async def answer(self, turn: Turn, draft: Draft, asked: str, settled: Settled) -> Events:
        """A person is wanted, the fee is asked, or the code did not come: once more, then the call ends."""
        here = self.slots(draft, settled)
        if turn.intent == "hotline_contact":
            turn.say("utter_hotline_person")
            return self.end()
        if asks_price(turn.text):
            turn.say("utter_hotline_fee")
            return here
        words = situation(turn.text)
        if words in FIRST:
            turn.say(str(words))
            return self.end()
        if needs_time(turn.text) or turn.intent == "code_search":
            turn.say("utter_hotline_password_waits" if needs_time(turn.text) else "utter_hotline_password_where")
            return here
        if turn.intent == "greet" or asks_to_repeat(turn.text):
            return here
        misses = float(turn.slot("misses") or 0) + 1
        if misses >= GIVEN_UP_AT:
            await turn.backend.cancel(self.task)
            turn.say("utter_hotline_password_given_up")
            return self.end()
        turn.say("utter_hotline_password_again")
        return [*here, SlotSet("misses", misses)]


class ActionHotlinePasswordSubmit(TaskSubmit):
    """Has the code and the calling number compared; a match brings the handle of a password, which no action ever sees."""

    task = TASK

    def ending(self, draft: Draft) -> str:
        """Return what to say: a match, or that there is none."""
        return f"utter_hotline_password_{'match' if draft.outcome.get('result') == 'match' else 'no_match'}"
