"""Forgot password: code, registered email, one-time code, temporary password by mail."""

from rasa_sdk.events import SlotSet

from actions.backend import Draft, NoDraft, Rejected
from actions.task_form import TaskForm
from actions.turn import Events, SafeAction, Turn

TASK = "forgot_password"
REFUSALS = {"send_limit": "utter_forgot_password_limit", "daily_limit": "utter_forgot_password_limit"}


class ValidateForgotPasswordForm(TaskForm):
    """One turn of `forgot_password_form`."""

    task = TASK
    fields = {"code": ("bhxh_code", "personal_id"), "email": ("email",)}
    asked_for = {"code": ("phone",)}

    def slots(self, draft: Draft) -> Events:
        """Masked code and mail; the one-time code's slot only ever says that the backend took it."""
        return [
            SlotSet("forgot_password_code", draft.fields.get("code")),
            SlotSet("forgot_password_email", draft.fields.get("email")),
            SlotSet("forgot_password_otp", "verified" if draft.otp.state == "verified" else None),
        ]

    async def answer(self, turn: Turn, draft: Draft, requested: str) -> Events | None:
        """No email ends the task with the other ways; at the last step digits and "send again" are for the backend."""
        no_email = turn.intent == "add_email" or (requested == "email" and turn.intent == "deny")
        if no_email and requested != "otp":
            await turn.backend.cancel(TASK)
            turn.say("utter_add_email_ways")
            return self.end()
        if requested == "otp":
            otp = turn.value("otp")
            if otp is not None:
                return await self._check(turn, otp)
            if turn.intent == "otp_problem":
                return await self._send(turn)
        return await super().answer(turn, draft, requested)

    async def go_on(self, turn: Turn, draft: Draft) -> Events:
        """Send the one-time code as soon as code and mail are there."""
        if draft.otp.state == "none" and {"code", "email"} <= draft.fields.keys():
            return await self._send(turn)
        otp = turn.value("otp")
        if otp is not None and draft.otp.state == "sent":
            return await self._check(turn, otp)
        return self.slots(draft)

    async def _send(self, turn: Turn) -> Events:
        try:
            draft = await turn.backend.send_otp(TASK)
        except Rejected as error:
            if error.code == "too_soon":
                turn.say("utter_forgot_password_otp_too_soon", seconds=error.retry_after_s or 60)
                return self.slots(await turn.backend.draft(TASK))
            if error.code not in REFUSALS:
                raise
            turn.say(REFUSALS[error.code])
            await turn.backend.cancel(TASK)
            return self.end()
        turn.say("utter_forgot_password_otp_sent", code=draft.fields["code"], email=draft.fields["email"])
        return self.slots(draft)

    async def _check(self, turn: Turn, otp: str) -> Events:
        try:
            result, draft = await turn.backend.answer_otp(TASK, otp)
        except Rejected as error:
            if error.code not in REFUSALS:
                raise
            turn.say(REFUSALS[error.code])
            await turn.backend.cancel(TASK)
            return self.end()
        if result == "wrong" and draft.otp.tries_left == 0:
            result = "dead"
        if result != "right":
            turn.say(f"utter_forgot_password_otp_{result}", tries_left=draft.otp.tries_left)
        return self.slots(draft)


class ActionForgotPasswordSubmit(SafeAction):
    """What ends the task: the backend is asked once more, whatever the slots say."""

    def name(self) -> str:
        """Return the name Rasa calls the action by."""
        return "action_forgot_password_submit"

    async def act(self, turn: Turn) -> Events:
        """Have the password reset when the draft is verified; say nothing when the form ended otherwise."""
        try:
            draft = await turn.backend.draft(TASK)
        except NoDraft:
            return []
        if draft.state != "open" or draft.otp.state != "verified":
            return []
        await turn.backend.submit(TASK)
        turn.say("utter_forgot_password_done")
        return [SlotSet(f"{TASK}_{name}", None) for name in ("code", "email", "otp")]
