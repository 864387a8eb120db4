"""What the calls of one turn share: their time, and the end after the first failure."""

import asyncio
from typing import Any

import aiohttp
import pytest
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from assistant.channels.action_endpoint import ActionServerUnavailable, BoundedActionEndpoint

DOMAIN = Domain.from_dict(
    {"forms": {"forgot_password_form": {"required_slots": ["forgot_password_code", "forgot_password_otp"]}}}
)
WORKS: dict[str, Any] = {"events": [], "responses": []}


class ScriptedEndpoint(BoundedActionEndpoint):
    """An endpoint whose road is replaced: each call takes the next answer, error, or waiting time in seconds."""

    def __init__(self, deadline_s: float, *road: dict[str, Any] | Exception | float) -> None:
        super().__init__(EndpointConfig("http://127.0.0.1:9/webhook"), deadline_s, DOMAIN)
        self.road: list[Any] = list(road)
        self.asked = 0

    async def _ask(self, call: dict[str, Any]) -> Any:
        self.asked += 1
        step = self.road.pop(0)
        if isinstance(step, Exception):
            raise step
        if isinstance(step, float):
            await asyncio.sleep(step)
            return WORKS
        return step


def call(endpoint: BoundedActionEndpoint, action: str = "validate_forgot_password_form", otp: Any = None) -> Any:
    """Run an action of the conversation web:1."""
    slots = {"forgot_password_otp": otp}
    body = {"next_action": action, "sender_id": "web:1", "tracker": {"slots": slots}}
    return asyncio.run(endpoint.request(json=body, method="post"))


def test_the_actions_of_a_turn_share_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("assistant.channels.action_endpoint.time.monotonic", lambda: now[0])
    endpoint = ScriptedEndpoint(5, WORKS, WORKS)
    endpoint.begin_turn("web:1")
    now[0] += 4
    assert call(endpoint) == WORKS
    now[0] += 1
    with pytest.raises(ActionServerUnavailable):
        call(endpoint)
    assert endpoint.asked == 1 and endpoint.take_failure("web:1")


def test_the_next_turn_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("assistant.channels.action_endpoint.time.monotonic", lambda: now[0])
    endpoint = ScriptedEndpoint(5, WORKS)
    endpoint.begin_turn("web:1")
    endpoint.take_failure("web:1")
    now[0] += 60
    endpoint.begin_turn("web:1")
    assert call(endpoint) == WORKS


def test_after_a_failure_the_rest_of_the_turn_runs_no_action() -> None:
    endpoint = ScriptedEndpoint(5, aiohttp.ClientError(), WORKS)
    endpoint.begin_turn("web:1")
    with pytest.raises(ActionServerUnavailable):
        call(endpoint)
    with pytest.raises(ActionServerUnavailable):
        call(endpoint, "action_forgot_password_submit", otp="verified")
    assert endpoint.asked == 1
    assert endpoint.take_failure("web:1")
    endpoint.begin_turn("web:1")
    assert call(endpoint) == WORKS


def test_a_turn_that_was_broken_off_leaves_its_failure_behind() -> None:
    """As when somebody ends the session in the middle of a turn."""
    endpoint = ScriptedEndpoint(5, aiohttp.ClientError(), WORKS)
    endpoint.begin_turn("web:1")
    with pytest.raises(ActionServerUnavailable):
        call(endpoint)
    endpoint.begin_turn("web:1")
    assert call(endpoint) == WORKS


def test_a_submit_of_unknown_fate_leads_back_into_its_form() -> None:
    endpoint = ScriptedEndpoint(0.05, 5.0)
    endpoint.begin_turn("web:1")
    answer = call(endpoint, "action_forgot_password_submit", otp="verified")
    assert answer["responses"] == [{"response": "utter_forgot_password_unconfirmed"}]
    assert {event["name"]: event.get("value") for event in answer["events"]} == {
        "forgot_password_form": None,
        "forgot_password_otp": None,
        "requested_slot": "forgot_password_otp",
        "action_listen": None,
    }
    assert not endpoint.take_failure("web:1"), "the person was told already"


@pytest.mark.parametrize(
    ("action", "otp"), [("action_forgot_password_submit", None), ("action_restart", "verified"), ("action_no_such_submit", "x")]
)
def test_only_a_submit_with_something_to_submit_is_of_unknown_fate(action: str, otp: Any) -> None:
    endpoint = ScriptedEndpoint(5, aiohttp.ClientError())
    endpoint.begin_turn("web:1")
    with pytest.raises(ActionServerUnavailable):
        call(endpoint, action, otp)
