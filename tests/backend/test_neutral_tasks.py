"""Every task that a stranger can begin with a code alone: account and decoy differ in nothing, at no step, at the same cost."""

from typing import Any

import pytest
from backend_kit import LAN, World

TASKS: dict[str, dict[str, str]] = {
    "add_email": {"email": "new@example.com"},
    "change_info": {"what": "email", "proof": "phone", "email": "new@example.com"},
    "change_info_by_mail": {"what": "phone", "proof": "email", "phone": "0912345678"},
}
STRANGERS = {
    "unknown": {},
    "locked": {"status": "locked"},
    "waiting": {"status": "waiting"},
    "nothing_on_file": {"phone": None, "email": None},
}
STEPS: list[tuple[str, str, Any, int]] = [
    ("POST", "/otp", {}, 0),
    ("POST", "/otp", {}, 0),
    ("POST", "/otp/answers", {"code": "abcdef"}, 0),
    ("POST", "/otp", {}, 60),
    ("POST", "/submit", {}, 0),
    ("POST", "/otp/answers", {"code": "12345"}, 300),
    ("POST", "/otp", {}, 0),
    ("POST", "/otp", {}, 60),
    ("POST", "/otp/answers", {"code": "abcdef"}, 0),
    ("POST", "/otp/answers", {"code": "abcdef"}, 0),
    ("GET", "", None, 0),
    ("DELETE", "", None, 0),
]


def walk(world: World, name: str, task: str, code: str) -> list[Any]:
    """Everything a stranger sees, and what it cost."""
    talk = world.talk(name, task=task.removesuffix("_by_mail"))
    talk.put(code=code, **TASKS[task])
    start, seen = world.clock.moment, []
    for method, path, body, wait in STEPS:
        world.clock.advance(wait)
        hashes = world.core.hasher.calls
        with world.statements() as statements:
            answer = talk.call(method, path, body)
        told = answer.json()
        for view in (told, told.get("draft", {})):
            view.pop("fields", None)
        headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
        seen.append((answer.status_code, told, headers, len(statements), world.core.hasher.calls - hashes))
    world.clock.moment = start
    return seen


@pytest.mark.parametrize("task", list(TASKS))
@pytest.mark.parametrize("stranger", list(STRANGERS))
def test_a_stranger_sees_no_difference(world: World, task: str, stranger: str) -> None:
    code = "7900000077"
    if stranger != "unknown":
        world.account(bhxh_code=code, **STRANGERS[stranger])
    assert walk(world, "decoy", task, code) == walk(world, "real", task, LAN[0])
    # Only the real one's address was ever written to.
    assert {message["to"] for message in world.outbox()} == {LAN[1] if task.endswith("_by_mail") else "0900000001"}


@pytest.mark.parametrize("task", ["add_email", "change_info"])
def test_the_daily_limit_of_sends_falls_at_the_same_moment(world: World, task: str) -> None:
    def refusals(code: str) -> list[Any]:
        seen = []
        for index in range(6):
            talk = world.talk(f"{code}{index}", task=task)
            talk.put(code=code, **TASKS[task])
            answer = talk.send()
            seen.append((answer.status_code, answer.json().get("code"), answer.json().get("retry_after_s")))
            world.clock.advance(61)
        return seen

    start = world.clock.moment
    real = refusals(LAN[0])
    world.clock.moment = start
    assert refusals("7900000077") == real and real[-1][1] == "daily_limit"
    assert len(world.outbox()) == 5


@pytest.mark.parametrize("stranger", list(STRANGERS))
def test_another_way_of_asking_about_a_code_refills_nothing_that_it_does_not_refill_for_an_account(
    world: World, stranger: str
) -> None:
    def refusals(code: str) -> list[Any]:
        seen = []
        for index, (what, proof) in enumerate([*[("email", "email")] * 5, ("phone", "email"), ("email", "phone")]):
            talk = world.talk(f"{code}{index}", task="change_info")
            talk.put(code=code, what=what, proof=proof)
            answer = talk.send()
            seen.append((answer.status_code, answer.json().get("code"), answer.json().get("retry_after_s")))
        return seen

    code = "7900000077"
    if stranger != "unknown":
        world.account(bhxh_code=code, **STRANGERS[stranger])
    real = refusals(LAN[0])
    assert refusals(code) == real and [status for status, *_ in real] == [200] * 5 + [429] * 2


@pytest.mark.parametrize("task", ["forgot_password", *TASKS])
def test_locking_an_account_refills_nothing(world: World, task: str) -> None:
    def ask(name: str) -> int:
        talk = world.talk(name, task=task.removesuffix("_by_mail"))
        talk.put(code=LAN[0], **TASKS.get(task, {"email": LAN[1]}))
        return talk.send().status_code

    assert [ask(f"before{index}") for index in range(5)] == [200] * 5
    with world.core.writing() as unit:
        unit.conn.exec_driver_sql("UPDATE accounts SET status = 'locked'")
    assert ask("after") == 429
