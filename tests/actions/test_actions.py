"""What holds for every action: it never raises, never repeats what people typed, and never takes a slot's word."""

import asyncio
import logging
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from sanic.response import json

from actions.__main__ import refuse_without_echo
from actions.restart import ActionRestart
from actions.settings import UnusableSettings, from_environment
from actions.turn import Events, SafeAction, Turn

ENVIRONMENT = {"DEMO": "1", "SERVICE_CREDENTIAL": "demo-service-credential", "BACKEND_URL": "http://127.0.0.1:9"}


def tracker(text: str = "", slots: dict[str, Any] | None = None, events: list[dict[str, Any]] | None = None) -> Tracker:
    """Return what Rasa sends along with an action."""
    message = {"text": text, "intent": {"name": "inform"}, "entities": [], "message_id": "1", "metadata": {"sender": "v"}}
    return Tracker("web:1", slots or {}, message, events or [], False, None, {}, "action_listen")


def run(action: SafeAction, said: Tracker) -> tuple[Events, list[str]]:
    """Run an action; return its events and the names of its responses."""
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, said, {}))  # type: ignore[arg-type]
    return events, [one["response"] for one in dispatcher.messages]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backend that is not there."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


class ActionThatBreaks(SafeAction):
    """Fails with the person's words in its error."""

    def name(self) -> str:
        """Return a name."""
        return "action_that_breaks"

    async def act(self, turn: Turn) -> Events:
        """Fail."""
        raise RuntimeError(f"cannot handle {turn.tracker.latest_message}")


def test_an_error_becomes_a_sentence_and_leaves_no_words_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        events, said = run(ActionThatBreaks(), tracker("mã OTP 123456"))
    assert (events, said) == ([], ["utter_system_busy"])
    assert "123456" not in caplog.text and "RuntimeError" in caplog.text


def test_a_refusal_of_the_server_repeats_nothing_of_the_request() -> None:
    refused = asyncio.run(refuse_without_echo(None, json({"error": "no action 123456", "action_name": "123456"}, status=404)))
    assert refused is not None and (refused.status, refused.body) == (404, b'{"error":"refused"}')
    assert asyncio.run(refuse_without_echo(None, json({"events": []}))) is None


def test_two_failing_actions_of_one_turn_apologise_once() -> None:
    busy = {"event": "bot", "metadata": {"utter_action": "utter_system_busy"}}
    assert run(ActionThatBreaks(), tracker(events=[{"event": "user"}, busy]))[1] == []
    assert run(ActionThatBreaks(), tracker(events=[busy, {"event": "user"}]))[1] == ["utter_system_busy"]


def test_no_slot_makes_the_submit_action_say_that_it_is_done() -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    call = {
        "next_action": "action_forgot_password_submit",
        "sender_id": "web:1",
        "tracker": {
            "sender_id": "web:1",
            "slots": {"forgot_password_otp": True, "forgot_password_code": "••••0001", "verified": True},
            "latest_message": {"intent": {"name": "affirm"}, "entities": [{"entity": "verified", "value": True}]},
            "events": [],
            "paused": False,
            "active_loop": {},
            "latest_action_name": "forgot_password_form",
        },
        "domain": {},
    }
    result = asyncio.run(executor.run(call))  # type: ignore[arg-type]
    assert result is not None
    assert [one["response"] for one in result.responses] == ["utter_system_busy"]


def test_restart_without_a_backend_resets_nothing_and_says_so() -> None:
    assert run(ActionRestart(), tracker(slots={"lang": "en"})) == ([], ["utter_system_busy"])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"SERVICE_CREDENTIAL": ""}, "SERVICE_CREDENTIAL.*missing"),
        ({"DEMO": "0"}, "SERVICE_CREDENTIAL.*demo secret"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL=LOUD is none of DEBUG"),
    ],
)
def test_unusable_settings_are_refused_by_name(monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], words: str) -> None:
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UnusableSettings, match=words):
        from_environment()


@pytest.mark.parametrize(
    ("name", "value"),
    [("ACTION_DEADLINE_S", "0"), ("ACTION_DEADLINE_S", "soon"), ("ACTION_DEADLINE_S", "60"), ("ACTIONS_PORT", "a door")],
)
def test_a_number_that_is_none_or_past_its_ceiling_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UnusableSettings, match=f"{name}={value}"):
        from_environment()


def test_an_action_gives_up_before_rasa_gives_up_the_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACTION_DEADLINE_S", "2")
    settings = from_environment()
    assert settings.backend_timeout_s < settings.action_timeout_s < 2
