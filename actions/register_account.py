"""Register: who, how to be reached, which office, three photos, a code to the email; then ten days to come in person."""

from rasa_sdk.events import SlotSet

from actions.backend import BackendError
from actions.drafts import Draft
from actions.task import Settled
from actions.task_form import TaskForm
from actions.task_submit import TaskSubmit
from actions.turn import Events, SafeAction, Turn
from actions.wording import is_for_child, says_done

TASK = "register_account"
PHOTOS = 3
"""Photos that the backend wants: the face and both sides of the identity card."""


class ValidateRegisterAccountForm(TaskForm):
    """One turn of `register_account_form`."""

    task = TASK
    fields = {
        "code": ("bhxh_code",),
        "full_name": ("full_name",),
        "dob": ("dob",),
        "id_number": ("personal_id", "id_document"),
        "phone": ("phone",),
        "email": ("email",),
        "office": (),
    }
    asked_for = {"code": ("phone", "hotline"), "office": ("province",)}
    spoken = ("full_name", "office")
    optional = ("code",)
    otps = {"otp": TASK}
    order = ("code", "full_name", "dob", "id_number", "phone", "email", "office", "photos", "confirmed", "otp")

    async def act(self, turn: Turn) -> Events:
        """Tell whoever registers a child about the parent's account first; it is another way."""
        if not turn.slot("requested_slot") and is_for_child(turn.text):
            turn.say("utter_register_account_child")
            return [SlotSet("requested_slot", None)]
        return await super().act(turn)

    async def answer(self, turn: Turn, draft: Draft, asked: str, settled: Settled) -> Events:
        """Count the photos when somebody says that they are there."""
        missing = PHOTOS - len(draft.photos)
        if asked == "photos" and missing and says_done(turn.text):
            turn.say("utter_register_account_photos_missing", missing=missing)
            return self.slots(draft, settled)
        return await super().answer(turn, draft, asked, settled)


class ActionAskRegisterAccountPhotos(SafeAction):
    """Asks for the photos with a one-time link to the page that takes them."""

    def name(self) -> str:
        """Return the name Rasa calls the action by."""
        return f"action_ask_{TASK}_photos"

    async def act(self, turn: Turn) -> Events:
        """Make the link; an older one is dead then."""
        try:
            link = await turn.backend.upload_link(TASK)
        except BackendError:
            turn.say("utter_register_account_no_link")
            return []
        turn.say("utter_ask_register_account_photos", link=link)
        return []


class ActionRegisterAccountSubmit(TaskSubmit):
    """Hands in the application."""

    task = TASK
