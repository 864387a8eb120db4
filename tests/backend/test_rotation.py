"""The master key is changed while people are being served; the old one opens nothing afterwards."""

from pathlib import Path
from typing import Any

import pytest
from backend_kit import HASHER, LAN, SetClock, Talk, World, demo_settings, put_lan
from sqlalchemy import text
from test_register_account import applied, number

from backend import forgetting, migrate, rotation
from backend.app import build_core
from backend.database import Database
from backend.keys import Unreadable
from backend.officers import applications

OLD, NEW = "o" * 40, "n" * 40


def world_with(url: str, ring: str, clock: SetClock) -> World:
    """The same database under another ring."""
    return World(build_core(demo_settings(backend_key=ring), clock, database=Database(url), hasher=HASHER), clock)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    found: str = f"sqlite:///{tmp_path}/b.db" if request.param == "sqlite" else request.getfixturevalue("postgres_database")
    database = Database(found)
    migrate.upgrade(database)
    database.close()
    return found


def rotated(world: World) -> dict[str, tuple[int, int]]:
    return {step.table: (step.done, step.unreadable) for step in rotation.rotate(world.core)}


def test_everything_goes_on_through_all_three_steps_and_the_old_key_opens_nothing_after(url: str) -> None:
    clock = SetClock()
    before = world_with(url, OLD, clock)
    put_lan(before)
    handed_in = number(applied(before))
    open_draft = before.talk("open").open()
    open_draft.send()
    code = before.code()
    first = open_draft.call("POST", "/otp/answers", {"code": "111111"}, key="k").json()
    before.close()

    both = world_with(url, f"{OLD},{NEW}", clock)
    both.talk("early").open()
    both.close()
    during = world_with(url, f"{NEW},{OLD}", clock)
    goes_on(during, open_draft, first)
    done = rotated(during)
    assert done["accounts"] == (1, 0) and done["applications"] == (1, 0) and done["photos"] == (3, 0)
    assert rotated(during) == dict.fromkeys(done, (0, 0))
    goes_on(during, open_draft, first)
    during.close()

    after = world_with(url, NEW, clock)
    open_draft.world = after
    assert after.record(LAN[0])["email"] == LAN[1]
    applications.approve(after.core, handed_in)
    assert forgetting.forget(after.core, "7900000050")["accounts"] == 1
    after.reset("new")
    after.close()
    assert code

    thief = world_with(url, OLD, clock)
    with pytest.raises(Unreadable), thief.core.database.read() as conn:
        sealed, row = conn.execute(text("SELECT profile_sealed, id FROM accounts")).one()
        thief.core.keys.unseal(sealed, table="accounts", column="profile", row=row)
    thief.close()


def goes_on(world: World, talk: Talk, first: Any) -> None:
    """Drafts, idempotency and look-ups work in the middle of it."""
    talk.world = world
    assert talk.draft()["otp"]["state"] == "sent"
    assert talk.call("POST", "/otp/answers", {"code": "111111"}, key="k").json() == first
    assert world.record(LAN[0])["email"] == LAN[1]


def test_a_code_sent_before_is_right_after(url: str) -> None:
    clock = SetClock()
    before = world_with(url, OLD, clock)
    put_lan(before)
    talk = before.talk().open()
    talk.send()
    code = before.code()
    before.close()
    during = world_with(url, f"{NEW},{OLD}", clock)
    rotated(during)
    talk.world = during
    assert talk.answer(code) == "right" and talk.submit().status_code == 200
    during.close()


def test_a_changed_key_refills_no_counter(url: str) -> None:
    clock = SetClock()
    before = world_with(url, OLD, clock)
    put_lan(before)
    talk = before.talk().open()
    talk.send()
    for _ in range(3):
        talk.answer("111111")
    before.close()
    during = world_with(url, f"{NEW},{OLD}", clock)
    rotated(during)
    counted = during.rows("SELECT consecutive FROM subjects WHERE purpose = 'forgot_password'")
    other = during.talk("other").open()
    clock.advance(61)
    other.send()
    assert counted == [(3,)] and other.answer("111111") == "wrong"
    assert during.rows("SELECT consecutive FROM subjects WHERE purpose = 'forgot_password'") == [(4,)]
    during.close()


def test_a_value_moved_to_another_row_or_column_is_left_and_counted(world: World) -> None:
    world.account(bhxh_code="7900000002")
    with world.core.database.write() as conn:
        conn.execute(text("UPDATE accounts SET profile_sealed = (SELECT profile_sealed FROM accounts ORDER BY id LIMIT 1)"))
    world.limit()
    other = World(
        build_core(
            demo_settings(backend_key=f"{NEW},{world.core.settings.backend_key}"),
            world.clock,
            database=world.core.database,
            hasher=HASHER,
        ),
        world.clock,
    )
    assert rotated(other)["accounts"] == (1, 1)


def test_an_early_end_can_be_gone_on_from(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 1)
    for index in range(4):
        world.account(bhxh_code=f"790000001{index}")
    ring = f"{NEW},{world.core.settings.backend_key}"
    other = World(
        build_core(demo_settings(backend_key=ring), world.clock, database=world.core.database, hasher=HASHER), world.clock
    )
    steps = rotation.rotate(other.core)
    next(steps)
    next(steps)
    assert rotated(other)["accounts"] == (3, 0)
