"""Account and decoy: same words, status, headers, statements, hashes and rows."""

from typing import Any

import pytest
from backend_kit import LAN, World

from backend.passwords import PasswordHasher

STRANGERS = {
    "unknown_code": ("7911111111", LAN[1]),
    "wrong_email": (LAN[0], "nguyen.lan@example.com"),
    "no_email": ("7900000002", LAN[1]),
    "waiting": ("7900000003", LAN[1]),
    "locked": ("7900000004", LAN[1]),
    "unknown_personal_id": ("001190000009", LAN[1]),
}


def dialogue(world: World, name: str, code: str, email: str) -> list[tuple[int, Any, Any, int, int]]:
    """Everything a stranger can see of a conversation that never knows the code, and what it cost."""
    talk = world.talk(name)
    seen = []
    steps: list[tuple[str, str, Any, int]] = [
        ("PUT", "", {}, 0),
        ("PUT", "/consent", {}, 0),
        ("PUT", "/fields/code", {"value": code}, 0),
        ("PUT", "/fields/email", {"value": email}, 0),
        ("POST", "/otp", {}, 0),
        ("POST", "/otp", {}, 0),
        ("POST", "/otp/answers", {"code": "abcdef"}, 0),
        ("POST", "/otp", {}, 60),
        ("POST", "/submit", {}, 0),
        ("POST", "/otp/answers", {"code": "12345"}, 300),
        ("POST", "/otp/answers", {"code": "abcdef"}, 0),
        ("POST", "/otp/answers", {"code": "abcdef"}, 0),
        ("POST", "/otp", {}, 60),
        ("GET", "", None, 0),
    ]
    start = world.clock.moment
    for method, path, body, wait in steps:
        world.clock.advance(wait)
        hashes = world.core.hasher.calls
        with world.statements() as statements:
            answer = talk.call(method, path, body)
        text = answer.json()
        for view in (text, text.get("draft", {})):
            view.pop("fields", None)  # what they typed themselves, masked
        headers = {k: v for k, v in answer.headers.items() if k != "content-length"}
        seen.append((answer.status_code, text, headers, len(statements), world.core.hasher.calls - hashes))
    world.clock.moment = start
    return seen


@pytest.mark.parametrize("stranger", list(STRANGERS))
def test_a_stranger_sees_no_difference_between_account_and_decoy(world: World, stranger: str) -> None:
    world.account(bhxh_code="7900000002", email=None)
    world.account(bhxh_code="7900000003", status="waiting", email=LAN[1])
    world.account(bhxh_code="7900000004", status="locked", email=LAN[1])
    real = dialogue(world, "real", *LAN)
    decoy = dialogue(world, "decoy", *STRANGERS[stranger])
    assert real == decoy


@pytest.mark.parametrize("stranger", list(STRANGERS))
def test_a_decoy_mails_nobody_and_leaves_the_same_rows(world: World, stranger: str) -> None:
    world.account(bhxh_code="7900000002", email=None)
    world.account(bhxh_code="7900000004", status="locked", email=LAN[1])
    world.talk().open(*STRANGERS[stranger]).send()
    assert world.outbox() == []
    assert world.rows("SELECT void, state, kind FROM outbox") == [(1, "sent", "otp")]
    assert world.rows("SELECT account_id, state FROM challenges") == [("", "sent")]


def test_the_login_page_does_the_same_work_for_an_unknown_account(world: World) -> None:
    from account_visitor import Visitor

    seen = []
    for code in (LAN[0], "7911111111", "not a code"):
        visitor = Visitor(world)
        token = visitor.token("/account/login")
        hashes = world.core.hasher.calls
        with world.statements() as statements:
            answer = visitor.client.post(
                "/account/login",
                data={"csrf": token, "code": code, "password": "some wrong one"},
                headers={"Origin": "http://127.0.0.1:8000"},
            )
        text = answer.text.replace(visitor.token("/account/login"), "")
        seen.append((answer.status_code, text, len(statements), world.core.hasher.calls - hashes))
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][3] == 1


def test_the_dummy_hash_costs_what_a_real_one_costs() -> None:
    import argon2

    hasher = PasswordHasher()
    assert argon2.extract_parameters(hasher.dummy) == argon2.extract_parameters(hasher.hash("x"))
