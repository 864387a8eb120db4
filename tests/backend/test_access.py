"""Who may call `/v1`, and what a request may bring."""

import json
import re
from typing import Any

import pytest
from backend_kit import LAN, Talk, World, build_world

from backend.assertion import Sender, mint

ROUTES = [
    ("PUT", "", {}),
    ("GET", "", None),
    ("DELETE", "", None),
    ("PUT", "/consent", {}),
    ("PUT", "/fields/code", {"value": "7900000001"}),
    ("POST", "/otp", {}),
    ("POST", "/otp/answers", {"code": "123456"}),
    ("POST", "/submit", {}),
]


def ask(talk: Talk, method: str = "GET", path: str = "", body: Any = None, **otherwise: Any) -> Any:
    return talk.request(method, f"/v1/drafts/forgot_password{path}", body, **otherwise)


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
@pytest.mark.parametrize("missing", ["Authorization", "X-Sender"])
def test_every_route_wants_both_credentials(world: World, method: str, path: str, body: Any, missing: str) -> None:
    refused = ask(world.talk(), method, path, body, drop=missing)
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthorized")


def test_a_member_that_nobody_declared_is_refused_and_not_named(world: World) -> None:
    refused = ask(world.talk().open(), "PUT", "/fields/code", {"value": 7, "lan.nguyen@example.com": "x"})
    assert (refused.status_code, refused.json()["where"]) == (422, ["body.value", "body"])


@pytest.mark.parametrize(("method", "path", "body"), [route for route in ROUTES if route[0] != "GET"])
def test_every_write_wants_an_idempotency_key(world: World, method: str, path: str, body: Any) -> None:
    assert ask(world.talk().open(), method, path, body, key="").status_code == 400


@pytest.mark.parametrize(("age", "status"), [(600, 404), (601, 401), (-60, 404), (-61, 401)])
def test_an_assertion_lives_ten_minutes(world: World, age: int, status: int) -> None:
    talk = world.talk()
    key = world.core.settings.channel_credential
    assert ask(talk, assertion=mint(key, talk.sender, world.clock.now() - age)).status_code == status


@pytest.mark.parametrize("change", ["signature", "head", "key", "empty", "claims"])
def test_a_forged_assertion_is_refused(world: World, change: str) -> None:
    talk = world.talk()
    key = world.core.settings.channel_credential
    head, signature = mint(key, talk.sender, world.clock.now()).split(".")
    forged = {
        "signature": f"{head}.{'A' * len(signature)}",
        "head": mint("another", Sender("web", "x", "web:x", "vi"), world.clock.now()).split(".")[0] + "." + signature,
        "key": mint("x" * 40, talk.sender, world.clock.now()),
        "empty": ".",
        "claims": mint(key, Sender("web", "", "web:x", "vi"), world.clock.now()),
    }[change]
    assert ask(talk, assertion=forged).status_code == 401


def test_two_credentials_are_accepted_while_one_is_replaced(tmp_path: Any) -> None:
    old, new = "o" * 40, "n" * 40
    world = build_world(f"sqlite:///{tmp_path}/b.db", service_credential=f"{old},{new}", channel_credential=f"{old}, {new}")
    talk = Talk(world)
    for credential in (old, new):
        assertion = mint(credential, talk.sender, world.clock.now())
        assert ask(talk, credential=credential, assertion=assertion).status_code == 404
    assert ask(talk, credential=f"{old},{new}").status_code == 401
    world.close()


def test_a_draft_belongs_to_channel_sender_and_conversation(world: World) -> None:
    talk = world.talk().open()
    for changed in (
        Sender("zalo", talk.sender.sender, talk.sender.conversation, "vi"),
        Sender("web", "another", talk.sender.conversation, "vi"),
        Sender("web", talk.sender.sender, "web:another", "vi"),
    ):
        other = world.talk()
        other.sender = changed
        assert other.call("GET").json()["code"] == "no_draft"


def test_a_repeated_write_gives_the_same_answer_and_another_body_is_refused(world: World) -> None:
    talk = world.talk().open()
    first = talk.call("POST", "/otp", {}, key="k")
    world.clock.advance(200)
    assert talk.call("POST", "/otp", {}, key="k").text == first.text
    assert talk.call("POST", "/otp/answers", {"code": "1"}, key="k").json()["code"] == "key_reused"
    assert talk.answer("111111", key="a") == "wrong"
    assert talk.call("POST", "/otp/answers", {"code": "222222"}, key="a").status_code == 422
    assert world.rows("SELECT sends, wrong FROM challenges") == [(1, 1)]


def test_the_same_key_of_another_conversation_is_another_write(world: World) -> None:
    world.talk("one").call("PUT", "", {}, key="k")
    assert world.talk("two").call("PUT", "", {}, key="k").status_code == 200
    assert world.rows("SELECT count(*) FROM drafts") == [(2,)]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/otp/answers", {"code": 123456}),
        ("/otp/answers", {"code": "123456", "verified": True}),
        ("/otp/answers", {}),
        ("/otp", {"to": "me@example.com"}),
        ("/submit", {"password": "mine"}),
        ("/otp/answers", {"code": "1" * 1025}),
    ],
)
def test_undeclared_or_mistyped_members_are_refused(world: World, path: str, body: Any) -> None:
    refused = world.talk().open().call("POST", path, body)
    assert refused.status_code == 422 and refused.json()["code"] == "bad_request"


def test_a_body_over_16_kib_or_with_a_nul_is_refused(world: World) -> None:
    talk = world.talk()
    assert ask(talk, "PUT", "/fields/code", {"value": "1" * 20_000}).status_code == 413
    assert ask(talk, "PUT", "/fields/code", {"value": "1\x00"}).status_code == 400


def test_unknown_tasks_fields_and_routes_are_problems(world: World) -> None:
    talk = world.talk().open()
    for method, path in (("GET", "/v1/drafts/other"), ("GET", "/nowhere"), ("GET", "/docs"), ("GET", "/redoc")):
        answer = talk.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert talk.call("PUT", "/fields/phone", {"value": "1"}).json()["code"] == "not_found"


def test_an_unforeseen_failure_is_a_problem_with_an_id_and_no_cause(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError(LAN[1])

    monkeypatch.setattr("backend.drafts.newest", fail)
    answer = world.talk().call("GET")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert answer.json()["id"] in caplog.text
    assert LAN[1] not in answer.text and LAN[1] not in caplog.text


def test_problems_speak_the_language_of_the_assertion(world: World) -> None:
    assert "begin again" in world.talk(lang="en").call("GET").json()["detail"]
    assert "bắt đầu lại" in world.talk(lang="vi").call("GET").json()["detail"]


def test_the_routes_tested_here_are_all_of_a_draft(world: World) -> None:
    paths = world.client.get("/openapi.json").json()["paths"]
    # Those under register_account are about photos: test_photo_uploads.py.
    ours = [path for path in paths if path.startswith("/v1/drafts") and "/register_account/" not in path]
    found = [(method, path) for path in ours for method in paths[path]]
    assert len(found) == len(ROUTES)


def replayed(world: World, change: dict[str, Any]) -> int:
    """The status of a captured request sent again with something changed."""
    talk = world.talk().open()
    url, body = "/v1/drafts/forgot_password/otp", b"{}"
    headers = talk.headers("POST", url, body) | {"Content-Type": "application/json"}
    sent = {"method": "POST", "url": url, "content": body, "headers": headers}
    changed = sent | change | {"headers": headers | change.get("headers", {})}
    return int(world.client.request(**changed).status_code)


@pytest.mark.parametrize(
    "change",
    [
        {"url": "/v1/drafts/forgot_password/submit"},
        {"url": "/v1/drafts/forgot_password/otp?x=1"},
        {"content": b"{ }"},
        {"method": "PUT", "url": "/v1/drafts/forgot_password/consent"},
        {"headers": {"Idempotency-Key": "another"}},
        {"headers": {"Authorization": "VssID-HMAC-SHA256 t=1, n=" + "A" * 22 + ", s=" + "0" * 64}},
        {"headers": {"Authorization": "Bearer demo-service-credential-0123456789ab"}},
    ],
)
def test_nothing_of_a_signed_request_can_be_changed(world: World, change: dict[str, Any]) -> None:
    assert replayed(world, {}) == 200
    assert replayed(world, change) == 401


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_a_signed_request_is_accepted_once(world: World, method: str, path: str, body: Any) -> None:
    talk = world.talk().open()
    url, content = f"/v1/drafts/forgot_password{path}", b"" if body is None else json.dumps(body).encode()
    headers = talk.headers(method, url, content) | {"Content-Type": "application/json"}
    first, second = (world.client.request(method, url, content=content, headers=headers) for _ in range(2))
    assert first.status_code != 401 and second.status_code == 401


@pytest.mark.parametrize(("off", "status"), [(60, 200), (61, 401), (-60, 200), (-61, 401)])
def test_a_signature_lives_a_minute(world: World, off: int, status: int) -> None:
    talk = world.talk().open()
    headers = talk.headers("GET", "/v1/drafts/forgot_password")
    world.clock.advance(off)
    assert world.client.get("/v1/drafts/forgot_password", headers=headers).status_code == status


def test_the_time_of_a_signature_is_the_machines_and_not_the_demos(world: World) -> None:
    talk = world.talk().open()
    world.client.post("/demo/clock", json={"advance_s": 400})
    assert talk.call("GET").status_code == 200


def every_route(world: World) -> list[tuple[str, str]]:
    """Method and path of all of `/v1`, with names where parameters are."""
    paths = world.client.get("/openapi.json").json()["paths"]
    found = [(method.upper(), path) for path, methods in paths.items() for method in methods if path.startswith("/v1/")]
    assert len(found) > len(ROUTES)
    names = {"{task}": "forgot_password", "{kind}": "face", "{field}": "field"}
    return [(method, re.sub(r"{\w+}", lambda part: names[part[0]], path)) for method, path in found]


@pytest.mark.parametrize("missing", ["Authorization", "X-Sender"])
def test_no_route_of_the_api_answers_without_both_credentials(world: World, missing: str) -> None:
    for method, path in every_route(world):
        refused = world.talk().request(method, path, {}, drop=missing)
        assert (refused.status_code, method, path) == (401, method, path)


def test_no_route_of_the_api_accepts_a_signed_request_twice(world: World) -> None:
    talk = world.talk().open()
    for method, path in every_route(world):
        for credential in (*world.core.settings.service_credentials(), *world.core.settings.channel_credentials()):
            body = b"" if method in ("GET", "DELETE") else SOME_BODY.get(path, b"{}")
            kind = "image/jpeg" if "/photos/" in path else "application/json"
            headers = talk.headers(method, path, body, credential=credential) | {"Content-Type": kind}
            first, again = (world.client.request(method, path, content=body, headers=headers) for _ in range(2))
            if first.status_code == 401:  # the other credential's route
                continue
            assert first.status_code != 422, (path, first.text)
            assert (again.status_code, path) == (401, path)
            break
        else:
            raise AssertionError(f"{method} {path} accepted no credential")


SOME_BODY = {
    "/v1/drafts/forgot_password/fields/field": b'{"value": "x"}',
    "/v1/drafts/forgot_password/otp/answers": b'{"code": "1"}',
    "/v1/official_channels/verdicts": b'{"value": "x"}',
    "/v1/fraud_reports": b'{"value": "x"}',
    "/v1/spoken_passwords": b'{"handle": "x"}',
}
