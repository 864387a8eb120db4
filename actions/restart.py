"""Restart: what was under way is thrown away in the backend too; the language stays."""

from rasa_sdk.events import ActiveLoop, AllSlotsReset, FollowupAction, SlotSet

from actions.task_form import TaskForm
from actions.turn import Events, SafeAction, Turn
from actions.wording import starts_again


class ActionRestart(SafeAction):
    """Overrides Rasa's default, which would answer in silence and forget the language."""

    def name(self) -> str:
        """Return the reserved name Rasa calls it by."""
        return "action_restart"

    async def act(self, turn: Turn) -> Events:
        """Cancel every draft of the conversation and begin anew; a guess does not end a task, its form asks again."""
        form = (turn.tracker.active_loop or {}).get("name")
        if form and not turn.means("restart", starts_again(turn.text)):
            return [FollowupAction(form)]
        for task in TaskForm.all:
            await turn.backend.cancel(task)
        turn.say("utter_restarted")
        # Rasa's `Restarted` would begin a new session in the same turn, which forgets the language.
        return [ActiveLoop(None), AllSlotsReset(), SlotSet("lang", turn.slot("lang"))]
