"""An answer that got lost on its way: the person is never told the contrary of what happened."""

import asyncio
import json
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions.backend
from actions.forgot_password import ActionForgotPasswordSubmit
from actions.settings import Settings
from tests.actions.fake_backend import DRAFT, FakeBackend

VERIFIED = {**DRAFT, "fields": {"code": "••••0001", "email": "l••••@example.com"}, "otp": {**DRAFT["otp"], "state": "verified"}}  # type: ignore[dict-item]
DONE = {**DRAFT, "state": "done"}
PATH = "/v1/drafts/forgot_password"


def body(draft: dict[str, Any]) -> tuple[int, bytes]:
    """Return a draft as the backend sends it."""
    return 200, json.dumps(draft).encode()


def submit(backend: FakeBackend, monkeypatch: pytest.MonkeyPatch) -> tuple[list[dict[str, Any]], list[str]]:
    """Run the submit action against the fake; return its events and responses."""
    settings = Settings(backend.url, "credential", 0, demo=False, backend_timeout_s=0.3)
    monkeypatch.setattr(actions.backend, "_settings", lambda: settings)
    message = {"intent": {"name": "inform"}, "message_id": "1", "metadata": {"sender": "v"}}
    tracker = Tracker("web:1", {"forgot_password_otp": True}, message, [], False, None, {}, "forgot_password_form")
    dispatcher = CollectingDispatcher()
    events = asyncio.run(ActionForgotPasswordSubmit().run(dispatcher, tracker, {}))  # type: ignore[arg-type]
    return events, [one["response"] for one in dispatcher.messages]


def test_a_submit_that_arrived_is_done_although_its_answer_was_lost(
    backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend.replies = {f"GET {PATH}": [body(VERIFIED), body(DONE)], f"POST {PATH}/submit": [None]}
    assert submit(backend, monkeypatch)[1] == ["utter_forgot_password_done"]


def test_a_submit_of_unknown_fate_is_told_as_such_and_the_form_goes_on(
    backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend.replies = {f"GET {PATH}": [body(VERIFIED), None], f"POST {PATH}/submit": [None]}
    events, said = submit(backend, monkeypatch)
    assert said == ["utter_forgot_password_unconfirmed"]
    assert {event.get("name"): event.get("value") for event in events if event["event"] == "slot"} == {
        "forgot_password_otp": None,
        "requested_slot": "forgot_password_otp",
    }
    assert [event["name"] for event in events if event["event"] == "active_loop"] == ["forgot_password_form"]


def test_a_submit_that_was_refused_for_now_can_be_repeated(backend: FakeBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    backend.replies = {f"GET {PATH}": [body(VERIFIED)], f"POST {PATH}/submit": [(503, b'{"code":"paused"}')]}
    events, said = submit(backend, monkeypatch)
    assert said == ["utter_task_closed"]
    assert [event["name"] for event in events if event["event"] == "active_loop"] == ["forgot_password_form"]
