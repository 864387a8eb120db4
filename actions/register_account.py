"""Register: who, how to be reached, which office, three photos, a code to the email; then ten days to come in person."""

from rasa_sdk.events import SlotSet

from actions.backend import BackendError
from actions.drafts import Draft
from actions.task import PHOTOS, Settled
from actions.task_form import TaskForm
from actions.task_submit import TaskSubmit
from actions.turn import Events, SafeAction, Turn
from actions.wording import is_for_child, is_without, says_done, wants_link

TASK = "register_account"
LINK = "register_account_link"
"""The slot that is set while a link for the photos is out."""


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
        """Count the photos when somebody says that they are there; make another link when they ask for one."""
        missing = self.photos_missing(draft)
        if asked == PHOTOS and missing:
            if wants_link(turn.text) or turn.intent == "otp_problem" or (turn.is_choice and turn.intent == TASK):
                return [*self.slots(draft, settled), SlotSet(LINK, None)]
            if says_done(turn.text):
                turn.say("utter_register_account_photos_missing", missing=missing)
                return [*self.slots(draft, settled), SlotSet(LINK, None)]
        return await super().answer(turn, draft, asked, settled)

    async def without(self, turn: Turn, draft: Draft, asked: str) -> Events | None:
        """No email: how to get one, whose may be used, and where one registers without; the question stays."""
        if asked == "email" and (is_without(turn.text) or (turn.intent == "add_email" and not turn.is_choice)):
            turn.say("utter_register_account_no_email")
            return self.slots(draft, self.settled(turn))
        return None

    async def ask(self, turn: Turn, noun: str) -> Events:
        """Ask for photos with a link; everything else as every task does."""
        return await ask_photos(turn) if noun == PHOTOS else await super().ask(turn, noun)

    def end(self) -> Events:
        """Leave the form; its link is dead with the draft."""
        return [*super().end(), SlotSet(LINK, None)]


async def ask_photos(turn: Turn) -> Events:
    """Ask for the photos: on the chat page itself, elsewhere with a one-time link to a page that takes them.

    While a link is out it is only named: a new one would close the page that somebody has open.
    """
    if turn.channel == "web":
        turn.say("utter_ask_register_account_photos")  # its sentence for this channel
        return []
    if turn.slot(LINK):
        turn.say("utter_register_account_photos_awaited")
        return []
    try:
        link = await turn.backend.upload_link(TASK)
    except BackendError:
        turn.say("utter_register_account_no_link")
        return []
    turn.say("utter_ask_register_account_photos", link=link)
    return [SlotSet(LINK, True)]


class ActionAskRegisterAccountPhotos(SafeAction):
    """Asks for the photos: Rasa's form calls it as it would say a question."""

    def name(self) -> str:
        """Return the name Rasa calls the action by."""
        return f"action_ask_{TASK}_photos"

    async def act(self, turn: Turn) -> Events:
        """Ask with a new link, or remind of the one that is out."""
        return await ask_photos(turn)


class ActionRegisterAccountSubmit(TaskSubmit):
    """Hands in the application."""

    task = TASK
