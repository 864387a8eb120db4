"""A turn inside a form: Rasa, action server and backend together."""

from dataclasses import dataclass, field

from bench.assistant.ours import OurRunning
from bench.assistant.people import TurnFailed
from bench.assistant.sentences import ASKS_EMAIL, CANCEL_FORM, START_FORM


@dataclass
class FormTurns:
    """Milliseconds of the turns that start the form, give its first value, and cancel it."""

    start: list[float] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    cancel: list[float] = field(default_factory=list)


async def form_turns(running: OurRunning, conversations: int) -> FormTurns:
    """Give the insurance code of another account in every conversation, then cancel: no one-time code is ever sent.

    Raises:
        TurnFailed: the value was not taken.
    """
    turns = FormTurns()
    codes = [running.programs.new_account()["bhxh_code"] for _ in range(conversations)]
    for code in codes:
        async with running.somebody() as person:
            turns.start.append((await person.say(START_FORM)).ms)
            given = await person.say(code)
            if ASKS_EMAIL not in given.bubbles[-1].lower():
                raise TurnFailed(f"the code was answered with {given.bubbles}")
            turns.value.append(given.ms)
            turns.cancel.append((await person.say(CANCEL_FORM)).ms)
    return turns
