"""Add an email: code, a code to the phone on file, the new address, a code to it; an officer confirms."""

from contextlib import suppress

from rasa_sdk.events import SlotSet

from actions.answers import ANSWERS
from actions.backend import BackendError
from actions.drafts import Draft
from actions.task_form import TaskForm
from actions.task_submit import TaskSubmit
from actions.turn import Events, Turn
from actions.wording import has_forgotten, has_lost_phone, is_without, needs_time

TASK = "add_email"


class ValidateAddEmailForm(TaskForm):
    """One turn of `add_email_form`."""

    task = TASK
    fields = {"code": ("bhxh_code", "personal_id"), "email": ("email",)}
    asked_for = {"code": ("phone", "hotline")}
    otps = {"phone_otp": TASK, "email_otp": "add_email_new"}
    order = ("code", "phone_otp", "email", "confirmed", "email_otp")

    async def act(self, turn: Turn) -> Events:
        """Tell somebody who only has no email about every way, before any is begun."""
        if not turn.slot("requested_slot") and not turn.is_choice and not self.values(turn, "") and is_without(turn.text):
            turn.say("utter_add_email_ways")
            return [SlotSet("requested_slot", None)]
        return await super().act(turn)

    def elsewhere(self, turn: Turn) -> Events:
        """Tell a caller the ways to add an email."""
        turn.say("utter_hotline_email")
        return self.end()

    async def without(self, turn: Turn, draft: Draft, asked: str) -> Events | None:
        """No code: it is searched first. No phone: forms and offices. No mailbox at all: how to get one."""
        if asked == "code" and has_forgotten(turn.text) and turn.intent != TASK:
            return [*self.slots(draft, frozenset()), *self.switch(turn, "code_search")]
        lost = has_lost_phone(turn.text) and not needs_time(turn.text)
        if lost and (asked == "phone_otp" or (asked == "code" and turn.intent not in ANSWERS)):
            await turn.backend.cancel(TASK)
            turn.say("utter_add_email_ways_without_phone")
            return self.end()
        if asked == "email" and is_without(turn.text):
            turn.say("utter_email_explained")
            return self.slots(draft, frozenset())
        return None


class ActionAddEmailSubmit(TaskSubmit):
    """Hands in the change request."""

    task = TASK

    async def afterwards(self, turn: Turn, draft: Draft) -> None:
        """Name the office of the province where the account lives, when the directory knows it."""
        with suppress(BackendError):
            office = await turn.backend.office(str(draft.outcome.get("province") or ""))
            if office is not None:
                turn.say("utter_add_email_office", unit=office[0], phone=office[1])
