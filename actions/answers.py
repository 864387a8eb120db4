"""What is answered in the middle of a task, after which the form asks its question again."""

NOT_YET = (
    "agency_search",
    "application_status",
    "change_info",
    "change_password",
    "complaint",
    "delete_account",
    "facility_search",
    "faq",
    "participation_lookup",
)
"""Intents that are understood but have no dialogue of their own: they get the official ways."""

ANSWERS = {
    "bot_challenge": "utter_bot_challenge",
    "goodbye": "utter_goodbye",
    "help": "utter_help",
    "hotline_contact": "utter_hotline_contact",
    "login_problem": "utter_login_problem",
    "official_channel": "utter_official_channel",
    "otp_problem": "utter_otp_problem",
    "thanks": "utter_thanks",
    **dict.fromkeys(NOT_YET, "utter_not_yet"),
}
"""Intent -> response. An intent of another task with a form is no question: it switches to that task."""

ABOUT_OTHERS = ("official_channel",)
"""Intents whose numbers and addresses are somebody else's."""

COURTESIES = ("affirm", "greet")
"""Intents that need no answer of their own: the question is asked again."""
