"""Forgot password on the hotline: a match is spoken once to its own call, a mismatch says nothing."""

import pytest
from account_visitor import Visitor
from backend_kit import LAN, Talk, World

PHONE = "+84900000001"


def call(world: World, number: str = PHONE, name: str = "call", code: str = LAN[0]) -> Talk:
    talk = world.talk(name, channel="hotline", sender=number, task="hotline_password")
    talk.put(code=code)
    return talk


def ended(talk: Talk) -> dict[str, str]:
    answer = talk.submit()
    assert answer.status_code == 200, answer.text
    outcome: dict[str, str] = answer.json()["outcome"]
    return outcome


def test_the_new_password_is_spoken_once_and_has_to_be_changed(world: World) -> None:
    talk = call(world)
    outcome = ended(talk)
    assert outcome["result"] == "match"
    spoken = talk.fetch_spoken(outcome["handle"])
    password = spoken.json()["spell"]
    assert spoken.status_code == 200 and len(password) == 8 and password.isdigit()
    assert talk.fetch_spoken(outcome["handle"]).status_code == 404
    visitor = Visitor(world)
    assert visitor.login(LAN[0], password).status_code == 303
    assert "/account/password" in visitor.get("/account/").headers["location"]
    assert sorted(message["channel"] for message in world.outbox()) == ["email", "sms"]
    assert all(password not in message["body"] for message in world.outbox())


def test_a_spoken_password_lives_half_an_hour(world: World) -> None:
    talk = call(world)
    password = talk.fetch_spoken(ended(talk)["handle"]).json()["spell"]
    world.clock.advance(1800)
    assert Visitor(world).login(LAN[0], password).status_code == 401


def test_the_handle_is_worth_nothing_to_another_call_or_after_two_minutes(world: World) -> None:
    talk = call(world)
    handle = ended(talk)["handle"]
    assert call(world, name="other").fetch_spoken(handle).status_code == 404
    assert world.talk("web").fetch_spoken(handle).status_code == 404
    world.clock.advance(120)
    assert talk.fetch_spoken(handle).status_code == 404


def test_only_the_channels_own_signature_fetches_a_password(world: World) -> None:
    talk = call(world)
    handle = ended(talk)["handle"]
    assert talk.request("POST", "/v1/spoken_passwords", {"handle": handle}).status_code == 401
    assert talk.fetch_spoken(handle).status_code == 200


@pytest.mark.parametrize("who", ["other_number", "withheld", "locked", "waiting", "no_phone", "fresh_number"])
def test_every_mismatch_is_the_same_answer_for_the_same_work(world: World, who: str) -> None:
    world.account(bhxh_code="7900000004", phone="0900000004", status="locked")
    world.account(bhxh_code="7900000003", phone="0900000003", status="waiting")
    world.account(bhxh_code="7900000005", phone=None)
    world.account(bhxh_code="7900000006", phone="0900000008")
    world.move(code="7900000006", phone="+84900000006")
    number, code = {
        "other_number": ("+84900000099", LAN[0]),
        "withheld": ("anonymous", LAN[0]),
        "locked": ("+84900000004", "7900000004"),
        "waiting": ("+84900000003", "7900000003"),
        "no_phone": ("+84900000005", "7900000005"),
        "fresh_number": ("+84900000006", "7900000006"),
    }[who]
    costs = []
    for talk in (call(world, number, "a", code), call(world, "+84900000098", "b", "7999999998")):
        hashes = world.core.hasher.calls
        with world.statements() as statements:
            assert ended(talk) == {"result": "no_match"}
        costs.append((len(statements), world.core.hasher.calls - hashes))
    assert costs[0] == costs[1] and costs[0][1] == 1
    assert world.outbox() == []


def test_a_number_and_a_code_have_five_mismatches_a_day(world: World) -> None:
    for index in range(5):
        assert ended(call(world, "+84900000099", f"n{index}", f"790000010{index}"))["result"] == "no_match"
    assert call(world, "+84900000099", "n5", LAN[0]).submit().json()["code"] == "daily_limit"
    for index in range(5):
        assert ended(call(world, f"+8490000008{index}", f"c{index}", "7999999999"))["result"] == "no_match"
    assert call(world, "+84900000089", "c5", "7999999999").submit().json()["code"] == "daily_limit"
    world.clock.advance(86_400)
    assert ended(call(world, "+84900000099", "later", "7999999999"))["result"] == "no_match"


def test_an_account_has_three_spoken_resets_a_day(world: World) -> None:
    for index in range(3):
        assert ended(call(world, name=f"n{index}"))["result"] == "match"
    refused = call(world, name="n3").submit()
    assert refused.json()["code"] == "daily_limit" and refused.json()["retry_after_s"] == 86_400


def test_mismatches_in_numbers_pause_the_hotline_and_nothing_else(world: World) -> None:
    world.limit(breaker_floor=10)
    for index in range(10):
        ended(call(world, f"+849000001{index:02d}", f"n{index}", f"79000001{index:02d}"))
    statuses = [
        call(world, f"+849000002{index:02d}", f"m{index}", f"79000002{index:02d}").submit().status_code for index in range(12)
    ]
    assert 503 in statuses
    assert world.talk("web").open().send().status_code == 200


def test_spoken_resets_of_everybody_together_have_a_limit(world: World) -> None:
    world.limit(hotline_resets_per_five_minutes=1)
    world.account(bhxh_code="7900000005", phone="0900000005")
    assert ended(call(world))["result"] == "match"
    assert call(world, "+84900000005", "two", "7900000005").submit().json()["code"] == "paused"
    world.clock.advance(300)
    assert ended(call(world, "+84900000005", "two", "7900000005"))["result"] == "match"


def test_the_hotline_can_be_closed_alone(world: World) -> None:
    begun = call(world)
    world.limit(closed="hotline")
    assert begun.submit().json()["code"] == "closed"
    begins = world.talk("another", channel="hotline", sender=PHONE, task="hotline_password")
    assert begins.call("PUT").json()["code"] == "closed", "nobody pays for keying a code in vain"
    assert world.talk("web").open().send().status_code == 200


def test_no_other_channel_opens_it(world: World) -> None:
    assert world.talk(task="hotline_password").call("PUT").status_code == 404


def test_a_retried_submit_gives_the_same_handle(world: World) -> None:
    talk = call(world)
    first, again = (talk.call("POST", "/submit", {}, key="k").json() for _ in range(2))
    assert first == again and talk.draft()["outcome"] == first["outcome"]
    assert len(world.outbox()) == 2
