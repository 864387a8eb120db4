"""Messages when providers misbehave: nothing sent twice, nothing kept too long, nothing told to the log."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from backend_kit import LAN, World
from fastapi.testclient import TestClient
from test_demo import fail
from test_outbox import Mailbox, deliver
from test_outbox import live as live  # fixtures
from test_outbox import mailbox as mailbox
from test_races import together

from backend import challenges, outbox, retention, transports
from backend.app import create_app
from backend.outbox import Message
from backend.transports import SmtpTransport, TransportError

CODE = "246810"


@pytest.fixture
def known_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(challenges, "new_code", lambda _core: CODE)


def submit(world: World, name: str) -> None:
    talk = world.talk(name).open()
    talk.send()
    assert talk.answer(CODE) == "right" and talk.submit().status_code == 200


@contextlib.contextmanager
def smtp_server(goodbye: bytes, delay_s: float = 0.0) -> Iterator[tuple[str, list[bytes]]]:
    """A server that takes a letter, then says that at QUIT (nothing when empty); waits before every reply."""
    taken: list[bytes] = []
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rwb") as stream, contextlib.suppress(OSError):

                def say(reply: bytes) -> None:
                    done.wait(delay_s)
                    stream.write(reply + b"\r\n")
                    stream.flush()

                say(b"220 hello")
                for line in stream:
                    word = line.strip().upper()
                    if word == b"DATA":
                        say(b"354 go on")
                        taken.append(b"".join(iter(stream.readline, b".\r\n")))
                        say(b"250 taken")
                    elif word == b"QUIT":
                        if goodbye:
                            say(goodbye)
                        else:
                            done.wait(10)
                        return
                    else:
                        say(b"250 fine")

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"smtp://127.0.0.1:{listener.getsockname()[1]}", taken
        done.set()
        thread.join()


@pytest.mark.parametrize("goodbye", [b"421 closing", b"not smtp", b""])
def test_a_letter_the_server_took_is_sent_however_it_parts(goodbye: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transports, "GOODBYE_S", 0.1)
    with smtp_server(goodbye) as (url, taken):
        SmtpTransport(url, "a@example.com").send(Message("email", "b@example.com", "s", "b"), "id", 0)
        assert len(taken) == 1


def test_a_server_that_dawdles_is_given_up_before_the_lease_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    assert transports.WHOLE_S < outbox.LEASE_S and 4 * transports.TIMEOUT_S < outbox.LEASE_S
    monkeypatch.setattr(transports, "WHOLE_S", 0.25)
    began = time.monotonic()
    with smtp_server(b"221 bye", delay_s=0.1) as (url, taken):
        with pytest.raises(TransportError):
            SmtpTransport(url, "a@example.com").send(Message("email", "b@example.com", "s", "b"), "id", 0)
        assert time.monotonic() - began < transports.TIMEOUT_S and taken == []


def test_nothing_that_hangs_in_the_mail_delays_the_erasing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.talk("shown").open().send()
    app = create_app(world.core)
    swept = threading.Event()
    real = retention.sweep

    def sweep(core: Any) -> None:
        real(core)
        if world.rows("SELECT count(*) FROM drafts WHERE state = 'open'") == [(0,)]:
            swept.set()

    monkeypatch.setattr(retention, "sweep", sweep)
    with TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1)) as client:
        client.post("/demo/fail", json={"part": "smtp", "mode": "hang", "seconds": 60})
        world.talk("hanging").open().send()
        world.clock.advance(4000)
        assert swept.wait(20)
        client.post("/demo/fail", json={"part": "smtp", "mode": "hang", "seconds": 0})
    assert world.rows("SELECT count(*) FROM outbox WHERE content_sealed IS NOT NULL") == [(0,)]
    assert world.rows("SELECT count(*) FROM drafts WHERE fields_sealed IS NOT NULL") == [(0,)]


@pytest.mark.parametrize(("part", "arriving"), [("sms", "email"), ("smtp", "sms")])
def test_a_fault_stops_its_own_channel_and_the_other_delivers_at_once(
    world: World, known_code: None, part: str, arriving: str
) -> None:
    fail(world, part, "down")
    submit(world, "one")
    assert {message["channel"] for message in world.outbox()} == {arriving}


def test_the_password_of_an_older_reset_is_withdrawn(live: tuple[World, Mailbox], known_code: None) -> None:
    world, _ = live
    submit(world, "one")
    submit(world, "two")
    assert world.rows("SELECT state FROM outbox WHERE kind = 'password' ORDER BY seq") == [("withdrawn",), ("pending",)]


def test_a_password_past_its_life_is_not_sent(live: tuple[World, Mailbox], known_code: None) -> None:
    world, box = live
    submit(world, "one")
    world.clock.advance(86_401)
    deliver(world)
    assert [letter["Subject"] for _, letter in box.letters] == ["Mật khẩu VssID của bạn đã được đặt lại"]
    assert world.rows("SELECT state, content_sealed FROM outbox WHERE kind = 'password'") == [("expired", None)]


def test_a_failed_delivery_tells_the_log_nothing_of_the_message(
    live: tuple[World, Mailbox], known_code: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _ = live

    async def refuse(self: Mailbox, server: Any, session: Any, envelope: Any) -> str:
        return f"554 no {CODE} for {LAN[1]}"

    monkeypatch.setattr(Mailbox, "handle_DATA", refuse)
    caplog.set_level("DEBUG", logger="backend")
    world.talk().open().send()
    assert deliver(world) == 1
    told = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("backend"))
    assert "not sent (attempt 1)" in told
    for value in (CODE, LAN[1], "Mã xác thực", "554"):
        assert value not in told


def test_an_unforeseen_failure_of_a_transport_counts_as_an_attempt(
    live: tuple[World, Mailbox], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError(LAN[1])

    world, _ = live
    monkeypatch.setattr(SmtpTransport, "send", fail)
    world.talk().open().send()
    assert deliver(world) == 1
    assert world.rows("SELECT state, attempts, lease_owner FROM outbox") == [("pending", 1, None)]
    assert "RuntimeError" in caplog.text and LAN[1] not in caplog.text


def test_parallel_moves_of_the_clock_add_up(world: World) -> None:
    demonstration = world.app.state.demonstration
    together(8, lambda _: demonstration.advance(10))
    assert demonstration.offset_s == 80
    assert world.rows("SELECT value FROM demo_state") == [("80",)]
