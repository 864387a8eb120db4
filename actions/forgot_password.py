"""Forgot password: code, registered email, one-time code, temporary password by mail."""

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.backend import BackendUnavailable, Draft, NoDraft, Rejected
from actions.task_form import TaskForm
from actions.turn import Events, SafeAction, Turn
from actions.wording import asks_why, has_forgotten, is_without, needs_time

TASK = "forgot_password"


class ValidateForgotPasswordForm(TaskForm):
    """One turn of `forgot_password_form`."""

    task = TASK
    fields = {"code": ("bhxh_code", "personal_id"), "email": ("email",)}
    asked_for = {"code": ("phone", "hotline")}

    def slots(self, draft: Draft) -> Events:
        """Masked code and mail; the one-time code's slot only ever says that the backend took it."""
        return [
            SlotSet("forgot_password_code", draft.fields.get("code")),
            SlotSet("forgot_password_email", draft.fields.get("email")),
            SlotSet("forgot_password_otp", True if draft.otp.state == "verified" else None),
        ]

    async def answer(self, turn: Turn, draft: Draft, requested: str) -> Events:
        """Go on where the backend stands, and hear what is particular here: no email, a code, "send it again"."""
        if draft.otp.state == "verified":
            return self.slots(draft)
        if _is_complete(draft) and draft.otp.state == "none":
            return await self._send(turn)
        if requested == "otp":
            otp = turn.value("otp")
            if otp is not None:
                return await self._check(turn, otp)
            if turn.intent in ("otp_problem", "deny", "add_email") and not (needs_time(turn.text) or asks_why(turn.text)):
                return await self._send(turn)
        elif self._has_no_email(turn, requested):
            return await self._without_email(turn)
        elif has_forgotten(turn.text) and turn.intent != TASK:
            turn.say("utter_add_email_ways" if requested == "email" else "utter_code_search")
            return self.slots(draft)
        return await super().answer(turn, draft, requested)

    async def go_on(self, turn: Turn, draft: Draft) -> Events:
        """Send the one-time code as soon as code and mail are there."""
        if draft.otp.state == "verified":
            return self.slots(draft)
        if not _is_complete(draft):
            return await self._without_email(turn) if turn.intent == "add_email" else self.slots(draft)
        if draft.otp.state == "none":
            return await self._send(turn)
        otp = turn.value("otp")
        return self.slots(draft) if otp is None else await self._check(turn, otp)

    def _has_no_email(self, turn: Turn, requested: str) -> bool:
        """Tell whether the person has none; "which email?" and "I forget which" are questions, not that."""
        if turn.intent == "add_email":
            return turn.is_choice or is_without(turn.text)
        return requested == "email" and turn.intent in ("deny", "affirm") and is_without(turn.text)

    async def _without_email(self, turn: Turn) -> Events:
        await turn.backend.cancel(TASK)
        turn.say("utter_add_email_ways")
        return self.end()

    async def _send(self, turn: Turn) -> Events:
        try:
            draft = await turn.backend.send_otp(TASK)
        except Rejected as error:
            if error.code == "too_soon":
                turn.say("utter_forgot_password_otp_too_soon", seconds=error.retry_after_s or 60)
            elif error.code == "send_limit":
                turn.say("utter_forgot_password_otp_send_limit")
            else:
                return await self._refused(turn, error)
            return self.slots(await turn.backend.draft(TASK))
        turn.say("utter_forgot_password_otp_sent", code=draft.fields["code"], email=draft.fields["email"])
        return self.slots(draft)

    async def _check(self, turn: Turn, otp: str) -> Events:
        try:
            result, draft = await turn.backend.answer_otp(TASK, otp)
        except Rejected as error:
            return await self._refused(turn, error)
        if result == "wrong" and draft.otp.tries_left == 0:
            result = "dead"
        if result != "right":
            turn.say(f"utter_forgot_password_otp_{result}", tries_left=draft.otp.tries_left)
        return self.slots(draft)

    async def _refused(self, turn: Turn, error: Rejected) -> Events:
        if error.code != "daily_limit":
            raise error
        turn.say("utter_forgot_password_limit")
        await turn.backend.cancel(TASK)
        return self.end()


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
        try:
            await turn.backend.submit(TASK)
        except BackendUnavailable:
            # The request may have arrived: only the backend knows, now or at the person's next word.
            if not await self._is_done(turn):
                turn.say("utter_forgot_password_unconfirmed")
                return self.after_failure(turn)
        turn.say("utter_forgot_password_done")
        return [SlotSet(f"{TASK}_{name}", None) for name in ("code", "email", "otp")]

    def after_failure(self, turn: Turn) -> Events:
        """Return into the form when only this step is missing: the next message finishes the task, or cancels it."""
        if turn.slot(f"{TASK}_otp") is not True:
            return []
        form = [ActiveLoop(f"{TASK}_form"), SlotSet(f"{TASK}_otp", None), SlotSet("requested_slot", f"{TASK}_otp")]
        return [*form, FollowupAction("action_listen")]  # without it the form would ask for the code that was right

    async def _is_done(self, turn: Turn) -> bool:
        try:
            return (await turn.backend.draft(TASK)).state == "done"
        except (BackendUnavailable, NoDraft):
            return False


def _is_complete(draft: Draft) -> bool:
    return {"code", "email"} <= draft.fields.keys()
