"""The HTTP contract of the chat page (cookie, headers, events), as others rely on it."""

import json
import sqlite3
import threading
import uuid
from collections.abc import Callable
from contextlib import closing
from typing import Any

import httpx
import pytest

from tests.programs import Chat, Programs


def read_events(
    chat: Chat, until: Callable[[list[tuple[str, Any]]], bool], last_event_id: str | None = None
) -> list[tuple[str, Any]]:
    """Read server-sent events as (name, data) until enough came."""
    events: list[tuple[str, Any]] = []
    name = ""
    headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
    with chat.http.stream("GET", "/chat/api/events", headers=headers, timeout=20) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        for line in stream.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            if line.startswith("data: "):
                events.append((name, json.loads(line.removeprefix("data: "))))
                if until(events):
                    break
    return events


def rows(programs: Programs) -> dict[str, int]:
    """Return how many rows the assistant's stores hold."""
    counts = {}
    for name, tables in (("tracker.db", ("events",)), ("chat.db", ("chat_messages", "chat_choices", "chat_sessions"))):
        with closing(sqlite3.connect(programs.var / name)) as database:
            counts.update({table: database.execute(f"select count(*) from {table}").fetchone()[0] for table in tables})
    return counts


def test_the_session_cookie_is_out_of_reach_of_scripts(programs: Programs) -> None:
    """HttpOnly, SameSite, and no conversation id anywhere in the answer."""
    answer = httpx.post(
        f"{programs.base_url}/chat/api/session", json={}, headers={"X-CB": "1", "Origin": programs.base_url}, trust_env=False
    )
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("cb=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "web:" not in answer.text
    assert answer.json()["lang"] == "vi" and [one["from"] for one in answer.json()["messages"]] == ["bot"]


def test_a_message_has_the_shape_of_the_contract(chat: Chat) -> None:
    """Every field, in every message."""
    chat.say("tôi quên mật khẩu")
    screen = chat.http.get("/chat/api/messages").json()
    assert set(screen) == {"messages", "typing"} and screen["typing"] is False
    for number, message in enumerate(screen["messages"], start=1):
        assert set(message) == {"seq", "from", "text", "choices", "links", "input", "at"}
        assert message["seq"] == number
        assert all(set(choice) == {"token", "label"} for choice in message["choices"])
        assert all(set(link) == {"label", "url"} for link in message["links"])
    assert screen["messages"][-1]["input"] == "code"


def test_typing_lasts_from_acceptance_to_the_last_bubble(chat: Chat) -> None:
    """A page that polls never sees a gap."""
    chat.post(text="tôi quên mật khẩu")
    assert chat.http.get("/chat/api/messages").json()["typing"] is True
    chat.wait()
    assert chat.http.get("/chat/api/messages").json()["typing"] is False


def test_a_known_browser_gets_its_history_and_no_second_greeting(chat: Chat) -> None:
    """Opening the page again goes on where it was."""
    chat.say("xin chào")
    again = chat.http.post("/chat/api/session", json={}).json()["messages"]
    assert [one["from"] for one in again] == ["bot", "user", "bot"]


def test_choosing_a_language_on_the_page_changes_what_the_bot_speaks(chat: Chat) -> None:
    """Also in the middle of a conversation."""
    chat.say("7900000001")
    assert chat.http.post("/chat/api/session", json={"lang": "en"}).json()["lang"] == "en"
    assert chat.say("7900000001")[0]["text"].startswith("What is this for?")


def test_events_bring_messages_and_typing(chat: Chat) -> None:
    """The history first, then what happens."""
    writer = threading.Timer(0.5, chat.post, kwargs={"text": "xin chào"})
    writer.start()
    events = read_events(
        chat, lambda seen: [name for name, _ in seen].count("message") == 3 and seen[-1] == ("typing", {"typing": False})
    )
    writer.join()
    assert [data["from"] for name, data in events if name == "message"] == ["bot", "user", "bot"]
    assert ("typing", {"typing": True}) in events


def test_events_resume_after_the_last_one_seen(chat: Chat) -> None:
    """`Last-Event-ID` is the seq."""
    chat.say("xin chào")
    events = read_events(chat, lambda seen: bool(seen) and seen[-1][0] == "message", last_event_id="2")
    assert [data["seq"] for name, data in events if name == "message"] == [3]


@pytest.mark.parametrize("path", ["/chat/", "/chat/api/messages", "/chat/api/nothing"])
def test_every_answer_is_hardened(programs: Programs, path: str) -> None:
    """Pages, data and errors alike."""
    headers = httpx.get(programs.base_url + path, trust_env=False).headers
    policy = headers["Content-Security-Policy"]
    for directive in (
        "default-src 'none'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'none'",
    ):
        assert directive in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in headers


def test_nothing_of_rasas_own_http_is_open(programs: Programs) -> None:
    """Neither its API nor the channels in which a client names the conversation."""
    for path in (
        "/webhooks/rest/webhook",
        "/webhooks/facebook/webhook",
        "/conversations/x/tracker",
        "/model/parse",
        "/socket.io/",
    ):
        assert httpx.post(programs.base_url + path, json={"sender": "x", "message": "a"}, trust_env=False).status_code in (
            404,
            405,
        )
    assert "3.6" not in httpx.get(programs.base_url + "/", trust_env=False).text


def test_ending_forgets_the_conversation(chat: Chat, programs: Programs) -> None:
    """On a shared phone nothing is left to read: not on the screen, not in the stores, not in the draft."""
    account = programs.new_account()
    chat.say(f"quên mật khẩu {account['bhxh_code']} {account['email']}")
    before = rows(programs)
    ended = chat.http.post("/chat/api/end", json={})
    assert ended.status_code == 204 and "Max-Age=0" in ended.headers["Set-Cookie"]
    assert chat.http.get("/chat/api/messages").status_code == 401
    after = rows(programs)
    assert all(after[table] < before[table] for table in ("events", "chat_messages", "chat_choices", "chat_sessions"))
    assert [draft["state"] for draft in programs.account(account["bhxh_code"])["drafts"]] == ["cancelled"]


def test_ending_in_the_middle_of_a_turn_leaves_no_bubble_behind(programs: Programs, open_chat: Callable[..., Chat]) -> None:
    """The turn stops with the conversation."""
    before = rows(programs)
    for _ in range(5):
        leaving = open_chat()
        leaving.post(text="tôi quên mật khẩu")
        assert leaving.http.post("/chat/api/end", json={}).status_code == 204
    assert rows(programs) == before


@pytest.mark.parametrize("after", ["x", "-1", "²", "99999999999999999999", "1.5"])
def test_a_place_in_the_history_is_a_number(chat: Chat, after: str) -> None:
    """Anything else is a clear error."""
    assert chat.http.get("/chat/api/messages", params={"after": after}).status_code == 400


def test_events_may_be_read_by_a_client_that_names_no_origin(programs: Programs, chat: Chat) -> None:
    """But not from another site's page."""
    cookie = {"Cookie": f"cb={chat.http.cookies['cb']}"}
    url = f"{programs.base_url}/chat/api/events"
    with httpx.stream("GET", url, headers=cookie, trust_env=False) as stream:
        assert stream.status_code == 200
    for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert httpx.get(url, headers={**cookie, **foreign}, trust_env=False).status_code == 403


def test_a_session_ends_after_half_an_hour_without_use(chat: Chat, programs: Programs) -> None:
    """By the backend's clock."""
    programs.advance(1_799)
    assert chat.http.get("/chat/api/messages").status_code == 200
    programs.advance(1_801)
    assert chat.http.get("/chat/api/messages").status_code == 401


def test_a_turn_of_the_same_message_id_has_its_effect_once(programs: Programs, chat: Chat) -> None:
    """A page that lost the answer sends the one-time code's message again: one reset."""
    account = programs.new_account()
    chat.say(f"quên mật khẩu {account['bhxh_code']} {account['email']}")
    message = {"client_id": str(uuid.uuid4()), "text": programs.otp(account["email"])}
    for _ in range(3):
        assert chat.http.post("/chat/api/messages", json=message).status_code == 202
    chat.wait()
    assert sum(one["event"] == "password_reset" for one in programs.account(account["bhxh_code"])["audit"]) == 1


def test_feedback_is_taken_for_what_the_bot_said(chat: Chat) -> None:
    """Once more replaces it; anything else is refused."""
    for body in ({"seq": 1, "up": True}, {"seq": 1, "up": False, "reason": "khó hiểu"}):
        assert chat.http.post("/chat/api/feedback", json=body).status_code == 204
    for body in (
        {"seq": 99, "up": True},
        {"seq": "1", "up": True},
        {"seq": 1},
        {"seq": 1, "up": "yes"},
        {"seq": True, "up": True},
    ):
        assert chat.http.post("/chat/api/feedback", json=body).status_code == 400
