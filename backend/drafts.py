"""Drafts: the personal values of one task in one conversation, sealed, erased when the task ends."""

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from backend.assertion import Sender
from backend.clock import today
from backend.core import Core, Unit
from backend.errors import DraftClosed, NoDraft, NotFound
from backend.schema import challenges, drafts, photos, upload_links

if TYPE_CHECKING:
    from backend.tasks.task import Task


@dataclass(frozen=True)
class Draft:
    """One draft. `fields` holds full values and never leaves the services; `outcome` is what came of it."""

    id: str
    task: str
    binding: str
    channel: str
    state: str
    consented: bool
    fields: dict[str, str]
    outcome: dict[str, object] | None = None


# Built once: SQLAlchemy takes longer to build a statement than SQLite to run it.
_MINE = drafts.c.binding.in_(bindparam("bindings", expanding=True)), drafts.c.task == bindparam("of")
_NEWEST = select(drafts).where(*_MINE).order_by(drafts.c.seq.desc()).limit(1)
_OPEN = update(drafts).where(drafts.c.state == "open", drafts.c.touched_at > bindparam("idle"))
_OPEN_HERE = _OPEN.where(*_MINE).values(touched_at=bindparam("now")).returning(drafts)
_OPEN_WITH_ID = _OPEN.where(drafts.c.id == bindparam("which")).values(touched_at=bindparam("now")).returning(drafts)


def binding_of(core: Core, sender: Sender) -> str:
    """What a draft and its challenges are bound to: channel, sender and conversation."""
    return core.keys.mac("binding", sender.channel, sender.sender, sender.conversation)


def bindings_of(core: Core, sender: Sender) -> list[str]:
    """The same under every key of the ring: how an older draft may be bound."""
    return core.keys.macs("binding", sender.channel, sender.sender, sender.conversation)


def newest(core: Core, conn: Connection, sender: Sender, task: "Task", now: int) -> Draft:
    """The conversation's newest draft of the task, expired by the clock if it is; raises NoDraft."""
    row = conn.execute(_NEWEST, {"bindings": bindings_of(core, sender), "of": task.name}).mappings().first()
    if row is None:
        raise NoDraft()
    draft = read(core, row)
    if draft.state == "open" and row["touched_at"] <= now - core.settings.draft_life_s:
        return replace(draft, state="expired", fields={})
    return draft


def require_open(core: Core, unit: Unit, sender: Sender, task: "Task") -> Draft:
    """The open draft, its row locked and its idle time begun anew; raises NoDraft or DraftClosed."""
    given = {"bindings": bindings_of(core, sender), "of": task.name} | _times(core, unit)
    row = unit.conn.execute(_OPEN_HERE, given).mappings().first()
    if row is None:
        raise DraftClosed(state=newest(core, unit.conn, sender, task, unit.now).state)
    return read(core, row)


def hold(core: Core, unit: Unit, draft_id: str) -> Draft:
    """The same for the draft with that id; raises DraftClosed."""
    row = unit.conn.execute(_OPEN_WITH_ID, {"which": draft_id} | _times(core, unit)).mappings().first()
    if row is None:
        raise DraftClosed()
    return read(core, row)


def _times(core: Core, unit: Unit) -> dict[str, int]:
    return {"now": unit.now, "idle": unit.now - core.settings.draft_life_s}


def open_or_resume(core: Core, unit: Unit, sender: Sender, task: "Task") -> Draft:
    """The open draft of this conversation, made when there is none."""
    try:
        draft = newest(core, unit.conn, sender, task, unit.now)
    except NoDraft:
        draft = None
    if draft is not None and draft.state == "open":
        touch(unit, draft)
        return draft
    if draft is not None and draft.state == "expired":
        close(core, unit, draft, "expired")
    made = Draft(core.keys.row_id(), task.name, binding_of(core, sender), sender.channel, "open", False, {})
    unit.conn.execute(
        insert(drafts).values(
            id=made.id,
            task=made.task,
            binding=made.binding,
            channel=made.channel,
            state="open",
            created_at=unit.now,
            touched_at=unit.now,
        )
    )
    return made


def consent(core: Core, unit: Unit, sender: Sender, task: "Task") -> Draft:
    """Note that the person went on after the privacy sentence."""
    draft = require_open(core, unit, sender, task)
    unit.conn.execute(update(drafts).where(drafts.c.id == draft.id).values(consented_at=unit.now, touched_at=unit.now))
    return replace(draft, consented=True)


def set_field(core: Core, unit: Unit, sender: Sender, task: "Task", field: str, typed: str) -> Draft:
    """Store a folded value; another value than before drops what hung on it. Raises BadValue or NotFound."""
    if field not in task.fields:
        raise NotFound()
    draft = require_open(core, unit, sender, task)
    value = task.fold(field, typed, today(unit.now))
    changed = draft.fields.get(field) != value
    fields = {**draft.fields, field: value}
    store_fields(core, unit, draft.id, fields)
    if changed:
        # What was proved with the old value, whichever steps the task had then.
        hung = {step.purpose for step in (*task.steps(draft.fields), *task.steps(fields)) if field in step.needs}
        unit.conn.execute(
            update(challenges).where(challenges.c.draft_id == draft.id, challenges.c.purpose.in_(hung)).values(state="dropped")
        )
    return replace(draft, fields=fields)


def store_fields(core: Core, unit: Unit, draft_id: str, fields: dict[str, str]) -> None:
    """Seal the values into the draft's row."""
    sealed = core.keys.seal(json.dumps(fields), table="drafts", column="fields", row=draft_id)
    code = fields.get("code")
    unit.conn.execute(
        update(drafts)
        .where(drafts.c.id == draft_id)
        .values(
            fields_sealed=sealed,
            code_index=core.keys.mac("index-code", code) if code else None,
            touched_at=unit.now,
        )
    )


def cancel(core: Core, unit: Unit, sender: Sender, task: "Task") -> Draft:
    """Erase the values and kill the challenges; a draft that is closed already stays as it is."""
    draft = newest(core, unit.conn, sender, task, unit.now)
    if draft.state in ("done", "cancelled"):
        return draft
    return close(core, unit, draft, "cancelled")


def close(core: Core, unit: Unit, draft: Draft, state: str, outcome: dict[str, object] | None = None) -> Draft:
    """End the draft in that state: no values, no photos of its own, no living challenge; `outcome` stays to be read again."""
    unit.conn.execute(
        update(challenges).where(challenges.c.draft_id == draft.id, challenges.c.state != "used").values(state="dropped")
    )
    if draft.task == "register_account":
        unit.conn.execute(photos.delete().where(photos.c.draft_id == draft.id, photos.c.application_id.is_(None)))
        unit.conn.execute(upload_links.delete().where(upload_links.c.draft_id == draft.id))
    sealed = core.keys.seal(json.dumps(outcome), table="drafts", column="outcome", row=draft.id) if outcome else None
    unit.conn.execute(
        update(drafts)
        .where(drafts.c.id == draft.id)
        .values(state=state, fields_sealed=None, code_index=None, outcome_sealed=sealed, touched_at=unit.now)
    )
    return replace(draft, state=state, fields={}, outcome=outcome or None)


def touch(unit: Unit, draft: Draft) -> None:
    """Start the idle time again and lock the row; raises DraftClosed when another request just closed it."""
    query = update(drafts).where(drafts.c.id == draft.id, drafts.c.state == "open")
    if unit.conn.execute(query.values(touched_at=unit.now)).rowcount != 1:
        raise DraftClosed()


def read(core: Core, row: RowMapping) -> Draft:
    """The draft a row holds, its values opened."""

    def opened(column: str) -> dict[str, object] | None:
        sealed = row[f"{column}_sealed"]
        return json.loads(core.keys.unseal(sealed, table="drafts", column=column, row=row["id"])) if sealed else None

    return Draft(
        id=row["id"],
        task=row["task"],
        binding=row["binding"],
        channel=row["channel"],
        state=row["state"],
        consented=row["consented_at"] is not None,
        fields={name: str(value) for name, value in (opened("fields") or {}).items()},
        outcome=opened("outcome"),
    )
