"""What is answered by a sentence of a table: alone, or in the middle of a task, whose form asks its question again."""

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

ABOUT_OTHERS = ("official_channel",)
"""Intents whose numbers and addresses are somebody else's."""

COURTESIES = ("affirm", "greet")
"""Intents that need no answer of their own: the question is asked again."""


def answer_to(turn: Turn) -> str | None:
    """Return the response that answers a question, of a general one that of its topic; None for what is no question."""
    return turn.selected_response or ANSWERS.get(turn.intent)


class ActionAnswer(SafeAction):
    """Answers what has no dialogue of its own: the words for the situation, or the answer of the table."""

    def name(self) -> str:
        """Return the name Rasa calls the action by."""
        return "action_answer"

    async def act(self, turn: Turn) -> Events:
        """Say one sentence."""
        turn.say(situation(turn.text) or answer_to(turn) or "utter_out_of_scope")
        return []
