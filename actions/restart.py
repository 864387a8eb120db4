"""Restart: what was under way is thrown away in the backend too; the language stays."""

from rasa_sdk.events import ActiveLoop, AllSlotsReset, FollowupAction, SlotSet

from actions.task_form import TaskForm
from actions.task_submit import take_up_again
from actions.turn import Events, SafeAction, Turn
from actions.wording import goes_back, starts_again


class ActionRestart(SafeAction):
    """Overrides Rasa's default, which would answer in silence and forget the language."""

    def name(self) -> str:
        """Return the reserved name Rasa calls it by."""
        return "action_restart"

    async def act(self, turn: Turn) -> Events:
        """Cancel every draft of the conversation and begin anew; a mere guess does not: what is under way goes on."""
        form = (turn.tracker.active_loop or {}).get("name")
        if not (turn.is_choice or starts_again(turn.text)):
            back = await take_up_again(turn) if goes_back(turn.text) else []
            if not back and form:
                return [FollowupAction(form)]
            if not back:
                turn.say("utter_help")
            return back
        for task, under_way in TaskForm.all.items():
            if under_way.is_spoken == turn.is_call:  # the backend knows a task only where it can be done
                await turn.backend.cancel(task)
        turn.say("utter_restarted")
        # Rasa's `Restarted` would begin a new session in the same turn, which forgets the language.
        return [ActiveLoop(None), AllSlotsReset(), SlotSet("lang", turn.slot("lang"))]
