"""Official or not: the backend's verdict on a number, link, page or app, why, and what to do now."""

from rasa_sdk.events import SlotSet

from actions.backend import BackendError
from actions.manners import situation
from actions.turn import Events, SafeAction, Turn
from actions.wording import accuses, asks_whether

ABOUT_OTHERS = ("official_channel",)
"""Intents whose numbers and addresses are somebody else's."""

WHY = {
    "listed": "listed",
    "office_number": "listed",
    "ends_in_official_host": "official_host",
    "not_offered": "not_offered",
    "reported": "reported",
    "reported_prefix": "reported",
    "ends_in_reported_host": "reported",
    "one_hotline": "one_hotline",
    "no_staff_mobiles": "no_staff_mobiles",
    "prefix_is_no_evidence": "no_staff_mobiles",
    "like_official_number": "looks_alike",
    "official_host_inside": "looks_alike",
    "official_host_in_path": "looks_alike",
    "official_name_added_to": "looks_alike",
    "other_ending": "looks_alike",
    "official_name_as_subdomain": "looks_alike",
    "like_gov_vn": "looks_alike",
    "foreign_letters": "looks_alike",
    "misspelled": "looks_alike",
    "text_before_at": "looks_alike",
    "private_site": "private_site",
    "short_link": "short_link",
    "uses_official_name": "name_proves_nothing",
    "name_proves_nothing": "name_proves_nothing",
    "sender_can_be_forged": "name_proves_nothing",
    "platform": "name_proves_nothing",
    "outside_the_stores": "outside_the_stores",
    "store_link": "outside_the_stores",
    "other_app_name": "outside_the_stores",
}
"""The backend's reasons -> the sentence that tells them; the others need none beside the verdict."""

NAMED = ("url", "hotline", "phone", "email")
TOPIC = "official_channel"
"""What `last_task` is when something was judged, or offered to be."""
HOTLINE = "19009068"
"""The agency's own number, which people name in questions about other things, too; some offices have no other."""


def is_meant(turn: Turn) -> bool:
    """Tell whether a message is about somebody's number or page: its intent says so, or it names one."""
    named = turn.value("hotline", "url")
    return turn.intent in ABOUT_OTHERS or (named is not None and named != HOTLINE)


def was_asked_for(turn: Turn) -> bool:
    """Tell whether a bare value answers "send me the number or page to check": what is official was the last topic."""
    return turn.intent == "inform" and turn.value(*NAMED) is not None and turn.slot("last_task") == TOPIC


async def tell(turn: Turn, briefly: bool = False) -> None:
    """Say what is official: the verdict on what was named and why, or the list.

    `briefly` leaves out what to do next, where a task asks its own question behind it.
    """
    try:
        named = turn.value(*NAMED)
        ask = turn.backend.report_fraud if named and accuses(turn.text) and not asks_whether(turn.text) else turn.backend.verdict
        verdict = await ask(named or turn.text)
    except BackendError:  # the list is known without the backend
        verdict = {}
    if "other_government_site" in verdict.get("reasons", ()):
        turn.say("utter_official_channel_government", value=verdict["value"])
        return
    if verdict.get("reasons", ["nothing_to_check"]) == ["nothing_to_check"] or not verdict["value"]:
        turn.say("utter_official_channel")
        return
    turn.say(f"utter_official_channel_{verdict['verdict']}", value=verdict["value"])
    why = next((WHY[reason] for reason in verdict["reasons"] if reason in WHY), None)
    if why is not None:
        turn.say(f"utter_official_channel_because_{why}")
    if "number" in verdict:
        turn.say("utter_official_channel_reported", number=verdict["number"])
    elif verdict["verdict"] != "official" and not briefly and not turn.is_call:
        turn.say("utter_official_channel_next")


class ActionOfficialChannelTell(SafeAction):
    """What is official, outside of any task."""

    def name(self) -> str:
        """Return the name Rasa calls the action by."""
        return "action_official_channel_tell"

    async def act(self, turn: Turn) -> Events:
        """Tell it, and first of all what the situation needs."""
        words = situation(turn.text)
        if words is not None:
            turn.say(words)
        if words is None or turn.value(*NAMED) is not None:
            await tell(turn, briefly=words is not None)
        return [SlotSet("last_task", TOPIC)]
