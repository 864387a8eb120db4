"""What a task answers to a message that brings it no value: a step, a question in between, another task, or a miss."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from rasa_sdk.events import FollowupAction, SlotSet

from actions import manners, official_channel, one_time_code
from actions.answers import answer_to
from actions.drafts import Draft
from actions.misses import miss
from actions.task import CONFIRMED, PHOTOS, Settled, Task
from actions.turn import SURE, Events, SafeAction, Turn
from actions.wording import (
    adds,
    asks_price,
    asks_where,
    asks_why,
    goes_back,
    has_code,
    has_forgotten,
    hesitates,
    is_lost,
    is_without,
    names_insurance,
    needs_time,
    resembles_email,
    skips,
    wants_again,
)


class AnsweringTask(Task, SafeAction):
    """The answers of `validate_<task>_form`; what it does with values is `TaskForm`'s."""

    all: ClassVar[Mapping[str, Any]]
    """Every task that has a form, by its name."""

    @abstractmethod
    async def go_on(self, turn: Turn, draft: Draft, settled: Settled, otp: str | None = None) -> Events:
        """Do what can be done without a further word of the person."""

    @abstractmethod
    def end(self) -> Events:
        """Leave the form."""

    async def answer(self, turn: Turn, draft: Draft, asked: str, settled: Settled) -> Events:
        """Answer a message that brought no value."""
        situation = manners.situation(turn.text)
        if situation in manners.FIRST:
            turn.say(situation)
            return self.slots(draft, settled)
        progress = await self._progress(turn, draft, asked, settled)
        if progress is not None:
            return [SlotSet("misses", 0.0), *progress]
        if situation is not None:
            turn.say(situation)
            return self.slots(draft, settled)
        without = await self.without(turn, draft, asked)
        if without is not None:
            return without
        here = self.slots(draft, settled)
        if asks_price(turn.text):
            turn.say("utter_task_free")
            return here
        mail = asked == "email" and not turn.is_choice
        if turn.intent == self.task and not mail:
            return here
        if turn.slot("suspended_task") and goes_back(turn.text):
            return self.end()  # what is given here is kept for its half hour
        if needs_time(turn.text) or asks_why(turn.text):
            turn.say("utter_take_your_time" if needs_time(turn.text) else "utter_privacy")
            return here
        # A question about the email that is asked for, or a typing error in it, is no wish to add one.
        about_it = turn.intent == self.task or (turn.intent == "add_email" and not adds(turn.text))
        mistyped = mail and (about_it or resembles_email(turn.text))
        if turn.intent in self.all and not is_lost(turn.text) and not mistyped:
            if asks_where(turn.text) and not turn.is_choice:
                turn.say(f"utter_{turn.intent}_ways")
                return here
            return [*here, *self.switch(turn, turn.intent)]
        if official_channel.is_meant(turn) and not mistyped:
            await official_channel.tell(turn, briefly=True)
            return here
        reply = answer_to(turn)
        unsure = turn.intent == "faq" and turn.confidence < SURE
        if reply is not None and not unsure and not is_lost(turn.text):
            turn.say(reply)
            return here
        return [*here, SlotSet("misses", miss(turn, asked, "otp" if asked in self.otps else asked))]

    async def _progress(self, turn: Turn, draft: Draft, asked: str, settled: Settled) -> Events | None:
        """Go on where the backend stands or the message agrees to the summary; None when it does neither."""
        noun = self.open_question(draft, settled)
        if noun is None:
            return self.slots(draft, settled)
        if asked == PHOTOS != noun:
            return await self.go_on(turn, draft, settled)
        if noun == CONFIRMED:
            if turn.intent in ("affirm", "deny") and not turn.is_choice and needs_time(turn.text):
                turn.say("utter_take_your_time")
                return self.slots(draft, settled)
            if turn.intent == "affirm" and (turn.is_choice or not hesitates(turn.text)):
                draft = draft if draft.consented else await turn.backend.consent(self.task)
                return await self.go_on(turn, draft, settled | {CONFIRMED})
            if turn.intent in ("affirm", "deny"):
                turn.say("utter_change_what")
                return self.slots(draft, settled)
        if noun in self.optional and noun == asked and (is_without(turn.text) or has_forgotten(turn.text) or skips(turn.text)):
            return await self.go_on(turn, draft, settled | {asked})
        if noun in self.otps:
            otp = turn.value("otp") if asked == noun else None
            if otp is None and not turn.is_choice and self._asks_what_code(turn):
                turn.say("utter_otp_explained")
                return self.slots(draft, settled)
            if otp is None and not turn.is_choice and has_code(turn.text):
                turn.say("utter_otp_unclear")
                return self.slots(draft, settled)
            again = turn.intent in ("otp_problem", "deny") and (turn.is_choice or wants_again(turn.text))
            again = again and not (needs_time(turn.text) or asks_why(turn.text))
            if otp is None and again and draft.otp.state != "none":
                return self.slots(await one_time_code.send(turn, self.task, noun), settled)
            if otp is not None or draft.otp.state == "none":
                return await self.go_on(turn, draft, settled, otp)
        return None

    def _asks_what_code(self, turn: Turn) -> bool:
        """Tell whether somebody asks which code is meant, or where it is, rather than for the insurance code."""
        return turn.intent in ("otp_problem", "code_search") and (
            (turn.intent == "code_search" and not names_insurance(turn.text))
            or (asks_where(turn.text) and not wants_again(turn.text))
        )

    async def without(self, turn: Turn, draft: Draft, asked: str) -> Events | None:
        """Lead on somebody who does not have, or does not know, what is asked; None when the message says no such thing."""
        return None

    def switch(self, turn: Turn, other: str) -> Events:
        """Put this task aside and begin the other, whose end leads back."""
        turn.say(f"utter_{self.task}_put_aside")
        aside = [SlotSet("suspended_task", self.task), SlotSet("misses", 0.0), SlotSet("requested_slot", None)]
        return [*aside, FollowupAction(f"{other}_form")]
