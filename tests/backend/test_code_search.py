"""Code search: what is on file gets the code, and whoever asks sees the same."""

from typing import Any

import pytest
from backend_kit import LAN, Talk, World

RIGHT = {"full_name": "Nguyễn Thị Lan", "dob": "1990-05-14", "id_number": "079190000001", "province": "Thành phố Hồ Chí Minh"}
WRONG = {"full_name": "Nguyễn Thị La", "dob": "1991", "id_number": "079190000002", "province": "Hà Nội"}


def search(world: World, name: str = "one", **fields: str) -> Talk:
    talk = world.talk(name, task="code_search")
    talk.put(**(RIGHT | fields))
    return talk


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"full_name": "NGUYEN THI LAN"},
        {"full_name": "nguyễn  thị lan"},
        {"dob": "14/5/1990"},
        {"dob": "1990"},
        {"province": "hcm"},
        {"province": "Sài Gòn"},
        {"id_number": "079 190 000 001"},
    ],
)
def test_the_code_goes_to_what_is_on_file_however_it_was_said(world: World, said: dict[str, str]) -> None:
    assert search(world, **said).submit().json()["outcome"] is None
    (message,) = world.outbox()
    assert message["to"] == LAN[1] and LAN[0] in message["body"]


def test_without_an_email_it_goes_by_sms(world: World) -> None:
    world.account(
        bhxh_code=LAN[0],
        full_name=RIGHT["full_name"],
        dob=RIGHT["dob"],
        personal_id=RIGHT["id_number"],
        phone="0900000001",
        email=None,
    )
    search(world).submit()
    assert [(message["to"], LAN[0] in message["body"]) for message in world.outbox()] == [("0900000001", True)]


def seen(world: World, name: str, fields: dict[str, str]) -> tuple[Any, ...]:
    talk = search(world, name, **fields)
    hashes = world.core.hasher.calls
    with world.statements() as statements:
        answer = talk.submit()
    text = answer.json()
    return answer.status_code, text, len(answer.content), len(statements), world.core.hasher.calls - hashes


@pytest.mark.parametrize("field", list(WRONG))
def test_a_wrong_detail_is_answered_like_a_right_one_and_sends_nothing(world: World, field: str) -> None:
    right = seen(world, "right", {})
    sent = len(world.outbox())
    assert seen(world, "wrong", {field: WRONG[field]}) == right
    assert len(world.outbox()) == sent


def test_the_answer_shows_no_code_in_any_state(world: World) -> None:
    talk = search(world)
    texts = [talk.submit().text, talk.call("GET").text]
    assert all(LAN[0] not in text and LAN[0][-4:] not in text for text in texts)


def test_a_sender_and_a_person_have_three_searches_a_day(world: World) -> None:
    for index in range(3):
        assert search(world, f"n{index}").submit().status_code == 200
    assert search(world, "n3").submit().json()["code"] == "daily_limit"
    for index in range(3):
        talk = world.talk(f"m{index}", task="code_search", sender="one")
        talk.put(**(RIGHT | {"id_number": f"07919000010{index}"}))
        assert talk.submit().status_code == 200
    last = world.talk("m3", task="code_search", sender="one")
    last.put(**(RIGHT | {"id_number": "079190000109"}))
    assert last.submit().json()["code"] == "daily_limit"


@pytest.mark.parametrize("status", ["locked", "waiting"])
def test_a_closed_account_is_told_its_code_too_but_nothing_else(world: World, status: str) -> None:
    world.account(
        bhxh_code=LAN[0],
        full_name=RIGHT["full_name"],
        dob=RIGHT["dob"],
        personal_id=RIGHT["id_number"],
        email=LAN[1],
        status=status,
    )
    search(world).submit()
    assert len(world.outbox()) == 1


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("full_name", "1 OR 1=1", "not_a_name"),
        ("full_name", "<b>Lan</b>", "not_a_name"),
        ("full_name", "a" * 101, "too_long"),
        ("full_name", "\u200b", "empty"),
        ("dob", "31/02/1990", "not_a_date"),
        ("dob", "1899", "not_a_date"),
        ("dob", "2027-01-16", "in_the_future"),
        ("dob", "2028", "in_the_future"),
        ("id_number", "12345", "not_an_id"),
        ("province", "", "empty"),
    ],
)
def test_what_cannot_be_a_detail_is_refused_with_a_reason(world: World, field: str, value: str, reason: str) -> None:
    talk = world.talk(task="code_search")
    talk.put()
    refused = talk.call("PUT", f"/fields/{field}", {"value": value})
    assert (refused.status_code, refused.json()["reason"]) == (422, reason)
