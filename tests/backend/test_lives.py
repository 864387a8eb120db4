"""Every table has a life, or a reason why it has none; a sweep keeps to it and touches nothing that lives."""

import pytest
from backend_kit import World

from backend import retention, schema
from backend.retention import LIVES, Life

KEPT = {
    "accounts": "the agency's own data; forgotten on request",
    "sessions": "one an account, replaced by the next login, refused by age",
    "challenges": "go with their draft",
    "subjects": "one row an account and purpose, so that a run of wrong answers never refills by itself",
    "photos": "go with their draft or application",
    "audit": "what happened must be provable",
    "demo_state": "one row",
}


def test_every_table_has_a_life_or_a_reason() -> None:
    assert {life.table.name for life in LIVES} | set(KEPT) == set(schema.metadata.tables)
    assert not {life.table.name for life in LIVES} & set(KEPT)


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.table.name)
def test_a_row_is_there_until_its_last_second_and_gone_after(world: World, life: Life) -> None:
    moment = world.clock.now() - life.life_s
    rows = [{**_row(life.table, world, since), life.since: since} for since in (moment + 1, moment)]
    with world.core.writing() as unit:
        for row in rows:
            unit.conn.execute(life.table.insert().values(**row))
    retention.sweep(world.core)
    left = world.rows(f"SELECT {life.since} FROM {life.table.name}")
    assert left == [(moment + 1,)]


def test_a_sweep_deletes_no_more_than_a_batch_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    with world.core.writing() as unit:
        for index in range(5):
            unit.conn.execute(schema.nonces.insert().values(nonce=str(index), at=index))
    retention.sweep(world.core)
    assert world.rows("SELECT nonce FROM nonces ORDER BY at") == [("3",), ("4",)]


def test_the_outcome_of_a_task_is_forgotten_after_a_day(world: World) -> None:
    talk = world.talk(task="complaint")
    talk.put(text="x")
    assert talk.submit().json()["outcome"]["number"]
    world.clock.advance(86_399)
    retention.sweep(world.core)
    assert talk.draft()["outcome"] is not None
    world.clock.advance(1)
    retention.sweep(world.core)
    assert talk.draft()["outcome"] is None


def _row(table: object, world: World, since: int) -> dict[str, object]:
    """Any row that the table accepts."""
    from sqlalchemy import Boolean, LargeBinary, String, Table, Text

    assert isinstance(table, Table)
    made: dict[str, object] = {}
    for column in table.columns:
        if column.nullable or column.autoincrement is True or column.server_default is not None:
            continue
        if column.foreign_keys:
            made[column.name] = _parent(world, next(iter(column.foreign_keys)).column.table.name)
        elif isinstance(column.type, Boolean):
            made[column.name] = False
        elif isinstance(column.type, LargeBinary):
            made[column.name] = b"x"
        elif isinstance(column.type, String | Text):
            made[column.name] = f"{since}"[: column.type.length or 20]
        else:
            made[column.name] = since
    return made


def _parent(world: World, table: str) -> str:
    if table == "accounts":
        found: str = world.rows("SELECT id FROM accounts")[0][0]
        return found
    world.talk().open()
    found = world.rows("SELECT id FROM drafts")[0][0]
    return found
