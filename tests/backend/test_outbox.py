"""Messages: sent once, after their cause, over a real SMTP server; kept over failures and restarts."""

import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from backend_kit import LAN, SetClock, World, build_world, put_lan
from test_races import together

from backend import outbox
from backend.outbox import Message
from backend.transports import SmsGateway, SmtpTransport, TransportError

SECRETS = {name: name[0] * 40 for name in ("backend_key", "service_credential", "channel_credential")}


class Mailbox:
    """An SMTP handler that keeps letters, or refuses them."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.refusing = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refusing:
            return "451 try later"
        self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 taken"


@pytest.fixture
def mailbox() -> Iterator[Any]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=0, ready_timeout=5)
    # Port 0 needs the socket made before the controller looks for its own port.
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()
    yield box, f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


@pytest.fixture
def live(tmp_path: Path, mailbox: Any) -> Iterator[tuple[World, Mailbox]]:
    """A world outside demo mode that mails to the test's own server."""
    box, url = mailbox
    made = live_world(f"sqlite:///{tmp_path}/live.db", url)
    put_lan(made)
    yield made, box
    made.close()


def live_world(database: str, smtp: str, **changes: Any) -> World:
    options = {"demo": False, "smtp_url": smtp, "sms_gateway_url": "http://127.0.0.1:9/sms", "sms_gateway_token": "t"}
    options["mail_from"] = "Tester <no-reply@vssid.test>"
    return build_world(database, **options, public_url="https://account.example.com", **SECRETS, **changes)


def deliver(world: World) -> int:
    count = 0
    while world.app.state.postman.deliver_one(channel="email"):
        count += 1
    return count


def test_code_and_password_arrive_by_smtp_and_bodies_are_erased(live: tuple[World, Mailbox]) -> None:
    world, box = live
    talk = world.talk().open()
    talk.send()
    assert box.letters == [] and deliver(world) == 1
    to, letter = box.letters[0]
    code = next(line.strip() for line in letter.get_content().splitlines() if line.strip().isdigit())
    assert to == [LAN[1]] and letter["To"] == LAN[1] and letter["Auto-Submitted"] == "auto-generated"
    assert talk.answer(code) == "right" and talk.submit().status_code == 200
    assert deliver(world) == 2
    body = box.letters[2][1].get_content()
    assert "https://account.example.com/account/login" in body
    assert world.rows("SELECT count(*) FROM outbox WHERE channel = 'email' AND content_sealed IS NOT NULL") == [(0,)]


def test_a_refusing_server_delays_the_mail_and_burns_nothing(live: tuple[World, Mailbox]) -> None:
    world, box = live
    box.refusing = True
    talk = world.talk().open()
    assert talk.send().status_code == 200
    assert deliver(world) == 1 and deliver(world) == 0
    box.refusing = False
    world.clock.advance(5)
    assert deliver(world) == 1 and len(box.letters) == 1
    assert talk.draft()["otp"]["resends_left"] == 2


def test_a_code_past_its_life_is_not_sent(live: tuple[World, Mailbox]) -> None:
    world, box = live
    world.talk().open().send()
    world.clock.advance(301)
    assert deliver(world) == 0 and box.letters == []
    assert world.rows("SELECT state, content_sealed FROM outbox") == [("expired", None)]


def test_a_replaced_code_is_not_sent_after_its_successor(live: tuple[World, Mailbox]) -> None:
    world, _ = live
    talk = world.talk().open()
    talk.send()
    world.clock.advance(60)
    talk.send()
    assert deliver(world) == 1
    assert world.rows("SELECT state FROM outbox ORDER BY seq") == [("withdrawn",), ("sent",)]


def test_unsent_mail_survives_a_restart(tmp_path: Path, mailbox: Any) -> None:
    box, url = mailbox
    database = f"sqlite:///{tmp_path}/live.db"
    first = live_world(database, url)
    put_lan(first)
    first.talk().open().send()
    first.close()
    second = live_world(database, url)
    assert deliver(second) == 1 and len(box.letters) == 1
    second.close()


def test_a_sender_that_died_loses_its_lease_and_another_sends(live: tuple[World, Mailbox]) -> None:
    world, box = live
    world.talk().open().send()
    assert outbox.claim(world.core, "dead") is not None
    assert deliver(world) == 0
    world.clock.advance(outbox.LEASE_S)
    assert deliver(world) == 1 and len(box.letters) == 1


def test_ten_parallel_senders_claim_a_row_once(either: World) -> None:
    message = Message("sms", "+84900000001", "", "hello")
    with either.core.writing() as unit:
        outbox.post(either.core, unit, message, kind="notice", reference="x", not_after=None)
        unit.posted.clear()
    claims = together(10, lambda number: outbox.claim(either.core, f"owner{number}"))
    assert len([claim for claim in claims if claim is not None]) == 1


def test_a_message_whose_cause_was_rolled_back_does_not_exist(world: World) -> None:
    with pytest.raises(RuntimeError), world.core.writing() as unit:
        message = Message("sms", "+84900000001", "", "hello")
        outbox.post(world.core, unit, message, kind="notice", reference="x", not_after=None)
        raise RuntimeError
    assert world.rows("SELECT count(*) FROM outbox") == [(0,)]


def test_retries_grow_and_end(live: tuple[World, Mailbox]) -> None:
    world, box = live
    box.refusing = True
    with world.core.writing() as unit:
        message = Message("email", LAN[1], "s", "b")
        outbox.post(world.core, unit, message, kind="notice", reference="x", not_after=None)
    for delay in (*outbox.DELAYS_S, 1):
        assert deliver(world) == 1
        world.clock.advance(delay)
    assert deliver(world) == 0
    assert world.rows("SELECT state, content_sealed FROM outbox") == [("failed", None)]


@pytest.mark.parametrize("part", ["to", "subject"])
def test_a_header_cannot_be_injected(mailbox: Any, part: str) -> None:
    box, url = mailbox
    values = {"to": LAN[1], "subject": "hello"} | {part: "x@example.com\r\nBcc: y@example.com"}
    with pytest.raises(TransportError):
        SmtpTransport(url, "a@example.com").send(Message("email", body="b", **values), "id", 0)
    assert box.letters == []


def test_a_message_moved_to_another_row_does_not_open(world: World) -> None:
    from sqlalchemy import text

    from backend.keys import Unreadable

    world.talk("a").open().send()
    world.talk("b").open().send()
    with world.core.database.write() as conn:
        conn.execute(text("UPDATE outbox SET content_sealed = (SELECT content_sealed FROM outbox WHERE seq = 1)"))
    from backend.demo.outbox_page import shown

    with pytest.raises(Unreadable):
        shown(world.core)


def test_an_sms_goes_to_the_gateway_with_its_token() -> None:
    seen: list[Any] = []
    answers = [200, 500]

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.headers["Authorization"], body))
            self.send_response(answers[len(seen) - 1])
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Gateway) as server:
        thread = threading.Thread(target=lambda: [server.handle_request() for _ in answers])
        thread.start()
        gateway = SmsGateway(f"http://127.0.0.1:{server.server_port}/send", "token")
        message = Message("sms", "+84900000001", "", "hello")
        gateway.send(message, "row", 0)
        with pytest.raises(TransportError):
            gateway.send(message, "row", 0)
        thread.join()
    assert seen[0][0] == "Bearer token" and b'"to":"+84900000001"' in seen[0][1]


def test_the_threads_send_without_being_asked(tmp_path: Path, mailbox: Any) -> None:
    box, url = mailbox
    world = live_world(f"sqlite:///{tmp_path}/live.db", url)
    put_lan(world)
    postman = world.app.state.postman
    arrived = threading.Event()
    append = box.letters.append
    box.letters = type("Letters", (list,), {"append": lambda self, one: (append(one), arrived.set())})()
    postman.start()
    world.talk().open().send()
    assert arrived.wait(10)
    postman.stop()
    world.close()


def test_outside_demo_mode_no_demo_route_exists(live: tuple[World, Mailbox]) -> None:
    world, _ = live
    for method, path in (
        ("GET", "/demo/outbox"),
        ("GET", "/demo/outbox.json"),
        ("POST", "/demo/accounts"),
        ("GET", f"/demo/accounts/{LAN[0]}"),
        ("POST", "/demo/clock"),
        ("GET", "/demo/clock"),
        ("POST", "/demo/fail"),
        ("GET", "/demo/fail"),
        ("GET", "/openapi.json"),
    ):
        assert world.client.request(method, path, json={}).status_code == 404
    assert isinstance(world.core.clock, SetClock)
