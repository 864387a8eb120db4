"""The fake Graph API: what it takes, what it refuses and with which error."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.fakes.fakes_kit import Stage, messenger
from tests.fakes.graph import MessengerAccess
from tests.fakes.signing import appsecret_proof

ACCESS = MessengerAccess()
TOKEN = {"Authorization": f"Bearer {ACCESS.page_token}"}


def send(stage: Stage, message: Any = None, user: str = "U", version: str = "v26.0", **more: Any) -> httpx.Response:
    """Send a message as our channel does; without one, what `more` says."""
    body = {
        "recipient": {"id": user},
        **({"messaging_type": "RESPONSE", "message": message} if message is not None else {}),
        **more,
    }
    return stage.http.post(f"/{version}/me/messages", json=body, headers=TOKEN)


def code(answer: httpx.Response) -> tuple[int, int]:
    """Return code and subcode of an error, which is HTTP 400."""
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert set(error) >= {"message", "type", "code", "fbtrace_id"}
    return error["code"], error.get("error_subcode", 0)


def replies(number: int, title: str = "t", payload: str = "p") -> dict[str, Any]:
    """Return a text with quick replies."""
    return {"text": "?", "quick_replies": [{"content_type": "text", "title": title, "payload": payload}] * number}


def buttons(number: int, text: str = "?", title: str = "t", payload: str = "p") -> dict[str, Any]:
    """Return a template with buttons."""
    listed = [{"type": "postback", "title": title, "payload": payload}] * number
    return {"attachment": {"type": "template", "payload": {"template_type": "button", "text": text, "buttons": listed}}}


@pytest.fixture(scope="module")
def shared() -> Iterator[Stage]:
    """One provider for all cases of a table."""
    with messenger() as stage:
        yield stage


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        ({"text": "à" * 2000}, None),
        ({"text": "à" * 2001}, "too_long"),
        ({"text": "😀" * 1001}, "too_long"),
        ({"text": "  "}, "empty_text"),
        ({"text": "a", "colour": "red"}, "message_shape"),
        ({"text": "a", **buttons(1)}, "message_shape"),
        ({}, "message_shape"),
        (replies(13), None),
        (replies(14), "too_many"),
        (replies(1, payload="p" * 1000), None),
        (replies(1, payload="p" * 1001), "too_long"),
        (buttons(3, text="t" * 640, title="t" * 20), None),
        (buttons(4), "too_many"),
        (buttons(0), "message_shape"),
        (buttons(1, text="t" * 641), "too_long"),
        (buttons(1, title="t" * 21), "too_long"),
        (buttons(1, payload="p" * 1001), "too_long"),
        ({"attachment": {"type": "template", "payload": {"template_type": "list"}}}, "message_shape"),
        ({"attachment": {"type": "image", "payload": {"url": "https://example.com/a.png"}}}, None),
    ],
)
def test_a_message_over_a_limit_is_refused_and_written_down(shared: Stage, message: dict[str, Any], fault: str | None) -> None:
    stage = shared.anew()
    stage.do("say", user="U", text="a")
    answer = send(stage, message)
    if fault is None:
        assert answer.json()["recipient_id"] == "U" and answer.json()["message_id"] == stage.items()[1]["id"]
    else:
        assert code(answer)[0] == 100
    assert stage.faults() == ([fault] if fault else [])


def test_a_long_title_of_a_quick_reply_is_cut_and_written_down() -> None:
    with messenger() as stage:
        stage.do("say", user="U", text="a")
        assert send(stage, replies(1, title="Tra cứu mã số bảo hiểm")).is_success
        assert stage.items()[1]["choices"][0]["label"] == "Tra cứu mã số bảo hi"
        assert stage.faults() == ["title_truncated"]


def test_quick_replies_vanish_and_buttons_stay() -> None:
    with messenger() as stage:
        stage.do("say", user="U", text="a")
        send(stage, buttons(1, title="Nút", payload="c:1"))
        send(stage, replies(1, title="Có", payload="c:2"))
        stage.do("press", user="U", label="Có")
        assert stage.http.post("/fake/press", json={"user": "U", "label": "Có"}).status_code == 409
        stage.do("press", user="U", payload="c:1")
        bodies = [json.loads(request.read()) for request in stage.channel.requests]
        events = [event for body in bodies for entry in body["entry"] for event in entry["messaging"]]
        pressed = [event["message"] for event in events if "quick_reply" in event.get("message", {})]
        assert [(one["text"], one["quick_reply"]) for one in pressed] == [("Có", {"payload": "c:2"})]
        assert [event["postback"]["payload"] for event in events if "postback" in event] == ["c:1"]


def test_what_the_bot_sent_comes_back_as_echo_and_delivery_unless_switched_off() -> None:
    with messenger() as stage:
        stage.do("say", user="U", text="a")
        mid = send(stage, {"text": "b"}).json()["message_id"]
        [entry, *more] = json.loads(stage.told(2)[1].read())["entry"]
        echo, delivery = [event for one in (entry, *more) for event in one["messaging"]]
        assert echo["message"] == {"mid": mid, "is_echo": True, "app_id": ACCESS.app_id, "text": "b"}
        assert echo["recipient"] == {"id": "U"} and delivery["delivery"]["mids"] == [mid]
        stage.do("settings", receipts=False)
        send(stage, {"text": "c"})
        stage.do("say", user="U", text="d")
        assert len(stage.channel.requests) == 3


@pytest.mark.parametrize(
    ("version", "days", "lives"), [("v20.0", 2, True), ("v20.0", 4, False), ("v2.12", 0, False), ("v99.0", 0, False)]
)
def test_versions_die(version: str, days: int, lives: bool) -> None:
    with messenger() as stage:
        stage.do("advance", seconds=days * 86400)
        stage.do("say", user="U", text="a")
        answer = send(stage, {"text": "b"}, version=version)
        assert answer.is_success == lives
        assert lives or (code(answer)[0] == 2500 and stage.faults() == ["dead_version"])


def test_token_and_proof() -> None:
    with messenger() as stage:
        stage.do("say", user="U", text="a")
        body = {"recipient": {"id": "U"}, "messaging_type": "RESPONSE", "message": {"text": "b"}}
        path = "/v26.0/me/messages"
        assert code(stage.http.post(path, json=body))[0] == 190
        assert code(stage.http.post(path, json=body, headers={"Authorization": "Bearer wrong"}))[0] == 190
        assert stage.http.post(path, json=body, params={"access_token": ACCESS.page_token}).is_success
        assert stage.http.post(path, json={**body, "access_token": ACCESS.page_token}).is_success
        proof = appsecret_proof(ACCESS.app_secret, ACCESS.page_token)
        assert stage.http.post(path, json=body, headers=TOKEN, params={"appsecret_proof": proof}).is_success
        assert code(stage.http.post(path, json=body, headers=TOKEN, params={"appsecret_proof": "0" * 64}))[0] == 100
        stage.do("settings", require_proof=True)
        assert code(stage.http.post(path, json=body, headers=TOKEN))[0] == 100
        assert ACCESS.page_token not in stage.http.get("/fake/calls").text


def test_the_window_closes_after_24_hours_and_opens_with_a_message() -> None:
    with messenger() as stage:
        assert code(send(stage, {"text": "b"})) == (100, 2018001)
        stage.do("say", user="U", text="a")
        stage.do("advance", seconds=86_399)
        assert send(stage, {"text": "b"}).is_success
        stage.do("event", user="U", kind="read")
        stage.do("advance", seconds=2)
        assert code(send(stage, {"text": "b"})) == (10, 2018278)
        assert send(stage, {"text": "b"}, messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT").is_success
        assert stage.faults() == ["unknown_person", "window", "human_agent_tag"]
        stage.do("event", user="U", kind="get_started")
        assert send(stage, {"text": "b"}).is_success


def test_who_blocked_us_is_not_there() -> None:
    with messenger() as stage:
        stage.do("say", user="U", text="a")
        stage.do("block", user="U")
        assert code(send(stage, {"text": "b"}))[0] == 551
        stage.do("block", user="U", blocked=False)
        assert send(stage, {"text": "b"}).is_success


@pytest.mark.parametrize(("how", "expected"), [("rate", 613), ("expired", 190), ("blocked", 551), ("window", 10), ("code", 4)])
def test_the_next_sends_fail_as_ordered(shared: Stage, how: str, expected: int) -> None:
    stage = shared.anew()
    stage.do("say", user="U", text="a")
    stage.do("say", user="V", text="a")
    stage.do("fail", how=how, n=2, user="U", code=4)
    assert send(stage, {"text": "b"}, user="V").is_success
    assert [code(send(stage, {"text": "b"}))[0] for _ in range(2)] == [expected] * 2
    assert send(stage, {"text": "b"}).is_success
    assert [item["text"] for item in stage.items()] == ["a", "b"]


def test_a_lost_answer_was_taken_and_a_hanging_one_was_not() -> None:
    with messenger() as stage:
        stage.do("say", user="U", text="a")
        for how, seen in (("hang", []), ("lost", ["lost"])):
            stage.do("fail", how=how)
            with pytest.raises(httpx.ReadTimeout):
                stage.http.post(
                    "/v26.0/me/messages",
                    json={"recipient": {"id": "U"}, "messaging_type": "RESPONSE", "message": {"text": how}},
                    headers=TOKEN,
                    timeout=0.2,
                )
            assert [item["text"] for item in stage.items()[1:]] == seen
        assert send(stage, {"text": "lost"}).is_success
        assert [item["times"] for item in stage.items()] == [1, 2, 2]


def test_broken_answers() -> None:
    with messenger() as stage:
        stage.do("say", user="U", text="a")
        stage.do("fail", how="http500")
        assert send(stage, {"text": "b"}).status_code == 500
        stage.do("fail", how="garbage")
        with pytest.raises(ValueError):
            send(stage, {"text": "b"}).json()


def test_typing_ends_by_itself_and_with_a_message() -> None:
    with messenger() as stage:
        stage.do("say", user="U", text="a")
        assert send(stage, sender_action="typing_on").json() == {"recipient_id": "U"}
        assert stage.see("conversation", user="U")["typing"]
        stage.do("advance", seconds=20)
        assert not stage.see("conversation", user="U")["typing"]
        send(stage, sender_action="mark_seen")
        send(stage, sender_action="typing_on")
        send(stage, {"text": "b"})
        chat = stage.see("conversation", user="U")
        assert not chat["typing"] and chat["seen_ms"]
        assert code(send(stage, sender_action="dance"))[0] == 100
        stage.do("fail", how="rate", part="action")
        assert send(stage, {"text": "b"}).is_success
        assert code(send(stage, sender_action="mark_seen"))[0] == 613


def test_the_profile_is_remembered_and_can_be_pressed() -> None:
    menu = [{"locale": "default", "call_to_actions": [{"type": "postback", "title": "Quên mật khẩu", "payload": "c:9"}]}]
    with messenger() as stage:
        profile = {"get_started": {"payload": "c:0"}, "persistent_menu": menu}
        answer = stage.http.post("/v26.0/me/messenger_profile", json=profile, headers=TOKEN)
        assert answer.json() == {"result": "success"}
        assert stage.see("conversation", user="U")["menu"] == ["Quên mật khẩu", "Bắt đầu"]
        stage.do("press", user="U", label="Bắt đầu")
        stage.do("press", user="U", label="Quên mật khẩu")
        assert [json.loads(one.read())["entry"][0]["messaging"][0]["postback"]["payload"] for one in stage.told(2)] == [
            "c:0",
            "c:9",
        ]
        assert stage.see("conversation", user="U")["menu"] == ["Quên mật khẩu"]
        assert code(stage.http.post("/v26.0/me/messenger_profile", json={"nonsense": 1}, headers=TOKEN))[0] == 100


def test_calls_are_written_down() -> None:
    with messenger() as stage:
        stage.do("say", user="U", text="a")
        send(stage, {"text": "b"}, messaging_type="PROMO")
        send(stage, {"text": "b"})
        assert [(one["status"], one["error"]) for one in stage.see("calls")] == [(400, 100), (200, 0)]
        assert stage.do("reset") == {} and stage.see("calls") == [] and stage.see("people") == []
