"""What ends every task: the backend is asked once more, whatever the slots say, and a task put aside is taken up again."""

from abc import abstractmethod

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.backend import BackendUnavailable, NoDraft, Rejected
from actions.drafts import Draft
from actions.task_form import TaskForm
from actions.turn import Events, SafeAction, Turn


class TaskSubmit(SafeAction):
    """`action_<task>_submit`: runs whenever the task's form has ended, for whatever reason."""

    @property
    @abstractmethod
    def task(self) -> str:
        """The task's name."""

    def name(self) -> str:
        """Return the name Rasa calls the action by."""
        return f"action_{self.task}_submit"

    async def act(self, turn: Turn) -> Events:
        """Have the effect when the draft is complete; say nothing of a form that ended otherwise. Then lead back."""
        done: Events = []
        draft = await self._draft(turn)
        if draft is not None and draft.state == "open" and self._form.open_question(draft, self._form.settled(turn)) is None:
            try:
                draft = await turn.backend.submit(self.task)
            except BackendUnavailable:
                # The request may have arrived: only the backend knows, now or at the person's next word.
                draft = await self._draft_after_silence(turn)
                if draft is None or draft.state != "done":
                    turn.say(f"utter_{self.task}_unconfirmed")
                    return self.after_failure(turn)
            except Rejected as error:
                if error.code != "daily_limit":
                    raise
                turn.say(f"utter_{self.task}_limit")
                await turn.backend.cancel(self.task)
                return [*self._form.end(), *await take_up_again(turn)]
            turn.say(self.ending(draft), **draft.outcome)
            await self.afterwards(turn, draft)
            done = [*self._form.end(), SlotSet("last_task", self.task)]
        return [*done, *await take_up_again(turn)]

    def ending(self, draft: Draft) -> str:
        """Return the response that tells how a task has ended."""
        return f"utter_{self.task}_done"

    async def afterwards(self, turn: Turn, draft: Draft) -> None:
        """Say what helps now that the task is done; nothing by default, and nothing here may fail the task."""

    def after_failure(self, turn: Turn) -> Events:
        """Return into the form when only this step is missing: the next message finishes the task, or cancels it."""
        last = f"{self.task}_{self._form.order[-1]}"
        if turn.slot(last) is not True:
            return []
        form = [ActiveLoop(f"{self.task}_form"), SlotSet(last, None), SlotSet("requested_slot", last)]
        return [*form, FollowupAction("action_listen")]  # without it the form would ask for the code that was right

    @property
    def _form(self) -> TaskForm:
        return TaskForm.all[self.task]

    async def _draft(self, turn: Turn) -> Draft | None:
        try:
            return await turn.backend.draft(self.task)
        except NoDraft:
            return None

    async def _draft_after_silence(self, turn: Turn) -> Draft | None:
        try:
            return await self._draft(turn)
        except BackendUnavailable:
            return None


async def take_up_again(turn: Turn) -> Events:
    """Go back to the task that was put aside for the one that has just ended, if any, with the question it had open."""
    name = turn.slot("suspended_task")
    form = TaskForm.all.get(str(name))
    if form is None:
        return []
    over: Events = [SlotSet("suspended_task", None)]
    try:
        draft = await turn.backend.draft(form.task)
    except NoDraft:
        return over
    noun = form.open_question(draft, form.settled(turn))
    if draft.state != "open" or noun is None:
        return over
    turn.say(f"utter_{form.task}_taken_up")
    loop = [ActiveLoop(f"{form.task}_form"), SlotSet("requested_slot", f"{form.task}_{noun}")]
    return [*over, *await form.ask(turn, noun), *loop, FollowupAction("action_listen")]
