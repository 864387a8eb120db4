"""The fake OpenAPI of Zalo: what it takes, what it refuses, always with HTTP 200."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.fakes_kit import Stage, zalo
from tests.fakes.signing import appsecret_proof
from tests.fakes.zalo import ZaloAccess
from tests.fakes.zalo_rules import TemplateType

CS = "/v3.0/oa/message/cs"
REACT = "/v2.0/oa/message"


def call(stage: Stage, body: Any, path: str = CS, token: str = "", **headers: str) -> dict[str, Any]:
    """Call the API with the newest token, or another; whatever it answers, it is HTTP 200."""
    token = token or stage.see("tokens")["access_token"]
    answer = stage.http.post(path, json=body, headers={"access_token": token, **headers})
    assert answer.status_code == 200 and answer.headers["X-RateLimit-Limit"] == "4000"
    return dict(answer.json())


def send(stage: Stage, message: Any, user: str = "U") -> int:
    """Send a message and return the error, 0 when it was taken."""
    return int(call(stage, {"recipient": {"user_id": user}, "message": message})["error"])


def buttons(number: int, title: str = "t", payload: Any = "#c_1", kind: str = "oa.query.show", **more: str) -> dict[str, Any]:
    """Return a text with buttons."""
    listed = [{"title": title, "type": kind, "payload": payload}] * number
    return {"text": "?", "attachment": {"type": "template", "payload": {**more, "buttons": listed}}}


def template(kind: str, **element: str) -> dict[str, Any]:
    """Return a template with one element."""
    return {"attachment": {"type": "template", "payload": {"template_type": kind, "elements": [element]}}}


@pytest.fixture(scope="module")
def shared() -> Iterator[Stage]:
    """One provider for all cases of a table."""
    with zalo() as stage:
        yield stage


@pytest.mark.parametrize(
    ("message", "error", "fault"),
    [
        ({"text": "à" * 2000}, 0, None),
        ({"text": "à" * 2001}, -210, "too_long"),
        ({"text": ""}, -201, "empty_text"),
        ({}, -201, "message_shape"),
        ({"text": "a", "quick_replies": []}, -201, "message_shape"),
        (buttons(5, title="t" * 100, payload="p" * 1000), 0, None),
        (buttons(6), -210, "too_many"),
        (buttons(0), -201, "message_shape"),
        (buttons(1, title="t" * 101), -210, "too_long"),
        (buttons(1, payload="p" * 1001), -210, "too_long"),
        ({**buttons(1), "text": "t" * 2001}, -210, "too_long"),
        ({"attachment": buttons(1)["attachment"]}, -201, "empty_text"),
        (buttons(1, kind="oa.query.hide"), 0, None),
        (buttons(1, kind="oa.query.hide", payload="c_1"), -201, "hidden_payload"),
        (buttons(1, kind="oa.open.url", payload={"url": "https://example.com"}), 0, None),
        (buttons(1, kind="oa.open.url", payload="https://example.com"), -201, "message_shape"),
        (buttons(1, kind="oa.open.phone", payload={"phone_code": "84900000001"}), 0, None),
        (buttons(1, template_type="button"), -201, "template_type"),
        (template("list", title="a"), -201, "message_shape"),
        (template("media", media_type="image", url="https://example.com/a.png"), 0, None),
        (template("request_user_info", title="t" * 100, subtitle="s" * 500), 0, None),
        (template("request_user_info", title="t", subtitle="s" * 501), -210, "too_long"),
        ({"text": "a", "quote_message_id": "z1"}, 0, None),
    ],
)
def test_a_message_over_a_limit_is_refused_and_written_down(
    shared: Stage, message: dict[str, Any], error: int, fault: str | None
) -> None:
    stage = shared.anew()
    stage.do("say", user="U", text="a")
    assert send(stage, message) == error
    assert stage.faults() == ([fault] if fault else [])
    assert len(stage.items()) == (1 if fault else 2)


@pytest.mark.parametrize(("setting", "without", "with_it"), [("absent", 0, -201), ("button", -201, 0), ("any", 0, 0)])
def test_template_type_is_as_configured(setting: TemplateType, without: int, with_it: int) -> None:
    with zalo(ZaloAccess(template_type=setting)) as stage:
        stage.do("say", user="U", text="a")
        assert send(stage, buttons(1)) == without
        assert send(stage, buttons(1, template_type="button")) == with_it
        stage.do("settings", template_type="any")
        assert send(stage, buttons(1, template_type="button")) == 0


def test_success_has_the_shape_of_the_real_one_and_comes_back_as_echo() -> None:
    with zalo() as stage:
        stage.do("say", user="U", text="a")
        answer = call(stage, {"recipient": {"user_id": "U"}, "message": {"text": "b"}})
        assert answer["message"] == "Success" and set(answer["data"]) == {"message_id", "user_id", "quota"}
        echo, received = (json.loads(request.read()) for request in stage.told(3)[1:])
        assert (echo["event_name"], received["event_name"]) == ("oa_send_text", "user_received_message")
        assert echo["message"]["msg_id"] == received["message"]["msg_id"] == answer["data"]["message_id"]
        assert "admin_id" not in echo["sender"] and received["recipient"] == {"id": "U"}


def test_a_pressed_button_arrives_as_text_and_hidden_ones_do_not_show() -> None:
    with zalo() as stage:
        stage.do("say", user="U", text="a")
        send(stage, buttons(1, title="Tra cứu", payload="#c_9f"))
        send(stage, buttons(1, title="Ẩn", payload="#c_h", kind="oa.query.hide"))
        stage.do("press", user="U", label="Tra cứu")
        stage.do("press", user="U", label="Ẩn")
        bodies = [json.loads(request.read()) for request in stage.channel.requests]
        texts = [body["message"]["text"] for body in bodies if body["event_name"] == "user_send_text"]
        assert texts == ["a", "#c_9f", "#c_h"]
        assert [item["text"] for item in stage.items() if item["from"] == "person"] == ["a", "#c_9f"]


def test_free_then_paid_then_shut() -> None:
    with zalo() as stage:
        assert send(stage, {"text": "b"}) == -201
        stage.do("say", user="U", text="a")
        stage.do("advance", seconds=48 * 3600 - 1)
        stage.do("tokens")
        assert send(stage, {"text": "free"}) == 0
        stage.do("advance", seconds=2)
        stage.do("event", user="U", kind="seen")
        stage.do("tokens")
        assert send(stage, {"text": "paid"}) == 0
        stage.do("advance", seconds=5 * 86400)
        stage.do("tokens")
        assert send(stage, {"text": "shut"}) == -230
        assert [item["paid"] for item in stage.items()] == [False, False, True]
        assert stage.faults() == ["unknown_person", "window"]


def test_blocked_and_unfollowed() -> None:
    with zalo() as stage:
        stage.do("event", user="U", kind="follow")
        assert send(stage, {"text": "b"}) == 0
        stage.do("block", user="U")
        assert send(stage, {"text": "b"}) == -217
        stage.do("block", user="U", blocked=False)
        stage.do("event", user="U", kind="unfollow")
        assert send(stage, {"text": "b"}) == -213


def test_tokens_proofs_and_bodies_that_are_none() -> None:
    with zalo() as stage:
        stage.do("say", user="U", text="a")
        body = {"recipient": {"user_id": "U"}, "message": {"text": "b"}}
        token = stage.see("tokens")["access_token"]
        assert call(stage, body, token="wrong")["error"] == -216
        assert stage.http.post(CS, json=body, headers={"Authorization": f"Bearer {token}"}).json()["error"] == -216
        assert call(stage, body, appsecret_proof=appsecret_proof(ZaloAccess().app_secret, token))["error"] == 0
        assert call(stage, body, appsecret_proof="0")["error"] == -242
        assert call(stage, ["no object"])["error"] == -201
        stage.do("advance", seconds=90_000)
        assert call(stage, body)["error"] == -220


def test_the_old_api_is_shut_but_for_reactions() -> None:
    with zalo() as stage:
        stage.do("say", user="U", text="a")
        [item] = stage.items()
        assert call(stage, {"recipient": {"user_id": "U"}, "message": {"text": "b"}}, REACT)["error"] == -240
        body = {"recipient": {"user_id": "U"}, "sender_action": {"react_icon": "/-strong", "react_message_id": item["id"]}}
        assert call(stage, body, REACT)["error"] == 0
        assert stage.items()[0]["reactions"] == ["/-strong"]
        body["sender_action"] = {"react_icon": "/-strong", "react_message_id": "none"}
        assert call(stage, body, REACT)["error"] == -201


@pytest.mark.parametrize(
    ("how", "expected"), [("rate", -32), ("expired", -216), ("blocked", -217), ("window", -230), ("code", -200)]
)
def test_the_next_sends_fail_as_ordered(shared: Stage, how: str, expected: int) -> None:
    stage = shared.anew()
    stage.do("say", user="U", text="a")
    stage.do("fail", how=how, n=2, code=-200)
    assert [send(stage, {"text": "b"}) for _ in range(3)] == [expected, expected, 0]


def test_more_than_4000_calls_a_minute_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    with zalo() as stage:
        monkeypatch.setattr("tests.fakes.zalo_api.PER_MINUTE", 3)
        body = {"recipient": {"user_id": "U"}, "message": {"text": "b"}}
        headers = {"access_token": stage.see("tokens")["access_token"]}
        stage.do("say", user="U", text="a")
        assert [stage.http.post(CS, json=body, headers=headers).json()["error"] for _ in range(4)] == [0, 0, 0, -32]
        stage.do("advance", seconds=60)
        assert stage.http.post(CS, json=body, headers=headers).json()["error"] == 0
        assert stage.faults() == ["rate"]
