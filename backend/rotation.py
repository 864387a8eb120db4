"""Changing the master key while people are being served: every sealed value and every index is made anew.

Deploy the ring in three steps: `old,new` everywhere (all can read), `new,old` everywhere (all write the new one), then this;
when nothing is left, `new` alone. A row that does not open is counted and left: it was moved, or belongs to a lost key.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, Table, func, or_, select, update

from backend import accounts, schema
from backend.core import Core
from backend.keys import Unreadable
from backend.official import reports

BATCH = 200  # rows a transaction: nobody waits long for the locks it holds
Opened = dict[str, str]
Indexes = Callable[[Core, RowMapping, Opened], dict[str, Any]]


@dataclass(frozen=True)
class Sealed:
    """One table: its sealed columns (named without `_sealed`), and the indexes that hang on what is inside."""

    table: Table
    columns: tuple[str, ...]
    indexes: Indexes | None = None

    @property
    def key(self) -> str:
        """The column that names the row, in its place and in its seal."""
        return "id" if "id" in self.table.c else str(self.table.primary_key.columns[0].name)


@dataclass(frozen=True)
class Progress:
    """How far it got with a table: rows made anew so far, and rows that did not open."""

    table: str
    done: int
    unreadable: int


def _account(core: Core, row: RowMapping, opened: Opened) -> dict[str, Any]:
    made = accounts.row_of(core, row["id"], accounts.profile_of(opened["profile"]))
    return {name: value for name, value in made.items() if name.endswith("_index")}


def _member(column: str, **indexes: tuple[str, str]) -> Indexes:
    """Indexes (purpose, member) over the members of a sealed JSON object."""

    def make(core: Core, _row: RowMapping, opened: Opened) -> dict[str, Any]:
        body = json.loads(opened.get(column, "{}"))
        return {name: core.keys.mac(purpose, body[member]) for name, (purpose, member) in indexes.items() if member in body}

    return make


def _reported(core: Core, _row: RowMapping, opened: Opened) -> dict[str, Any]:
    return {"value_index": reports.value_index(core, opened["value"])}


SEALED = (
    Sealed(schema.accounts, ("profile", "password"), _account),
    Sealed(
        schema.applications,
        ("body", "reason"),
        _member("body", code_index=("index-code", "code"), person_index=("index-person", "id_number")),
    ),
    Sealed(schema.change_requests, ("value", "reason")),
    Sealed(schema.complaints, ("body",)),
    Sealed(schema.drafts, ("fields", "outcome"), _member("fields", code_index=("index-code", "code"))),
    Sealed(schema.fraud_reports, ("value", "note"), _reported),
    Sealed(schema.idempotency, ("answer",)),
    Sealed(schema.outbox, ("content",)),
    Sealed(schema.photos, ("content",)),
    Sealed(schema.spoken_passwords, ("password",)),
)


def rotate(core: Core) -> Iterator[Progress]:
    """Make everything anew with the current key, a batch a transaction; may be broken off and begun again."""
    for sealed in SEALED:
        done = unreadable = 0
        after = ""
        while True:
            made, failed, after = _batch(core, sealed, after)
            done, unreadable = done + made, unreadable + failed
            yield Progress(sealed.table.name, done, unreadable)
            if not after:
                break


def _batch(core: Core, sealed: Sealed, after: str) -> tuple[int, int, str]:
    table, key = sealed.table, sealed.table.c[sealed.key]
    with core.writing() as unit:
        query = select(table).where(key > after, or_(*_old(core, sealed))).order_by(key).limit(BATCH).with_for_update()
        rows = unit.conn.execute(query).mappings().all()
        failed = 0
        for row in rows:
            try:
                values = _anew(core, sealed, row)
            except Unreadable:
                failed += 1
                continue
            unit.conn.execute(update(table).where(key == row[sealed.key]).values(**values))
    return len(rows) - failed, failed, str(rows[-1][sealed.key]) if len(rows) == BATCH else ""


def _old(core: Core, sealed: Sealed) -> Iterator[Any]:
    """Which rows hold a value that another key sealed."""
    for name in sealed.columns:
        column = sealed.table.c[f"{name}_sealed"]
        if column.type.python_type is bytes:
            yield column.is_not(None) & (func.substr(column, 1, 4) != bytes.fromhex(core.keys.current))
        else:
            yield column.is_not(None) & ~column.startswith(f"{core.keys.current}.")


def _anew(core: Core, sealed: Sealed, row: RowMapping) -> dict[str, Any]:
    values: dict[str, Any] = {}
    opened: Opened = {}
    for name in sealed.columns:
        given = row[f"{name}_sealed"]
        place = {"table": sealed.table.name, "column": name, "row": row[sealed.key]}
        if isinstance(given, bytes):
            values[f"{name}_sealed"] = core.keys.seal_bytes(core.keys.unseal_bytes(given, **place), **place)
        elif given is not None:
            opened[name] = core.keys.unseal(given, **place)
            values[f"{name}_sealed"] = core.keys.seal(opened[name], **place)
    return values | (sealed.indexes(core, row, opened) if sealed.indexes else {})
