"""Parts of the web channel that need no running Rasa."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from rasa.shared.core.domain import Domain
from rasa.shared.utils.io import read_config_file
from rasa.utils.endpoints import EndpointConfig

from assistant.channels.action_endpoint import MAX_ANSWER_BYTES, ActionServerUnavailable, BoundedActionEndpoint
from assistant.channels.bubbles import to_bubble
from assistant.channels.rates import Rates
from assistant.channels.startup import UnusableSettings, channel_credential
from assistant.channels.typed_text import as_typed
from assistant.channels.voucher import vouch
from assistant.channels.web import WebChannel
from assistant.logs import BlankingRecords
from assistant.stores.message_log import Choice

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def call(handler: Handler, deadline_s: float = 0.3) -> Any:
    """Run an action against a real action server that behaves as `handler` does; return (answer or error, told)."""

    async def run() -> Any:
        app = web.Application()
        app.router.add_post("/webhook", handler)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        endpoint = BoundedActionEndpoint(EndpointConfig(f"http://127.0.0.1:{port}/webhook"), deadline_s, Domain.empty())
        try:
            answer: Any = await endpoint.request(json={"sender_id": "web:1", "text": "otp 123456"}, method="post")
        except ActionServerUnavailable as error:
            answer = error
        finally:
            await endpoint.close()
            await runner.cleanup()
        return answer, endpoint.take_failure("web:1"), endpoint.take_failure("web:1")

    return asyncio.run(run())


async def _works(request: web.Request) -> web.Response:
    return web.json_response({"events": [], "responses": []})


async def _hangs(request: web.Request) -> web.Response:
    await asyncio.sleep(5)
    return web.json_response({"events": [], "responses": []})


async def _echoes(request: web.Request) -> web.Response:
    return web.json_response({"error": "x", "request_body": await request.json()}, status=500)


async def _babbles(request: web.Request) -> web.Response:
    return web.Response(text="<html>otp 123456</html>")


async def _answers_nonsense(request: web.Request) -> web.Response:
    return web.json_response({"events": "many"})


async def _answers_an_unknown_event(request: web.Request) -> web.Response:
    return web.json_response({"events": [{"event": "no_such_thing"}], "responses": []})


async def _answers_a_word_for_an_event(request: web.Request) -> web.Response:
    return web.json_response({"events": ["slot"], "responses": []})


async def _answers_half_an_event(request: web.Request) -> web.Response:
    return web.json_response({"events": [{"event": "restart"}, {"event": "action"}], "responses": []})


async def _answers_an_empty_response(request: web.Request) -> web.Response:
    return web.json_response({"events": [], "responses": [{}]})


async def _answers_too_much(request: web.Request) -> web.Response:
    return web.json_response({"events": [], "responses": [{"text": "x" * (MAX_ANSWER_BYTES + 1)}]})


async def _redirects(request: web.Request) -> web.Response:
    if "again" in request.query:
        return web.json_response({"events": [], "responses": []})
    raise web.HTTPTemporaryRedirect("/webhook?again")


def test_a_working_action_server_is_passed_through() -> None:
    assert call(_works) == ({"events": [], "responses": []}, False, False)


@pytest.mark.parametrize(
    "handler",
    [
        _hangs,
        _echoes,
        _babbles,
        _answers_nonsense,
        _answers_an_unknown_event,
        _answers_a_word_for_an_event,
        _answers_half_an_event,
        _answers_an_empty_response,
        _answers_too_much,
        _redirects,
    ],
)
def test_a_failing_action_server_is_noted_once_and_its_answer_never_repeated(handler: Handler) -> None:
    error, told, told_again = call(handler)
    assert isinstance(error, ActionServerUnavailable)
    assert "123456" not in str(error) and error.__cause__ is None
    assert (told, told_again) == (True, False)


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("/restart", "restart"),
        ("  ／／ /restart", "restart"),
        ('/affirm{"verified":true}', 'affirm{"verified":true}'),
        ("\u200d/back", "back"),
        ("\u200b/back", "back"),
        ("đổi mật khẩu", "đổi mật khẩu"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("dòng một\ndòng hai", "dòng một\ndòng hai"),
        ("1/2", "1/2"),
    ],
)
def test_typed_text_reaches_rasa_composed_and_never_as_a_command(typed: str, seen: str) -> None:
    assert as_typed(typed) == seen


def test_a_voucher_is_the_signed_word_of_the_channel() -> None:
    payload, signature = vouch("key", "web", "s", "web:c", "vi", 1_790_000_000.7).split(".")
    expected = hmac.new(b"key", payload.encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(signature + "=") == expected
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims == {"channel": "web", "sender": "s", "conversation": "web:c", "lang": "vi", "iat": 1_790_000_000}


def test_rates_refuse_the_next_request_and_forget_with_time() -> None:
    now: list[float] = [0.0]
    rates = Rates({"minute": (2, 60)}, lambda: now[0])
    assert [rates.wait_s("minute", "a") for _ in range(3)] == [None, None, 30]
    assert rates.wait_s("minute", "b") is None
    now[0] = 31.0
    assert [rates.wait_s("minute", "a") for _ in range(2)] == [None, 29]
    now[0] = 151.0
    assert [rates.wait_s("minute", "a") for _ in range(3)] == [None, None, 30]


def test_rates_remember_nobody_longer_than_they_must() -> None:
    now: list[float] = [0.0]
    rates = Rates({"minute": (2, 60)}, lambda: now[0])
    for number in range(5000):
        now[0] += 1
        assert rates.wait_s("minute", str(number)) is None
    assert len(rates._used_up_until) <= 1100


def test_a_response_becomes_one_bubble() -> None:
    bubble = to_bubble(
        {
            "text": " Chào \n",
            "buttons": [{"title": "Có", "payload": "/affirm"}],
            "custom": {"input": "otp", "links": [{"label": "Gọi", "url": "tel:1"}]},
        }
    )
    assert (bubble.text, bubble.choices, bubble.input) == ("Chào", [Choice("Có", "affirm")], "otp")
    assert bubble.links == [{"label": "Gọi", "url": "tel:1"}]


@pytest.mark.parametrize(
    ("environment", "why"),
    [({}, "missing"), ({"DEMO": "1"}, "missing"), ({"CHANNEL_CREDENTIAL": "demo-channel"}, "demo secret")],
)
def test_rasa_does_not_start_without_a_real_channel_credential(environment: dict[str, str], why: str) -> None:
    with pytest.raises(UnusableSettings, match=f"CHANNEL_CREDENTIAL.*{why}"):
        channel_credential(environment)


def test_the_newer_of_two_channel_credentials_vouches() -> None:
    assert channel_credential({"CHANNEL_CREDENTIAL": "newer,older"}) == "newer"


def test_the_channel_puts_the_blanking_of_logs_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = logging.getLogRecordFactory()
    settings = {
        "VAR": str(tmp_path),
        "DEMO": "0",
        "CHANNEL_CREDENTIAL": "a-real-one",
        "ACTION_DEADLINE_S": "5",
        "BACKEND_URL": "http://127.0.0.1:9",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    credentials = read_config_file("credentials.yml")
    try:
        WebChannel.from_credentials(credentials["assistant.channels.web.WebChannel"])
        assert isinstance(logging.getLogRecordFactory(), BlankingRecords)
    finally:
        logging.setLogRecordFactory(before)
