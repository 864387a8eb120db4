"""What is said when nobody knows whether a task's last step has happened."""

import re
from typing import Any, Dict, Optional

from rasa.shared.core.domain import Domain

_SUBMIT = re.compile(r"action_(\w+)_submit")


def unconfirmed(call: Dict[str, Any], domain: Domain) -> Optional[Dict[str, Any]]:
    """Return what a task's submit of unknown fate amounts to, None for any other action.

    It may have happened. So "nothing has been changed" would be a guess, and the form, which Rasa has left already, is
    opened again at its last question: at the next message the backend says how things stand.
    """
    submit = _SUBMIT.fullmatch(call.get("next_action") or "")
    asked = domain.required_slots_for_form(f"{submit.group(1)}_form") if submit else []
    if submit is None or not asked:
        return None
    last = asked[-1]
    if not ((call.get("tracker") or {}).get("slots") or {}).get(last):
        return None  # the task has ended otherwise, there is nothing to submit
    return {
        "events": [
            {"event": "active_loop", "name": f"{submit.group(1)}_form"},
            {"event": "slot", "name": last, "value": None},
            {"event": "slot", "name": "requested_slot", "value": last},
            {"event": "followup", "name": "action_listen"},
        ],
        "responses": [{"response": f"utter_{submit.group(1)}_unconfirmed"}],
    }
