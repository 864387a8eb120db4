"""`make forget`: delete everything the assistant stores of one conversation, also while it runs.

Nothing else is stored of a person here: who the conversation was with, only the account backend could know.
"""

import sys

from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import read_endpoints_from_path
from rasa.shared.exceptions import RasaException
from rasa.shared.utils.io import read_config_file

from assistant.clock import Clock
from assistant.stores.message_log import MessageLog
from assistant.stores.sealing import Seal


def forget(conversation: str, endpoints: str = "endpoints.yml", credentials: str = "credentials.yml") -> bool:
    """Delete a conversation from every store the configuration files name; return whether anything was known of it."""
    trackers = TrackerStore.create(read_endpoints_from_path(endpoints).tracker_store)
    known = trackers.knows(conversation)
    trackers.forget(conversation)
    for settings in read_config_file(credentials).values():
        nothing_is_opened = Seal("")
        idle_s, life_s = settings["idle_minutes"] * 60, settings["life_hours"] * 3600
        log = MessageLog(settings["message_log"], Clock(), idle_s, life_s, nothing_is_opened)
        known = bool(log.messages(conversation)) or known
        log.forget(conversation)
    return known


def main() -> int:
    """`python -m assistant forget CONVERSATION`; return 1 when nothing was known of it, 2 when it cannot be done."""
    if len(sys.argv) != 3 or not sys.argv[2]:
        print("usage: make forget CONVERSATION=web:...", file=sys.stderr)
        return 2
    try:
        known = forget(sys.argv[2])
    except RasaException as error:
        print(error, file=sys.stderr)
        return 2
    print("forgotten" if known else "nothing was stored of it")
    return 0 if known else 1
