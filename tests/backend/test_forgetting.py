"""Forgetting a person: nothing of them stays but a random number in the audit trail."""

import pytest
from backend_kit import LAN, World
from sqlalchemy import select
from test_register_account import HOA, applied, number

from backend import forgetting, schema
from backend.errors import NotFound

MARKS = ("lan.nguyen", "0900000001", "+84900000001", LAN[0], "079190000001")


def everything(world: World) -> dict[str, int]:
    with world.core.database.read() as conn:
        return {table.name: len(conn.execute(select(table)).all()) for table in schema.metadata.sorted_tables}


def test_everything_about_an_account_goes_and_the_others_stay(world: World) -> None:
    world.account(bhxh_code="7900000002", email="b@example.com", phone="0900000002")
    world.reset("lan")
    change = world.talk("change", task="change_info")
    change.put(code=LAN[0], what="personal_id", proof="phone", personal_id="079190000009")
    change.send()
    change.answer(world.code("sms"))
    change.submit()
    world.talk("half").open()
    applied(world, "applies", code=LAN[0], id_number="079190000001").submit()
    before = everything(world)
    gone = forgetting.forget(world.core, "079190000001")
    assert {name for name, count in gone.items() if count} >= {
        "accounts",
        "applications",
        "photos",
        "messages",
        "drafts",
        "requests",
    }
    left = everything(world)
    assert left["accounts"] == 1 and left["applications"] == left["photos"] == left["change_requests"] == left["sessions"] == 0
    assert left["audit"] == before["audit"] + 1
    assert world.client.get(f"/demo/accounts/{LAN[0]}").status_code == 404
    assert world.record("7900000002")["email"] == "b@example.com"
    assert not any(mark in str(world.outbox()) for mark in MARKS)


def test_an_application_without_an_account_is_forgotten_by_its_identity_number(world: World) -> None:
    number(applied(world))
    stranger = world.talk("stranger").open("7911111111")
    assert stranger.send().status_code == 200
    gone = forgetting.forget(world.core, HOA["id_number"])
    assert gone["applications"] == 1 and gone["drafts"] == 0
    assert stranger.answer("111111") == "wrong"
    assert world.rows("SELECT (SELECT count(*) FROM applications), (SELECT count(*) FROM photos)") == [(0, 0)]


def test_nobody_is_nobody(world: World) -> None:
    with pytest.raises(NotFound):
        forgetting.forget(world.core, "7999999999")
    assert everything(world)["audit"] == 0
