"""No statement gets slower with the people on file: its work stays the same, and no plan reads a growing table whole."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import whole_day
from backend_kit import World, build_world, put_lan
from sqlalchemy import event, text
from two_devices import QUICK

from backend import metrics, schema, seeding
from backend.retention import LIVES
from backend.tasks import TASKS
from bench.backend import history

FEW, MANY = 30, 300  # people with a history; a table that is read whole costs hundreds of steps more
SLACK = 1.3, 60  # times and steps; the largest difference without a scan is a few steps
SMALL = {"demo_state", "breaker_buckets"}  # one row; two days in steps of five minutes
GROWING = set(schema.metadata.tables) - SMALL


@dataclass
class Run:
    """One execution of a statement, and the steps that SQLite's virtual machine took for it."""

    statement: str
    parameters: Any
    steps: int = 0


@dataclass
class Day:
    """A world in which the whole day was lived: what ran, what was asked for."""

    world: World
    runs: list[Run] = field(default_factory=list)
    routes: set[tuple[str, str]] = field(default_factory=set)
    tasks: set[str] = field(default_factory=set)

    def statements(self) -> dict[str, Run]:
        """One execution of each SELECT, UPDATE and DELETE: the one with the fewest steps, which had nothing to do."""
        read = [run for run in self.runs if re.match(r"(SELECT|UPDATE|DELETE) ", run.statement)]
        return {run.statement: run for run in sorted(read, key=lambda run: -run.steps)}


@contextmanager
def noted(day: Day) -> Iterator[None]:
    """Note every statement and every route inside the block."""
    database = day.world.core.database

    def before(conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        day.runs.append(Run(statement, parameters[0] if many else parameters))
        if database.is_sqlite:
            conn.connection.dbapi_connection.set_progress_handler(step, 1)

    def step() -> int:
        day.runs[-1].steps += 1
        return 0

    event.listen(database.engine, "before_cursor_execute", before)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(metrics, "requested", lambda method, route, *_: day.routes.add((method, route)))
        yield
    event.remove(database.engine, "before_cursor_execute", before)


def lived(url: str, people: int) -> Day:
    """The whole day in a world with a history of so many people."""
    day = Day(build_world(url))
    core = day.world.core
    core.hasher = QUICK
    seeding.seed(core, people, 0, lambda _: None)
    history.fill(core, people)
    put_lan(day.world)
    if not core.database.is_sqlite:
        with core.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(text("ANALYZE"))
    with noted(day):
        whole_day.live(day.world)
    day.tasks = {row[0] for row in day.world.rows("SELECT task FROM drafts WHERE state = 'done'")}
    with noted(day):
        whole_day.forgotten(day.world)
    return day


def _copied(file: Path, to: Path) -> str:
    shutil.copy(file, to)
    return f"sqlite:///{to}"


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[tuple[Day, Day]]:
    """The same day among few and among many people, on SQLite."""
    folder = tmp_path_factory.mktemp("days")
    both = [lived(_copied(migrated, folder / f"{people}.db"), people) for people in (FEW, MANY)]
    yield both[0], both[1]
    for day in both:
        day.world.close()


def test_a_statement_takes_as_many_steps_among_many_people_as_among_few(days: tuple[Day, Day]) -> None:
    few, many = (day.statements() for day in days)
    assert set(few) == set(many)
    times, steps = SLACK
    grown = {one: (few[one].steps, many[one].steps) for one in few if many[one].steps > times * few[one].steps + steps}
    assert grown == {}


def test_no_plan_of_sqlite_scans_a_table_that_grows(days: tuple[Day, Day]) -> None:
    day = days[1]
    scanned = []
    for run in day.statements().values():
        with day.world.core.database.read() as conn:
            plan = conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {run.statement}", run.parameters).all()
        for row in plan:
            found = re.match(r"SCAN (\w+)(?! CONSTANT)", row[3])
            # The newest so many, read off the end of an index.
            first_of_index = "USING INDEX" in row[3] and " WHERE " not in run.statement and " LIMIT " in run.statement
            if found and found[1] in GROWING and not first_of_index:
                scanned.append((row[3], run.statement))
    assert scanned == []


def test_no_plan_of_postgresql_reads_a_table_that_grows_whole(postgres_database: str) -> None:
    day = lived(postgres_database, MANY)
    whole = []
    with day.world.core.database.read() as conn:
        conn.execute(text("SET LOCAL enable_seqscan = off"))
        for run in day.statements().values():
            (told,) = conn.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {run.statement}", run.parameters).one()
            whole += [(node, run.statement) for node in _nodes(json.loads(told) if isinstance(told, str) else told)]
    day.world.close()
    assert whole == []


def _nodes(plan: Any) -> Iterator[str]:
    """The nodes that read a growing table whole: sequentially, or along an index without a condition on it."""
    if isinstance(plan, list):
        for part in plan:
            yield from _nodes(part)
        return
    kind, table = plan.get("Node Type", ""), plan.get("Relation Name", "")
    unbounded = kind in ("Index Scan", "Index Only Scan") and "Index Cond" not in plan and "Filter" in plan
    if table in GROWING and (kind == "Seq Scan" or unbounded):
        yield f"{kind} {table}"
    yield from _nodes([plan[name] for name in ("Plan", "Plans") if name in plan])


def test_the_day_knows_every_route_every_task_and_every_life(days: tuple[Day, Day]) -> None:
    day = days[0]
    routers = [route.original_router for route in day.world.app.routes if hasattr(route, "original_router")]
    routes = [route for router in routers for route in router.routes]
    ours = {(method, route.path) for route in routes for method in route.methods if not route.path.startswith("/demo")}
    assert len(ours) > 20 and ours - day.routes == set()
    assert day.tasks >= set(TASKS)
    deleted = {found[1] for run in day.runs if (found := re.match(r"DELETE FROM (\w+)", run.statement))}
    assert {life.table.name for life in LIVES} <= deleted
