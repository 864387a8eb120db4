"""What nobody should send: every piece is refused with a problem and a code, and nothing is half written."""

import gzip
import json
from typing import Any

import pytest
from backend_kit import LAN, Talk, World
from httpx import Response

from backend.schema import metadata

# The right value is left out: 422 with the reason, and the person is asked again.
VALUES: dict[str, list[tuple[str, str]]] = {
    "code": [
        ("", "not_a_code"),
        ("７９００００００１x", "not_a_code"),
        ("79000000001", "length"),
        ("7" * 1_025, "bad_request"),
        ("7900000001\n7900000002", "length"),
        ("7900000001'--", "not_a_code"),
    ],
    "email": [
        ("lan.nguyen@example.com\r\nBcc: thief@example.org", "not_an_email"),
        ("Lan <lan.nguyen@example.com>", "not_an_email"),
        ("l\u0430n.nguyen@example.com", "not_an_email"),  # a Cyrillic letter
        ("lan.nguyen@ex\u0430mple", "not_an_email"),
        ("la\u0301n.nguyen@example.com", "not_an_email"),  # NFD
        ("lán.nguyen@example.com", "not_an_email"),
        ("lan.nguy\u202een@example.com", "not_an_email"),
        ("lan.nguyen@[127.0.0.1]", "not_an_email"),
        ("x" * 65 + "@example.com", "not_an_email"),
        ("a@b,c@d.com", "not_an_email"),
    ],
    "phone": [
        ("+19005551234", "not_a_phone"),
        ("1900 9068", "not_a_phone"),
        ("+84 1900 9068", "not_a_phone"),
        ("0912345678;ext=1", "not_a_phone"),
        ("0241234567", "not_a_phone"),
        ("०९१२३४५६७८०", "not_a_phone"),
    ],
    "dob": [
        ("2999-01-01", "in_the_future"),
        ("31/2/1990", "not_a_date"),
        ("1899", "not_a_date"),
        ("0000-00-00", "not_a_date"),
        ("x" * 200, "too_long"),
    ],
    "full_name": [("<img src=x onerror=alert(1)>", "not_a_name"), ("1", "not_a_name"), ("\u200b", "empty")],
    "id_number": [("0791", "not_an_id"), ("079190000001 OR 1=1", "not_an_id"), ("9" * 65, "too_long")],
    "office": [("\u202e\u200b", "empty"), ("x" * 201, "too_long")],
}
CASES = [(field, typed, reason) for field, pairs in VALUES.items() for typed, reason in pairs]
KNOWN_CODES = {"bad_request", "bad_value", "not_found", "unauthorized", "key_reused", "no_draft", "draft_closed"}


def counts(world: World) -> dict[str, int]:
    """How many rows every table has, but for spent signatures."""
    names = [table.name for table in metadata.sorted_tables if table.name != "nonces"]
    return {name: world.rows(f"SELECT COUNT(*) FROM {name}")[0][0] for name in names}


def state(world: World) -> list[Any]:
    """Everything that a half done write of a draft would change."""
    drafts = world.rows("SELECT id, state, fields_sealed, touched_at, consented_at FROM drafts ORDER BY seq")
    return [counts(world), drafts, world.rows("SELECT id, state, wrong, sends, code_mac FROM challenges ORDER BY id")]


def refused(answer: Response, status: int, code: str = "bad_request") -> dict[str, Any]:
    """A problem document with that code."""
    told: dict[str, Any] = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json" and code in KNOWN_CODES
    assert told["status"] == status and told["detail"] and answer.headers["cache-control"] == "no-store"
    return told


def raw(talk: Talk, method: str, path: str, body: bytes, **headers: str) -> Response:
    """A signed request with any bytes as its body."""
    url = f"/v1/drafts/{talk.task}{path}"
    signed = talk.headers(method, url, body) | {"Content-Type": "application/json"} | headers
    return talk.world.client.request(method, url, content=body, headers=signed)


@pytest.fixture
def talk(world: World) -> Talk:
    """A conversation in the middle of a reset, a code sent."""
    made = world.talk().open()
    assert made.send().status_code == 200
    world.clock.advance(1)
    return made


@pytest.mark.parametrize(("field", "typed", "reason"), CASES)
def test_a_value_that_cannot_be_is_refused_and_nothing_changes(world: World, field: str, typed: str, reason: str) -> None:
    talk = world.talk(task="register_account")
    talk.put(full_name="Trần Hoa")
    before = state(world)
    answer = talk.call("PUT", f"/fields/{field}", {"value": typed})
    told = refused(answer, 422, "bad_value" if reason != "bad_request" else "bad_request")
    assert told.get("reason", "bad_request") == reason
    assert not typed.strip() or typed not in answer.text
    assert state(world) == before


BODIES = {
    "no JSON": b"value=7900000001",
    "nothing": b"",
    "half of it": b'{"value": "79',
    "a list": b'["7900000001"]',
    "a number for a text": b'{"value": 7900000001}',
    "a list for a text": b'{"value": ["7900000001"]}',
    "an object for a text": b'{"value": {"$ne": ""}}',
    "true": b'{"value": true}',
    "null": b'{"value": null}',
    "NaN": b'{"value": NaN}',
    "another member": b'{"value": "7900000001", "verified": true}',
    "a role": b'{"value": "7900000001", "account_id": "1", "role": "officer"}',
    "a lone surrogate": b'{"value": "\\ud800"}',
    "bytes that are no text": b'{"value": "\xff\xfe"}',
    "UTF-16": '{"value": "lan"}'.encode("utf-16"),
    "a NUL": b'{"value": "7900\\u0000000001"}',
    "a raw NUL": b'{"value": "7900\x00000001"}',
    "the same member twice": b'{"value": "7900000001", "value": "7900000002"}',
    "the same member twice, escaped": b'{"value": "7900000001", "v\\u0061lue": "7900000001"}',
    "deep lists": b"[" * 8_000 + b"]" * 8_000,
    "deep objects": b'{"value":' * 1_500 + b"1" + b"}" * 1_500,
    "many members": b"{" + b",".join(b'"%d":1' % number for number in range(1_500)) + b"}",
    "a hundred thousand members": b"{" + b",".join(b'"%d":1' % number for number in range(100_000)) + b"}",
    "a very long text": json.dumps({"value": "7" * 100_000}).encode(),
    "a packed body": gzip.compress(b'{"value": "7900000001"}'),
}
TOO_LONG = {"a hundred thousand members", "a very long text"}
MALFORMED = {
    "a NUL",
    "a raw NUL",
    "UTF-16",
    "deep lists",
    "deep objects",
}


@pytest.mark.parametrize("name", list(BODIES))
def test_a_body_that_cannot_be_is_refused_and_nothing_changes(world: World, talk: Talk, name: str) -> None:
    before = state(world)
    packed = {"Content-Encoding": "gzip"} if name == "a packed body" else {}
    for path in ("/fields/code", "/otp/answers"):
        body = (
            BODIES[name]
            if path == "/fields/code"
            else BODIES[name].replace(b"value", b"code").replace(b"v\\u0061lue", b"c\\u006fde")
        )
        answer = raw(talk, "PUT" if path == "/fields/code" else "POST", path, body, **packed)
        if name in TOO_LONG:
            refused(answer, 413)
        else:
            assert answer.status_code in ({400} if name in MALFORMED else {400, 422}), answer.text
            refused(answer, answer.status_code)
        assert state(world) == before


def test_a_query_is_refused_because_no_route_takes_one(world: World, talk: Talk) -> None:
    before = state(world)
    for query in ("?value=1", "?code=1&code=2", "?task=change_info", "?lang=en"):
        url = f"/v1/drafts/{talk.task}/fields/code{query}"
        told = refused(talk.request("PUT", url, {"value": LAN[0]}), 400)
        assert told["reason"] == "query"
    assert state(world) == before


def test_a_member_that_stands_twice_is_refused_at_any_depth(talk: Talk) -> None:
    for body in (b'{"value": "a", "value": "a"}', b'{"value": "a", "x": [{"b": 1, "b": 2}]}'):
        refused(raw(talk, "PUT", "/fields/code", body), 422)


@pytest.mark.parametrize("path", ["/drafts/nothing", "/drafts/..%2fdrafts%2fforgot_password", "/drafts/%00", "/drafts/a%0d%0ab"])
def test_a_task_that_does_not_exist_is_refused(world: World, path: str) -> None:
    talk, before = world.talk(), state(world)
    answer = talk.request("PUT", f"/v1{path}", {})
    assert answer.status_code in (400, 404)
    refused(answer, answer.status_code, answer.json()["code"])
    assert state(world) == before


@pytest.mark.parametrize("field", ["nothing", "state", "fields_sealed", "__class__", "verified", "email%20", "co\u0064e%2f.."])
def test_a_field_that_does_not_exist_is_refused(world: World, talk: Talk, field: str) -> None:
    before = state(world)
    refused(talk.call("PUT", f"/fields/{field}", {"value": LAN[0]}), 404, "not_found")
    assert state(world) == before


def test_a_key_used_for_something_else_is_refused_and_does_nothing(world: World, talk: Talk) -> None:
    assert talk.call("PUT", "/fields/code", {"value": LAN[0]}, key="k").status_code == 200
    before = state(world)
    refused(talk.call("PUT", "/fields/code", {"value": "7900000002"}, key="k"), 422, "key_reused")
    refused(talk.call("PUT", "/fields/email", {"value": LAN[0]}, key="k"), 422, "key_reused")
    refused(talk.call("DELETE", "", None, key="k"), 422, "key_reused")
    refused(talk.call("POST", "/otp/answers", {"code": world.code()}, key="k"), 422, "key_reused")
    refused(talk.call("PUT", "/fields/code", {"value": LAN[0]}, key="k" * 201), 400)
    refused(talk.call("PUT", "/fields/code", {"value": LAN[0]}, key=""), 400)
    assert state(world) == before


def test_another_conversation_neither_reads_nor_ends_a_draft(world: World, talk: Talk) -> None:
    before = state(world)
    for stranger in (world.talk("two"), world.talk("one", sender="someone-else"), world.talk("one", channel="zalo")):
        refused(stranger.call("GET"), 404, "no_draft")
        refused(stranger.call("DELETE"), 404, "no_draft")
        refused(stranger.call("POST", "/otp/answers", {"code": world.code()}), 404, "no_draft")
        refused(stranger.submit(), 404, "no_draft")
    assert state(world) == before


def test_a_draft_whose_time_is_over_takes_nothing_more(world: World, talk: Talk) -> None:
    code = world.code()
    world.clock.advance(1_800)
    before = state(world)
    for answer in (talk.call("PUT", "/fields/code", {"value": LAN[0]}), talk.call("POST", "/otp/answers", {"code": code})):
        assert refused(answer, 409, "draft_closed")["state"] == "expired"
    refused(talk.submit(), 409, "draft_closed")
    assert state(world) == before
