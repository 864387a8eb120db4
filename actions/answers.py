"""What is answered in the middle of a task, after which the form asks its question again."""

TOLD = (
    "agency_search",
    "application_status",
    "change_info",
    "change_password",
    "complaint",
    "delete_account",
    "facility_search",
    "faq",
    "login_problem",
    "otp_problem",
    "participation_lookup",
)
"""Intents without a dialogue of their own: one sentence each tells the official way."""

ANSWERS = {
    "bot_challenge": "utter_bot_challenge",
    "goodbye": "utter_goodbye",
    "help": "utter_help",
    "hotline_contact": "utter_hotline_contact",
    "official_channel": "utter_official_channel",
    "thanks": "utter_thanks",
    **{intent: f"utter_{intent}" for intent in TOLD},
}
"""Intent -> response. An intent of another task with a form is no question: it switches to that task."""

ABOUT_OTHERS = ("official_channel",)
"""Intents whose numbers and addresses are somebody else's."""

COURTESIES = ("affirm", "greet")
"""Intents that need no answer of their own: the question is asked again."""
