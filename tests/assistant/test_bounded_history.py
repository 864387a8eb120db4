"""A conversation cut short goes on exactly as with its whole history."""

import random

import pytest
from differential import differences, predicted
from rasa.core.agent import Agent
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, REQUESTED_SLOT
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    AllSlotsReset,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

import assistant.stores.history
from assistant.stores.history import History, summary

TURNS = 12
ACTIONS_A_TURN = 9


def wanderer(agent: Agent, seed: int) -> list[Event]:
    """A conversation of somebody who says anything at any time, as far as the policies let it happen.

    Forms ask, are refused, end and begin again at random: what an action server could answer.
    """
    chance = random.Random(seed)
    domain = agent.domain
    assert domain is not None
    forms = domain.form_names
    starters = [intent for intent in domain.intents if f"{intent}_form" in forms]
    tracker = DialogueStateTracker("wanderer", domain.slots)
    for event in (ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), ActionExecuted(ACTION_LISTEN_NAME)):
        tracker.update(event)
    for _ in range(TURNS):
        intent = chance.choice(starters) if chance.random() < 0.4 else chance.choice(sorted(domain.intents))
        tracker.update(UserUttered("", {"name": intent, "confidence": 1.0}))
        for _ in range(ACTIONS_A_TURN):
            action = predicted(agent, tracker)
            for event in answer(action, tracker, domain.required_slots_for_form(action) if action in forms else [], chance):
                tracker.update(event)
            if action == ACTION_LISTEN_NAME:
                break
        else:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
    return list(tracker.events)


def answer(action: str, tracker: DialogueStateTracker, asks: list[str], chance: random.Random) -> list[Event]:
    """What an action may answer."""
    done = ActionExecuted(action)
    if action == "action_restart":
        return [done, ActiveLoop(None), AllSlotsReset(), SlotSet("lang", "en")]
    if not asks:
        return [done]
    active = tracker.active_loop_name == action
    if active and chance.random() < 0.25:
        return [ActionExecutionRejected(action)]
    begun: list[Event] = [done] if active else [done, ActiveLoop(action)]
    if chance.random() < 0.2:
        return [*begun, ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
    return [*begun, SlotSet(chance.choice(asks), "••••0001"), SlotSet(REQUESTED_SLOT, chance.choice(asks))]


@pytest.mark.parametrize("seeds", [range(12), pytest.param(range(12, 300), marks=pytest.mark.prove)], ids=["few", "many"])
@pytest.mark.parametrize("kept_turns", [1, 3])
def test_wandering_conversations_go_the_same_way_with_all_and_with_few_turns(agent: Agent, kept_turns: int, seeds: range) -> None:
    compared, found = 0, []
    for seed in seeds:
        number, differ = differences(agent, f"seed {seed}", wanderer(agent, seed), kept_turns)
        compared, found = compared + number, found + differ
    assert compared > 15 * len(seeds)
    assert not found


@pytest.mark.parametrize("forgotten", [ActiveLoop, SlotSet, ActionExecutionRejected])
def test_a_summary_that_forgets_something_is_noticed(agent: Agent, monkeypatch: pytest.MonkeyPatch, forgotten: type) -> None:
    """The proof that the comparison above can fail."""
    monkeypatch.setattr(
        assistant.stores.history,
        "summary",
        lambda tracker: tuple(event for event in summary(tracker) if not isinstance(event, forgotten)),
    )
    assert any(differences(agent, "w", wanderer(agent, seed), 1)[1] for seed in range(60))


def test_a_pause_survives_the_cut() -> None:
    talk: list[Event] = [
        ActionExecuted(ACTION_LISTEN_NAME),
        UserUttered("a"),
        ConversationPaused(),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]
    history = History().grown(enumerate([*talk, UserUttered("b")], start=1)).shortened(1, [])
    assert DialogueStateTracker.from_events("w", history.events, []).is_paused()


def test_a_history_is_cut_right_before_a_user_message_and_not_before_it_must() -> None:
    talk = [ActionExecuted(ACTION_LISTEN_NAME)]
    for number in range(4):
        talk += [UserUttered(str(number)), ActionExecuted("utter"), ActionExecuted(ACTION_LISTEN_NAME)]
    history = History().grown(enumerate(talk, start=1))
    assert history.shortened(4, []) is history
    cut = history.shortened(2, [])
    assert isinstance(cut.tail[0][1], UserUttered) and cut.tail[0][1].text == "2"
    assert cut.cut_id == cut.tail[0][0] - 1
    assert cut.last_id == history.last_id
