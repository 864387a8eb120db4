"""Who was named for one task is known to the next one of the same conversation; nothing else goes over."""

import pytest
from backend_kit import World


def test_the_code_is_not_asked_again(world: World) -> None:
    first = world.talk("one").open()
    second = world.talk("one", task="add_email")
    begun = second.call("PUT").json()
    assert begun["fields"] == {"code": first.draft()["fields"]["code"]} and begun["missing"] == ["email"]
    assert begun["consented"] is False


def test_another_value_is_the_new_tasks_own(world: World) -> None:
    first = world.talk("one").open()
    second = world.talk("one", task="add_email")
    second.call("PUT")
    second.put(code="7900000002")
    assert second.call("PUT").json()["fields"]["code"].endswith("0002")
    assert first.draft()["fields"]["code"].endswith("0001")


def test_the_search_knows_name_birth_and_number_of_a_registration(world: World) -> None:
    world.talk("one", task="register_account").put(
        full_name="Lê Thị Mai", dob="1990", id_number="079190000003", phone="0900000003"
    )
    begun = world.talk("one", task="code_search").call("PUT").json()
    assert set(begun["fields"]) == {"full_name", "dob", "id_number"}


@pytest.mark.parametrize("stranger", [{"name": "two"}, {"name": "one", "sender": "somebody"}, {"name": "one", "channel": "zalo"}])
def test_another_conversation_knows_nothing(world: World, stranger: dict[str, str]) -> None:
    world.talk("one").open()
    assert world.talk(**stranger, task="add_email").call("PUT").json()["fields"] == {}


def test_what_was_cancelled_or_left_alone_is_forgotten(world: World) -> None:
    world.talk("one").open().call("DELETE")
    assert world.talk("one", task="add_email").call("PUT").json()["fields"] == {}
    world.talk("late").open()
    world.clock.advance(world.core.settings.draft_life_s)
    assert world.talk("late", task="add_email").call("PUT").json()["fields"] == {}


def test_what_was_proved_for_one_task_is_worth_nothing_in_the_next(world: World) -> None:
    first = world.talk("one").open()
    first.send()
    assert first.answer(world.code()) == "right"
    second = world.talk("one", task="add_email")
    assert second.call("PUT").json()["otp"]["state"] == "none"
    assert second.put(email="new@example.com").json()["otp"]["state"] == "none"
    assert second.submit().json()["code"] == "not_verified"
