"""The base of every task's form: values go to the backend's draft, slots keep masked tails.

One turn: take what the message gives, or answer what it asks; then do the next step that the backend's draft lacks.
"""

from collections.abc import Mapping
from typing import ClassVar

from rasa_sdk.events import SlotSet

from actions import manners, one_time_code
from actions.answers import asks_how_it_goes_on
from actions.backend import NoDraft, Rejected
from actions.drafts import Draft
from actions.task import CONFIRMED, Settled
from actions.task_answer import AnsweringTask
from actions.turn import Events, Turn
from actions.wording import cancels, has_only, needs_time, objects, refuses, skips


class TaskForm(AnsweringTask):
    """`validate_<task>_form`: one turn inside a task.

    Subclasses name the task and what it asks. Every slot is written from the draft, so that a form resumes where the
    backend says it stands; only the consent to the summary is the dialogue's own.
    """

    all: ClassVar[dict[str, "TaskForm"]] = {}
    """Every task that has a form, by its name."""
    is_spoken: ClassVar[bool] = False
    """Whether a caller can do it on the hotline."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        TaskForm.all[cls.task] = cls()  # type: ignore[index]

    def name(self) -> str:
        """Return the name Rasa calls the action by."""
        return f"validate_{self.task}_form"

    def elsewhere(self, turn: Turn) -> Events:
        """Send a caller to where this task can be done."""
        turn.say("utter_hotline_elsewhere")
        return self.end()

    def end(self) -> Events:
        """Leave the form: no slot is requested any more."""
        emptied = [SlotSet(f"{self.task}_{noun}", None) for noun in self.order]
        return [*emptied, SlotSet("misses", None), SlotSet("requested_slot", None)]

    def after_failure(self, turn: Turn) -> Events:
        """Stay where we are in the middle of a form; do not even begin one while the backend is away."""
        requested = turn.slot("requested_slot")
        return [SlotSet(requested, turn.slot(requested))] if requested else [SlotSet("requested_slot", None)]

    async def act(self, turn: Turn) -> Events:
        """Take the values of the message, or answer the question in it, and go on."""
        asked = str(turn.slot("requested_slot") or "").removeprefix(f"{self.task}_")
        if turn.is_call and not self.is_spoken:
            return self.elsewhere(turn)
        situation = manners.situation(turn.text)
        if not asked and (situation in manners.FIRST or asks_how_it_goes_on(turn)):
            turn.say(situation or f"utter_{turn.slot('last_task')}_after")
            return [SlotSet("requested_slot", None)]
        values = self.values(turn, asked)
        draft = None
        if asked:
            over, draft = await self._ends_here(turn, asked, bool(values))
            if over is not None:
                await turn.backend.cancel(self.task)
                turn.say(over, **(draft.outcome if draft else {}))
                return self.end()
        if draft is None or draft.state != "open" or not values:  # a value that is put keeps the draft alive by itself
            draft = await turn.backend.open(self.task)
        known = [value for field, value in draft.fields.items() if field not in values] if not asked else []
        events: Events = []
        if not turn.slot("privacy_told"):
            turn.say("utter_privacy")
            events.append(SlotSet("privacy_told", True))
        elif not draft.consented and (values or known or turn.has_digits):
            draft = await turn.backend.consent(self.task)
        given = set(draft.fields)
        draft, taken = await self._put(turn, draft, values)
        again = [draft.fields[field] for field in taken if field in given or asked not in taken]
        settled = self.settled(turn) - ({CONFIRMED, *values} if values else set())
        # What is said of a one-time code names the values anyway; on a call nothing is read back.
        if not turn.is_call and self.open_question(draft, settled) not in self.otps:
            if known:
                turn.say("utter_task_known", values=", ".join(known))
            if asked and again:
                turn.say("utter_task_noted", values=", ".join(again))
        if not turn.is_call and "code" in taken and values["code"] == turn.value("phone"):
            turn.say("utter_code_like_phone")
        try:
            if asked and not values:
                return [*events, *await self.answer(turn, draft, asked, settled)]
            return [*events, SlotSet("misses", 0.0), *await self.go_on(turn, draft, settled)]
        except Rejected as error:
            return [*events, *await self._refused(turn, error)]

    async def go_on(self, turn: Turn, draft: Draft, settled: Settled, otp: str | None = None) -> Events:
        """Do what can be done without a further word of the person: send a one-time code, check the one that came."""
        noun = self.open_question(draft, settled)
        if noun is None or noun not in self.otps:
            return self.slots(draft, settled)
        if draft.otp.state == "none":
            return self.slots(await one_time_code.send(turn, self.task, noun), settled)
        if otp is None:
            return self.slots(draft, settled)
        return await self.go_on(turn, await one_time_code.check(turn, self.task, otp), settled)

    async def ask(self, turn: Turn, noun: str) -> Events:
        """Ask a question where Rasa's form does not do it: when the task is taken up again."""
        turn.say(f"utter_ask_{self.task}_{noun}")
        return []

    async def _put(self, turn: Turn, draft: Draft, values: Mapping[str, str]) -> tuple[Draft, list[str]]:
        """Hand the values over; return the draft and the fields whose values were taken."""
        taken = []
        for field, value in values.items():
            try:
                draft = await turn.backend.put(self.task, field, value)
            except Rejected as error:
                if error.code != "bad_value":
                    raise
                turn.say(f"utter_{field}_unclear")
            else:
                taken.append(field)
        return draft, taken

    async def _refused(self, turn: Turn, error: Rejected) -> Events:
        if error.code != "daily_limit":
            raise error
        turn.say(f"utter_{self.task}_limit")
        await turn.backend.cancel(self.task)
        return self.end()

    async def _ends_here(self, turn: Turn, asked: str, has_values: bool) -> tuple[str | None, Draft | None]:
        """Return the sentence with which the task ends now (cancelled, refused, too old, done after all), and its draft."""
        if turn.means("cancel", cancels(turn.text)) and not has_values and not self._goes_on(turn, asked):
            return f"utter_{self.task}_cancelled", None
        try:
            draft = await turn.backend.draft(self.task)
        except NoDraft:
            return f"utter_{self.task}_expired", None
        if draft.state in ("done", "expired"):
            return f"utter_{self.task}_{draft.state}", draft
        no = objects(turn.text) if asked == CONFIRMED else refuses(turn.text)
        if turn.intent == "deny" and not has_values and not draft.consented and no:
            return "utter_privacy_declined", draft
        return None, draft

    def _goes_on(self, turn: Turn, asked: str) -> bool:
        """Tell whether what sounds like giving up is none: later, "only that", or a question that may be left out."""
        return needs_time(turn.text) or has_only(turn.text) or (asked in self.optional and skips(turn.text))
