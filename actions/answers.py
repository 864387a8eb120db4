"""What is answered by a sentence of a table: alone, or in the middle of a task, whose form asks its question again."""

from actions import official_channel
from actions.manners import situation
from actions.turn import Events, SafeAction, Turn

TOLD = (
    "agency_search",
    "application_status",
    "change_info",
    "change_password",
    "complaint",
    "delete_account",
    "facility_search",
    "login_problem",
    "otp_problem",
    "participation_lookup",
)
"""Intents without a dialogue of their own: one sentence each tells the official way."""

ANSWERS = {
    "bot_challenge": "utter_bot_challenge",
    "faq": "utter_faq/other",
    "goodbye": "utter_goodbye",
    "help": "utter_help",
    "hotline_contact": "utter_hotline_contact",
    "thanks": "utter_thanks",
    **{intent: f"utter_{intent}" for intent in TOLD},
}
"""Intent -> response. An intent of another task with a form is no question: it switches to that task."""

AFTER = {
    "add_email": ("application_status", "otp_problem", "change_info"),
    "code_search": ("application_status", "otp_problem"),
    "forgot_password": ("change_password", "login_problem", "otp_problem"),
    "register_account": ("agency_search", "application_status", "change_password", "forgot_password", "login_problem"),
}
"""The task that was done last -> intents that ask how it goes on, whatever else they mean."""

HOTLINE = "19009068"
"""Where some offices have no number of their own; who calls it need not hear it."""
COURTESIES = ("affirm", "greet")
"""Intents that need no answer of their own: the question is asked again."""


def asks_how_it_goes_on(turn: Turn) -> bool:
    """Tell whether a message asks about the task that was done last; a pressed choice means what it says."""
    return not turn.is_choice and turn.intent in AFTER.get(str(turn.slot("last_task")), ())


def answer_to(turn: Turn) -> str | None:
    """Return the response that answers a question, of a general one that of its topic; None for what is no question."""
    return turn.selected_response or ANSWERS.get(turn.intent)


class ActionAnswer(SafeAction):
    """Answers what has no dialogue of its own: the words for the situation, or the answer of the table."""

    def name(self) -> str:
        """Return the name Rasa calls the action by."""
        return "action_answer"

    async def act(self, turn: Turn) -> Events:
        """Say one sentence: what the situation needs, how the last task goes on, an office, or what the table has."""
        words = situation(turn.text)
        if words is None and asks_how_it_goes_on(turn):
            words = f"utter_{turn.slot('last_task')}_after"
        if words is None and official_channel.is_meant(turn):
            await official_channel.tell(turn)
            return []
        province = turn.value("province")
        if words is None and turn.intent == "agency_search" and province is not None:
            office = await turn.backend.office(province)
            if office is not None and turn.is_call and office[1] == HOTLINE:
                turn.say("utter_hotline_office_unlisted")
                return []
            if office is not None:
                turn.say("utter_agency_search_office", unit=office[0], phone=office[1])
                return []
        turn.say(words or answer_to(turn) or "utter_out_of_scope")
        return []
