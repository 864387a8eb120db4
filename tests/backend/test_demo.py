"""Demo mode: people, clock, faults, outbox; loopback only."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from backend_kit import LAN, START, World, build_world
from fastapi.testclient import TestClient

from backend import outbox
from backend.demo import people
from backend.demo.demonstration import Demonstration
from backend.demo.faults import Faults

ROOT = Path(__file__).parents[2]


def test_a_message_stands_in_the_outbox_before_the_answer_leaves(world: World) -> None:
    world.talk().open().send()
    newest = world.outbox()[0]
    assert set(newest) == {"id", "channel", "to", "subject", "body", "at"}
    assert (newest["channel"], newest["to"], newest["at"]) == ("email", LAN[1], "2027-01-15T15:00:00+07:00")


def test_a_message_a_thread_took_first_is_waited_for(world: World) -> None:
    postman = world.app.state.postman
    taken = []
    original = world.core.after_commit

    def thread_first(posted: dict[str, str]) -> None:
        claimed = outbox.claim(world.core, postman._owner, ids=list(posted))
        assert claimed is not None
        taken.append(threading.Timer(0.2, postman._deliver, [claimed]))
        taken[0].start()
        original(posted)

    world.core.after_commit = thread_first
    world.talk().open().send()
    assert len(world.outbox()) == 1
    taken[0].join()


def test_the_outbox_is_newest_first_and_shown_as_text(world: World) -> None:
    world.reset()
    assert "mật khẩu" in world.outbox()[0]["body"].lower() or world.outbox()[0]["channel"] == "sms"
    page = world.client.get("/demo/outbox")
    assert 'http-equiv="refresh"' in page.text and "<script" not in page.text
    assert LAN[1] in page.text and "default-src 'none'" in page.headers["content-security-policy"]


def test_bodies_are_erased_after_fifteen_minutes_of_the_demo_clock(world: World) -> None:
    from backend import retention

    world.talk().open().send()
    world.clock.advance(899)
    retention.sweep(world.core)
    assert len(world.outbox()) == 1
    world.clock.advance(1)
    retention.sweep(world.core)
    assert world.outbox() == []
    assert world.rows("SELECT content_sealed FROM outbox") == [(None,)]


def test_the_clock_moves_and_a_restart_keeps_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/b.db"
    first = build_world(url)
    assert first.client.get("/demo/clock").json() == {"now": "2027-01-15T15:00:00+07:00", "offset_s": 0}
    assert first.client.post("/demo/clock", json={"advance_s": 3600}).json() == {"now": "2027-01-15T16:00:00+07:00"}
    assert first.core.clock.now() == START + 3600
    first.close()
    second = build_world(url, migrate_first=False)
    assert second.core.clock.now() == START + 3600
    second.close()


def test_the_seeded_people_are_there_once_and_a_changed_one_stays(world: World) -> None:
    people.seed(world.core)
    people.seed(world.core)
    assert world.rows("SELECT count(*) FROM accounts") == [(4,)]
    record = world.client.get("/demo/accounts/7900000004").json()["record"]
    assert record["status"] == "locked" and record["phone"] == "0900000004"


def test_a_made_account_has_invented_values_and_null_stays_none(world: World) -> None:
    made = world.account(email=None, full_name="A")
    assert made["email"] is None and made["full_name"] == "A" and made["status"] == "active"
    assert re.fullmatch(r"\d{10}", made["bhxh_code"]) and re.fullmatch(r"\d{12}", made["personal_id"])
    assert re.fullmatch(r"0\d{9}", made["phone"])
    assert world.account()["bhxh_code"] != made["bhxh_code"]


def test_an_existing_code_is_replaced_with_its_counters_cleared(world: World) -> None:
    for email in (LAN[1], "nobody@example.com"):
        for number in range(5):
            world.talk(f"{email}{number}").open(email=email).send()
    world.account(bhxh_code=LAN[0], email=LAN[1])
    assert world.talk("again").open().send().status_code == 200
    assert world.rows("SELECT count(*) FROM accounts") == [(1,)]


def test_an_account_shows_what_hangs_on_it(world: World) -> None:
    world.talk().open().send()
    found = world.client.get(f"/demo/accounts/{LAN[0]}").json()
    assert set(found) == {"record", "drafts", "challenges", "changes", "applications", "audit"}
    assert found["drafts"][0]["state"] == "open" and found["challenges"][0]["sends"] == 1
    assert "mac" not in json.dumps(found) and "password" not in json.dumps(found["record"])


@pytest.mark.parametrize(("client", "host"), [("10.0.0.1", "127.0.0.1:8000"), ("127.0.0.1", "evil.example:8000")])
def test_demo_routes_answer_this_machine_only(world: World, client: str, host: str) -> None:
    stranger = TestClient(world.app, base_url=f"http://{host}", client=(client, 1), raise_server_exceptions=False)
    for path in ("/demo/outbox", "/demo/outbox.json", "/demo/clock", "/demo/fail", f"/demo/accounts/{LAN[0]}"):
        assert stranger.get(path).status_code == 404
    assert stranger.post("/demo/clock", json={"advance_s": 1}).status_code == 404


def test_a_fault_ends_by_itself() -> None:
    now = [0.0]
    faults = Faults(lambda: now[0])
    faults.switch("smtp", "down", 10)
    assert faults.active() == {"smtp": {"mode": "down", "left_s": 10}}
    now[0] = 10.0
    assert faults.active() == {} and faults.mode("smtp") is None


def fail(world: World, part: str, mode: str, seconds: float = 60) -> None:
    assert world.client.post("/demo/fail", json={"part": part, "mode": mode, "seconds": seconds}).status_code == 200


def test_a_mail_server_that_is_down_delays_the_mail_and_not_the_answer(world: World) -> None:
    fail(world, "smtp", "down")
    assert world.client.get("/demo/fail").json()["smtp"]["mode"] == "down"
    talk = world.talk().open()
    assert talk.send().status_code == 200 and world.outbox() == []
    assert world.app.state.postman.deliver_one()
    assert world.outbox() == []
    fail(world, "smtp", "down", 0)
    world.clock.advance(5)
    world.app.state.postman.deliver_one()
    assert talk.answer(world.code()) == "right"


def test_a_database_that_is_gone_is_busy_everywhere_but_in_the_demo(world: World) -> None:
    talk = world.talk().open()
    fail(world, "database", "down")
    refused = talk.call("GET")
    assert (refused.status_code, refused.json()["code"]) == (503, "busy") and refused.headers["Retry-After"]
    assert world.client.get("/readyz").status_code == 503 and world.client.get("/healthz").status_code == 200
    page = world.client.get("/account/login")
    assert page.status_code == 503 and "chưa có gì thay đổi" in page.text
    assert world.client.get("/demo/outbox").status_code == 200
    fail(world, "database", "down", 0)
    assert talk.call("GET").status_code == 200


def test_a_backend_that_is_down_or_talks_garbage_fails_only_v1(world: World) -> None:
    talk = world.talk().open()
    fail(world, "backend", "down")
    assert talk.call("GET").status_code == 503 and world.client.get("/readyz").status_code == 200
    fail(world, "backend", "garbage")
    answer = talk.call("GET")
    assert answer.status_code == 200
    with pytest.raises(ValueError):
        answer.json()
    fail(world, "actions", "down")
    fail(world, "backend", "down", 0)
    assert talk.call("GET").status_code == 200 and set(world.client.get("/demo/fail").json()) == {"actions"}


def test_a_backend_that_hangs_answers_when_the_fault_is_over(world: World) -> None:
    talk = world.talk().open()
    fail(world, "backend", "hang", 0.3)
    began = time.monotonic()
    assert talk.call("GET").status_code == 503
    assert time.monotonic() - began >= 0.2


def test_a_second_start_finds_the_demonstration_as_it_was(world: World) -> None:
    world.client.post("/demo/clock", json={"advance_s": 5})
    assert Demonstration(world.core).offset_s == 5


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_program_serves_and_stops_when_asked(tmp_path: Path, ending: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "DEMO": "1", "VAR": str(tmp_path / "state"), "BACKEND_PORT": str(port)}
    command = [sys.executable, "-m", "backend", "run"]
    program = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
                    assert json.load(answer) == {"status": "ready", "missing": []}
                break
            except OSError:
                assert program.poll() is None, program.stderr
                time.sleep(0.05)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/demo/accounts/7900000001") as answer:
            assert json.load(answer)["record"]["email"] == LAN[1]
        program.send_signal(ending)
        _, errors = program.communicate(timeout=15)
        assert "Traceback" not in errors
        assert program.returncode == 0
    finally:
        program.kill()
        program.wait()
