"""What is answered by a sentence of a table: alone, or in the middle of a task, whose form asks its question again."""

from rasa_sdk.events import SlotSet

from actions import official_channel
from actions.manners import situation
from actions.turn import Events, SafeAction, Turn
from actions.wording import asks_price, has_not_arrived, names_call

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

UNKNOWN_TOPIC = "utter_faq/other"
ANSWERS = {
    "bot_challenge": "utter_bot_challenge",
    "faq": UNKNOWN_TOPIC,
    "goodbye": "utter_goodbye",
    "help": "utter_help",
    "hotline_contact": "utter_hotline_contact",
    "thanks": "utter_thanks",
    **{intent: f"utter_{intent}" for intent in TOLD},
}
"""Intent -> response. An intent of another task with a form is no question: it switches to that task."""

ON_CALL = {
    "agency_search": "utter_hotline_offices",
    "hotline_contact": "utter_hotline_person",
    **dict.fromkeys(("affirm", "deny", "help", "inform", "nlu_fallback", "out_of_scope"), "utter_hotline_menu"),
}
"""Intent -> response on a call, where nothing can be pressed but keys."""

BY_ITSELF = {
    "affirm": "utter_affirm",
    "deny": "utter_deny",
    "inform": "utter_inform_without_task",
}
"""Intent -> response outside of any task; in a task these answer its question."""

AFTER = {
    "add_email": ("application_status", "otp_problem", "change_info"),
    "code_search": ("application_status", "otp_problem"),
    "forgot_password": ("application_status", "change_password", "login_problem", "otp_problem"),
    "register_account": ("agency_search", "application_status", "change_password", "forgot_password", "login_problem"),
}
"""The task that was done last -> intents that ask how it goes on, whatever else they mean."""

COURTESIES = ("affirm", "greet")
"""Intents that need no answer of their own: the question is asked again."""


def asks_how_it_goes_on(turn: Turn) -> bool:
    """Tell whether a message asks about the task that was done last; a pressed choice means what it says."""
    last = str(turn.slot("last_task"))
    again = turn.intent == last and last in AFTER and has_not_arrived(turn.text)
    return not turn.is_choice and (again or turn.intent in AFTER.get(last, ()))


def answer_to(turn: Turn) -> str | None:
    """Return the response that answers a question, of a general one that of its topic; None for what is no question."""
    return turn.selected_response or ANSWERS.get(turn.intent)


def _means_us(turn: Turn) -> bool:
    """Tell whether a question of price is about this call or chat, not about insurance."""
    return answer_to(turn) in (None, UNKNOWN_TOPIC, "utter_hotline_contact") or (turn.is_call and names_call(turn.text))


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
        if words is None and asks_price(turn.text) and _means_us(turn):
            words = "utter_hotline_fee" if turn.is_call else "utter_task_free"
        if words is None and (official_channel.is_meant(turn) or official_channel.was_asked_for(turn)):
            await official_channel.tell(turn)
            return [SlotSet("last_task", official_channel.TOPIC)]
        province = turn.value("province")
        if words is None and turn.intent == "agency_search" and province is not None:
            office = await turn.backend.office(province)
            if office is not None and turn.is_call and office[1] == official_channel.HOTLINE:
                turn.say("utter_hotline_office_unlisted")
                return []
            if office is not None:
                turn.say("utter_agency_search_office", unit=office[0], phone=office[1])
                return []
        if turn.is_call:
            words = words or ON_CALL.get(turn.intent)
        turn.say(words or answer_to(turn) or BY_ITSELF.get(turn.intent) or "utter_out_of_scope")
        return []
