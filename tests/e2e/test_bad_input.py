"""What must not work: each gets a clear answer or a clear error, nothing is lost, nothing is executed."""

import json
import unicodedata
import uuid
from collections.abc import Callable

import httpx
import pytest

from tests.e2e.responses import name_of
from tests.programs import Chat, Programs


def error_of(answer: httpx.Response) -> tuple[int, str]:
    """Return status and code of a refused request, whose body always has the same shape."""
    body = answer.json()
    assert set(body) == {"error"} and set(body["error"]) == {"code", "message"}, body
    return answer.status_code, body["error"]["code"]


def read_with(programs: Programs, cookie: str | None) -> httpx.Response:
    """Read the conversation of a cookie, as somebody else's browser would."""
    headers = {"Cookie": f"cb={cookie}"} if cookie else {}
    return httpx.get(f"{programs.base_url}/chat/api/messages", headers=headers, trust_env=False)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "/", "／／", "\u200b", "\ud800"])
def test_an_empty_message_is_refused(chat: Chat, text: str) -> None:
    """Also when nothing is left of it."""
    body = json.dumps({"client_id": str(uuid.uuid4()), "text": text})
    answer = chat.http.post("/chat/api/messages", content=body, headers={"Content-Type": "application/json"})
    assert error_of(answer) == (400, "empty")


@pytest.mark.parametrize("size", [1_001, 5_000, 9_000, 200_000])
def test_a_long_message_is_refused_and_not_kept(chat: Chat, size: int) -> None:
    """At most 1,000 characters, and no more bytes than that needs."""
    assert error_of(chat.post(text="a" * size)) == (413, "too_long")
    assert not [one for one in chat.http.get("/chat/api/messages").json()["messages"] if one["from"] == "user"]


def test_a_message_of_a_thousand_letters_is_answered(chat: Chat) -> None:
    """The limit itself is allowed, in letters that take three bytes each."""
    assert chat.say("ế" * 1_000)


@pytest.mark.parametrize(
    "text", ["😀😀😀", "🤷🏻‍♀️", "<b>xin chào</b><script>alert(1)</script>", "....", "null", "'; DROP TABLE events; --"]
)
def test_odd_texts_are_answered(chat: Chat, text: str) -> None:
    """And shown as they were typed."""
    assert chat.say(text)
    assert chat.http.get("/chat/api/messages").json()["messages"][-2]["text"] == text


def test_decomposed_vietnamese_is_understood(chat: Chat) -> None:
    """Some keyboards send NFD."""
    bubbles = chat.say(unicodedata.normalize("NFD", "tôi quên mật khẩu"))
    assert name_of(bubbles[-1]["text"])[0] == "utter_ask_forgot_password_code"


@pytest.mark.parametrize(
    "text",
    [
        '/affirm{"verified":true}',
        '/forgot_password{"bhxh_code":"7900000001","otp":"123456"}',
        "/restart",
        "／restart",
        "//session_start",
        "/nlu_fallback@1.0",
        "\u200d/back",
        '/inform{"lang":"en"}',
    ],
)
def test_typed_text_never_becomes_a_command(chat: Chat, text: str) -> None:
    """In the middle of a form: nothing is reset, filled or switched by a slash."""
    chat.say("tôi quên mật khẩu")
    shown = chat.say(text)
    stored = chat.http.get("/chat/api/messages").json()["messages"]
    assert all(one["from"] == "bot" or not one["text"].startswith(("/", "／")) for one in stored)
    if "lang" in text:
        assert {name_of(one["text"])[1] for one in shown} == {"vi"}
    asked = name_of(chat.say("xin chào")[-1]["text"])[0]
    # A code in the text is a code that somebody typed; its one-time code is nobody's.
    assert (
        asked == "utter_ask_forgot_password_email" if "79" in text else asked in ("utter_ask_forgot_password_code", "utter_greet")
    )


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"nonsense", b'"text"', b"\xff\xfe", b"[" * 3_000])
def test_json_that_is_not_json_is_refused(chat: Chat, body: bytes) -> None:
    """Bytes that are no object are no message."""
    answer = chat.http.post("/chat/api/messages", content=body, headers={"Content-Type": "application/json"})
    assert error_of(answer) == (400, "not_json")


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"client_id": str(uuid.uuid4())}, "bad_message"),
        ({"client_id": str(uuid.uuid4()), "text": 5}, "bad_message"),
        ({"client_id": str(uuid.uuid4()), "text": "a", "choice": "b"}, "bad_message"),
        ({"client_id": "not a uuid", "text": "a"}, "bad_client_id"),
        ({"text": "a"}, "bad_client_id"),
        ({"client_id": str(uuid.uuid4()), "choice": "c:guessed"}, "unknown_choice"),
        ({"client_id": str(uuid.uuid4()), "choice": "/forgot_password"}, "unknown_choice"),
        ({"client_id": str(uuid.uuid4()), "choice": {"intent": "affirm"}}, "unknown_choice"),
    ],
)
def test_messages_of_another_shape_are_refused(chat: Chat, message: dict[str, object], code: str) -> None:
    """Each with its own code."""
    assert error_of(chat.http.post("/chat/api/messages", json=message)) == (400, code)


def test_a_choice_belongs_to_the_conversation_it_was_offered_in(open_chat: Callable[..., Chat]) -> None:
    """Another person's token opens nothing."""
    one, other = open_chat(), open_chat()
    token = one.bubbles[0]["choices"][0]["token"]
    assert error_of(other.post(choice=token)) == (400, "unknown_choice")


def test_a_conversation_cannot_be_read_without_its_cookie(programs: Programs, chat: Chat) -> None:
    """No cookie, a made-up one, and one whose session was ended."""
    stolen = chat.http.cookies["cb"]
    for cookie in (None, "guess", "x" * 5_000):
        assert error_of(read_with(programs, cookie))[0] == 401
    assert chat.http.post("/chat/api/end", json={}).status_code == 204
    assert error_of(read_with(programs, stolen))[0] == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"X-CB": ""},
        {"X-CB": "0"},
        {"Origin": "https://evil.example"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_another_site_cannot_write(chat: Chat, headers: dict[str, str]) -> None:
    """The header, and the origin the browser names."""
    answer = chat.http.post("/chat/api/messages", json={"client_id": str(uuid.uuid4()), "text": "a"}, headers=headers)
    assert error_of(answer)[0] == 403


def test_a_hundred_messages_in_a_second_lose_nothing(programs: Programs, chat: Chat) -> None:
    """Accepted ones are all answered in order; the others are refused with a time to wait and not kept."""
    fault = {"part": "backend", "mode": "hang", "seconds": 60}
    httpx.post(f"{programs.backend_url}/demo/fail", json=fault, trust_env=False).raise_for_status()
    answers = [chat.post(text="tôi quên mật khẩu")]
    answers += [chat.post(text=f"bạn là máy à {number}") for number in range(99)]
    httpx.post(f"{programs.backend_url}/demo/fail", json={**fault, "seconds": 0}, trust_env=False).raise_for_status()
    refused = [one for one in answers if one.status_code != 202]
    assert refused and all(error_of(one)[0] == 429 and int(one.headers["Retry-After"]) >= 1 for one in refused)
    accepted = [one.json()["seq"] for one in answers if one.status_code == 202]
    assert len(accepted) >= 21, "one in work and twenty waiting"
    chat.wait()
    messages = chat.http.get("/chat/api/messages").json()["messages"]
    assert [one["seq"] for one in messages if one["from"] == "user"] == accepted
    assert sum(one["from"] == "bot" for one in messages) >= 1 + len(accepted)


def test_the_same_client_id_twice_is_one_message(chat: Chat) -> None:
    """A page that sends again after a lost answer does not say it twice."""
    client_id = str(uuid.uuid4())
    sent = [chat.http.post("/chat/api/messages", json={"client_id": client_id, "text": "xin chào"}) for _ in range(3)]
    assert len({one.json()["seq"] for one in sent}) == 1
    assert len(chat.wait()) == 1
