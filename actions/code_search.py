"""Code search: name, birth date, identity number, province; the code goes to what is on file, never into the chat."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.task_form import TaskForm
from actions.task_submit import TaskSubmit
from actions.turn import Events, Turn

TASK = "code_search"


class ValidateCodeSearchForm(TaskForm):
    """One turn of `code_search_form`."""

    task = TASK
    fields = {
        "full_name": ("full_name",),
        "dob": ("dob",),
        "id_number": ("personal_id", "id_document"),
        "province": ("province",),
    }
    spoken = ("full_name",)
    order = ("full_name", "dob", "id_number", "province", "confirmed")

    async def act(self, turn: Turn) -> Events:
        """Stop searching when the code has turned up: the task that waits for it takes it."""
        if not turn.slot("requested_slot") or turn.value("bhxh_code") is None:
            return await super().act(turn)
        await turn.backend.cancel(TASK)
        waiting = turn.slot("suspended_task")
        if not waiting:
            turn.say("utter_code_search_found_it")
            return self.end()
        return [*self.end(), SlotSet("suspended_task", None), FollowupAction(f"{waiting}_form")]


class ActionCodeSearchSubmit(TaskSubmit):
    """Has the code sent to whoever it belongs to; the answer is the same for everybody."""

    task = TASK
