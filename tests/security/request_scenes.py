"""Requests that nobody of ours would send, to every program: values in paths, queries, headers, cookies and bodies."""

import json
import socket
import time
from collections.abc import Iterator
from urllib.parse import quote

import httpx

from assistant.channels.voucher import vouch
from tests.security.canaries import ACCOUNT, OTP_TYPED
from tests.security.channel_drivers import WebDriver
from tests.security.stage import Stage
from tests.security.talk_scenes import everything_at_once

ODD_METHOD = ACCOUNT["bhxh_code"]
COMMON_PATHS = ("/", "/health", "/metrics", "/stats", "/status", "/version", "/debug", "/openapi.json", "/docs", "/conversations")
PATHS = {
    "rasa": ("/chat/", "/chat/api/session", "/chat/api/messages", "/chat/api/events", "/webhooks/rest/webhook", "/model/parse"),
    "actions": ("/webhook", "/actions"),
    "backend": (
        "/account/login",
        "/account/password",
        "/account/device",
        "/account/",
        "/demo/accounts",
        "/demo/clock",
        "/demo/fail",
    ),
}
"""Beside these the backend's are read from its own description."""
SOCKET_WITHIN_S = 5


def odd_requests(stage: Stage) -> None:
    """Send every program every odd request and keep the answers."""
    for name, (host, port) in stage.addresses().items():
        paths = [*COMMON_PATHS, *PATHS[name]]
        if name == "backend":
            paths += httpx.get(f"http://{host}:{port}/openapi.json", trust_env=False).json()["paths"]
        with httpx.Client(base_url=f"http://{host}:{port}", trust_env=False, timeout=30) as http:
            http.event_hooks["response"].append(stage.answers.of)
            for request in _requests(paths, stage.programs.environment):
                http.send(http.build_request(**request))
        for line in _broken_lines():
            stage.answers.note(f"{name} to a broken request", _raw(host, port, line))
    with stage.person("assistant.channels.web.WebChannel") as person:
        assert isinstance(person, WebDriver)
        person.say("tôi quên mật khẩu")
        person.think(everything_at_once())
        for value in (ACCOUNT["bhxh_code"], ACCOUNT["full_name"], ACCOUNT["email"]):
            person.misuse(value)


def wrong_logins(stage: Stage) -> None:
    """Fail to log in at the account page, with values in each field and without the form's token."""
    with httpx.Client(base_url=stage.programs.backend_url, trust_env=False, timeout=30) as http:
        http.event_hooks["response"].append(stage.answers.of)
        token = http.get("/account/login").text.partition('name="csrf" value="')[2].partition('"')[0]
        assert token, "the login form has no token any more"
        for csrf in (token, "", ACCOUNT["phone"]):
            for code, password in (
                (ACCOUNT["bhxh_code"], "Tweety#5582sing"),
                ("Tweety#5582sing", OTP_TYPED),
                (everything_at_once(), "a"),
            ):
                http.post("/account/login", data={"code": code, "password": password, "csrf": csrf})
        http.post("/account/password", data={"current": "Tweety#5582sing", "new": "Tweety#5582sing", "csrf": token})


def _requests(paths: list[str], environment: dict[str, str]) -> Iterator[dict[str, object]]:
    said = everything_at_once()
    names = {"X-Sender": ACCOUNT["bhxh_code"], "Authorization": f"Bearer {ACCOUNT['phone']}", "User-Agent": ACCOUNT["email"]}
    headers = {**names, "Referer": f"http://a/{quote(said)}", "Cookie": f"cb={ACCOUNT['bhxh_code']}; device={ACCOUNT['phone']}"}
    voucher = vouch(environment["CHANNEL_CREDENTIAL"], "web", "s", "web:s", "vi", time.time())
    known = {
        "Authorization": f"Bearer {environment['SERVICE_CREDENTIAL']}",
        "X-Sender": voucher,
        "Idempotency-Key": said[:9],
    }
    call = {"next_action": said, "sender_id": said, "version": said, "domain": {}, "tracker": {"latest_message": {"text": said}}}
    bodies: list[dict[str, object]] = [
        {"json": {said: said, "value": {said: [said]}, "code": 8143650927, "advance_s": said, "part": said, "phone": said}},
        {"json": call},
        {"json": said},
        {"content": f'{{"value": "{said}'.encode(), "headers": {"Content-Type": "application/json"}},
        {"content": said.encode("utf-16"), "headers": {"Content-Type": said.encode()}},
        {"data": {"code": said, said: said}},
        {"files": {ACCOUNT["bhxh_code"]: (ACCOUNT["full_name"], said.encode())}},
    ]
    for path in paths:
        path = path.replace("{task}", "forgot_password").replace("{field}", quote(ACCOUNT["full_name"]))
        yield {"method": "GET", "url": f"{path}?q={quote(said)}", "headers": headers}
        yield {"method": "GET", "url": f"{path.rstrip('/')}/{quote(ACCOUNT['email'])}/{ACCOUNT['bhxh_code']}"}
        yield {"method": "DELETE", "url": path, "headers": known}
        yield {"method": ODD_METHOD, "url": path}
        for number, body in enumerate(bodies):
            own = body.get("headers", {})
            assert isinstance(own, dict)
            yield {"method": ("POST", "PUT")[number % 2], "url": path, **body}
            yield {"method": ("PUT", "POST")[number % 2], "url": path, **body, "headers": {**known, **own}}


def _broken_lines() -> Iterator[bytes]:
    said = json.dumps(everything_at_once()).encode()
    yield b"GET /" + said + b" HTTP/1.1\r\n\r\n"
    yield b"GET / HTTP/" + said + b"\r\n\r\n"
    yield b"GET / HTTP/1.1\r\n" + said + b"\r\n\r\n"
    yield b"GET / HTTP/1.1\r\nHost: " + said + b"\r\nX: " + b"8143650927" * 2_000 + b"\r\n\r\n"
    yield b"POST /webhook HTTP/1.1\r\nContent-Length: 8143650927\r\n\r\n" + said
    yield b"POST /chat/api/messages HTTP/1.1\r\nContent-Length: " + said + b"\r\n\r\n"
    yield b"POST /v1/drafts/a/submit HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + said + b"\r\n"
    yield said * 100
    yield "mã 8143650927".encode("utf-16") + b"\r\n\r\n"


def _raw(host: str, port: int, data: bytes) -> bytes:
    answer = b""
    with socket.create_connection((host, port), SOCKET_WITHIN_S) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65_536):
                answer += part
        except OSError:
            return answer
    return answer
