"""A mail server that refuses, hangs or is slow while a code or a password is on its way: late, never lost, never twice."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.failures.go_between import PATIENCE_S
from tests.failures.outages import ends_well_whatever_is_heard, slow_but
from tests.failures.person import EMAIL, ONCE, OTP, TOLD_WITHIN_S, Person
from tests.programs import Programs

Somebody = Callable[..., Person]
MODES = slow_but(["down", "hang"], "down")


@contextmanager
def failing(programs: Programs, mode: str) -> Iterator[None]:
    """Let the demo's way out fail; a real SMTP server that refuses is in the backend's tests."""

    def switch(seconds: int) -> None:
        fault = {"part": "smtp", "mode": mode, "seconds": seconds}
        httpx.post(f"{programs.backend_url}/demo/fail", json=fault, trust_env=False).raise_for_status()

    switch(600)
    try:
        yield
    finally:
        switch(0)


def wait_for_mails(programs: Programs, person: Person, kind: str) -> None:
    """Move the demo's clock past the retries' delays until a mail has come, as it must."""
    started = time.monotonic()
    while person.mails()[kind] == 0:
        assert time.monotonic() - started < PATIENCE_S, f"no mail with {kind} came"
        programs.advance(5)
        time.sleep(0.2)


def assert_claims_no_arrival(text: str) -> None:
    """Nobody knows yet whether the mail leaves: the sentence says that it is on its way, and where to call without it."""
    assert "đang được gửi" in text and "1900 9068" in text


@pytest.mark.parametrize("mode", MODES)
def test_a_code_that_cannot_be_sent_comes_later_and_once(programs: Programs, somebody: Somebody, mode: str) -> None:
    person = somebody()
    person.comes_to(EMAIL)
    with failing(programs, mode):
        asked = time.monotonic()
        assert person.hears("$email") == ["utter_forgot_password_otp_sent", "utter_ask_forgot_password_otp"]
        assert time.monotonic() - asked < TOLD_WITHIN_S
        assert_claims_no_arrival(person.chat.bubbles[-2]["text"])
        assert person.mails()["codes"] == 0
    wait_for_mails(programs, person, "codes")
    ends_well_whatever_is_heard(person, person.hears("xin chào"))


@pytest.mark.parametrize("mode", MODES)
def test_a_password_that_cannot_be_sent_comes_later_and_once(programs: Programs, somebody: Somebody, mode: str) -> None:
    person = somebody()
    person.comes_to(OTP)
    with failing(programs, mode):
        assert person.hears("$otp") == ["utter_forgot_password_done"]
        assert_claims_no_arrival(person.chat.bubbles[-1]["text"])
        assert person.mails()["passwords"] == 0
        assert person.has("password_reset") == 1
    wait_for_mails(programs, person, "passwords")
    wait_for_mails(programs, person, "notices")
    assert person.mails() == ONCE and person.has("password_reset") == 1
