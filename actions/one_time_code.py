"""One-time codes inside a task: sent, sent again, answered; the backend alone says what an answer is worth."""

from actions.backend import Rejected
from actions.drafts import Draft
from actions.turn import Turn

WAIT_S = 60
"""Seconds to wait where the backend names none: what lies between two codes."""


async def send(turn: Turn, task: str, noun: str) -> Draft:
    """Have a code sent, or sent again, and say so, or why not.

    Raises:
        Rejected: for every reason that ends the task or needs more than waiting.
    """
    try:
        draft = await turn.backend.send_otp(task)
    except Rejected as error:
        if error.code == "too_soon":
            turn.say("utter_otp_too_soon", seconds=error.retry_after_s or WAIT_S)
        elif error.code == "send_limit":
            turn.say("utter_otp_send_limit")
        else:
            raise
        return await turn.backend.draft(task)
    turn.say(f"utter_{task}_{noun}_sent", **draft.fields)
    return draft


async def check(turn: Turn, task: str, code: str) -> Draft:
    """Answer with a code; a wrong, expired or dead one is said, a right one shows by what comes next."""
    result, draft = await turn.backend.answer_otp(task, code)
    if result == "wrong" and draft.otp.tries_left == 0:
        result = "dead"
    if result != "right":
        turn.say(f"utter_otp_{result}", tries_left=draft.otp.tries_left)
    return draft
