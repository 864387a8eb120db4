"""Forgot password: code, registered email, one-time code, temporary password by mail."""

from rasa_sdk.events import FollowupAction

from actions.drafts import Draft
from actions.task import Settled
from actions.task_form import TaskForm
from actions.task_submit import TaskSubmit
from actions.turn import Events, Turn
from actions.wording import has_forgotten, is_without, names_password

TASK = "forgot_password"


class ValidateForgotPasswordForm(TaskForm):
    """One turn of `forgot_password_form`."""

    task = TASK
    fields = {"code": ("bhxh_code", "personal_id"), "email": ("email",)}
    asked_for = {"code": ("phone", "hotline")}
    otps = {"otp": TASK}
    order = ("code", "email", "otp")

    def elsewhere(self, turn: Turn) -> Events:
        """A caller has a way of their own: the code and the calling number, without an email."""
        return [*self.end(), FollowupAction("hotline_password_form")]

    async def go_on(self, turn: Turn, draft: Draft, settled: Settled, otp: str | None = None) -> Events:
        """Hear "I have no email" beside a code, too."""
        if "email" not in draft.fields and turn.intent == "add_email" and self._has_no_email(turn, "email"):
            return self._without_email(turn)
        return await super().go_on(turn, draft, settled, otp)

    async def without(self, turn: Turn, draft: Draft, asked: str) -> Events | None:
        """No email: the other ways. A forgotten one: the same, but the question stays. No code: it is searched first."""
        if self._has_no_email(turn, asked):
            return self._without_email(turn)
        if not has_forgotten(turn.text) or names_password(turn.text):
            return None
        if asked == "code":
            return [*self.slots(draft, frozenset()), *self.switch(turn, "code_search")]
        if asked == "email":
            turn.say("utter_add_email_ways")
            return self.slots(draft, frozenset())
        return None

    def _has_no_email(self, turn: Turn, asked: str) -> bool:
        """Tell whether the person has none; "which email?" and "I forget which" are questions, not that."""
        if turn.intent == "add_email":
            return turn.is_choice or is_without(turn.text)
        return asked == "email" and turn.intent in ("deny", "affirm") and is_without(turn.text)

    def _without_email(self, turn: Turn) -> Events:
        # The draft stays for its half hour: the code in it is not asked again when an email is added.
        turn.say("utter_add_email_ways")
        return self.end()


class ActionForgotPasswordSubmit(TaskSubmit):
    """Has the password reset when the draft is verified."""

    task = TASK
