"""How the action server reads the backend's answers, against a real HTTP server that misbehaves."""

import asyncio
import json
import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from actions.backend import Backend, BackendUnavailable, NoDraft, Rejected
from actions.drafts import Draft, Otp
from tests.actions.fake_backend import DRAFT, FakeBackend, Reply


def ask(url: str, call: Callable[[Backend], Any], timeout: float = 2.0) -> Any:
    """Make one call as a turn would."""

    async def run() -> Any:
        async with httpx.AsyncClient(base_url=url, timeout=timeout, trust_env=False) as client:
            return await call(Backend(client, "voucher", "message-1:action_x"))

    return asyncio.run(run())


def test_a_draft_is_read_into_its_type(backend: FakeBackend) -> None:
    backend.reply = (200, json.dumps(DRAFT).encode())
    assert ask(backend.url, lambda calls: calls.draft("t")) == Draft(
        "open", True, {"code": "••••0001"}, ("email",), Otp("sent", "forgot_password", 3), {}
    )


def test_every_write_carries_the_voucher_and_a_key_of_its_own(backend: FakeBackend) -> None:
    backend.reply = (200, json.dumps(DRAFT).encode())
    for _ in range(2):
        ask(backend.url, lambda calls: calls.put("t", "code", "7900000001"))
        ask(backend.url, lambda calls: calls.put("t", "email", "a@x.vn"))
    keys = [headers["Idempotency-Key"] for _, _, headers in backend.requests]
    assert keys[0] == keys[2] and keys[1] == keys[3] and keys[0] != keys[1]
    assert {headers["X-Sender"] for _, _, headers in backend.requests} == {"voucher"}
    assert "7900000001" not in keys[0]


@pytest.mark.parametrize(
    "reply",
    [
        (500, b'{"code":"internal"}'),
        (503, b'{"code":"busy"}'),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b"{}"),
        (200, b'{"state":"open"}'),
        (401, b'{"code":"unauthorized"}'),
        (409, b"{}"),
        (502, b""),
    ],
)
def test_whatever_cannot_be_read_is_unavailable(backend: FakeBackend, reply: Reply) -> None:
    backend.reply = reply
    with pytest.raises(BackendUnavailable):
        ask(backend.url, lambda calls: calls.draft("t"))


def test_a_no_is_told_with_its_reason_and_time(backend: FakeBackend) -> None:
    backend.reply = (429, b'{"code":"too_soon","retry_after_s":42}')
    with pytest.raises(Rejected) as refused:
        ask(backend.url, lambda calls: calls.send_otp("t"))
    assert (refused.value.code, refused.value.retry_after_s) == ("too_soon", 42)


def test_no_draft_is_no_error_when_cancelling(backend: FakeBackend) -> None:
    backend.reply = (404, b'{"code":"no_draft"}')
    ask(backend.url, lambda calls: calls.cancel("t"))
    with pytest.raises(NoDraft):
        ask(backend.url, lambda calls: calls.draft("t"))


def test_a_dead_and_a_silent_backend_are_unavailable_in_time() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(BackendUnavailable):
            ask(url, lambda calls: calls.draft("t"), timeout=0.2)
    with pytest.raises(BackendUnavailable):
        ask(url, lambda calls: calls.draft("t"), timeout=0.2)


def test_the_calls_of_a_turn_share_their_time(backend: FakeBackend) -> None:
    """Two calls of which each alone would be in time."""
    backend.replies = {"GET /v1/drafts/t": [None, None]}
    backend.hang_s = 30.0

    async def run() -> tuple[bool, int]:
        async with httpx.AsyncClient(base_url=backend.url, timeout=60, trust_env=False) as client:
            calls = Backend(client, "voucher", "message-1:action_x", each_s=2, within_s=1)
            for _ in range(2):
                with pytest.raises(BackendUnavailable):
                    await calls.draft("t")
            return True, len(backend.requests)

    assert asyncio.run(run()) == (True, 1)
