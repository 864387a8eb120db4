"""Drafts: the personal values of one task in one conversation, sealed, erased when the task ends."""

import json
from dataclasses import dataclass, replace

from sqlalchemy import Connection, RowMapping, insert, select, update

from backend.assertion import Sender
from backend.core import Core, Unit
from backend.errors import DraftClosed, NoDraft, NotFound
from backend.schema import challenges, drafts
from backend.tasks import Task


@dataclass(frozen=True)
class Draft:
    """One draft. `fields` holds full values and never leaves the services."""

    id: str
    task: str
    binding: str
    channel: str
    state: str
    consented: bool
    fields: dict[str, str]


def binding_of(core: Core, sender: Sender) -> str:
    """What a draft and its challenges are bound to: channel, sender and conversation."""
    return core.keys.mac("binding", sender.channel, sender.sender, sender.conversation)


def newest(core: Core, conn: Connection, sender: Sender, task: Task, now: int) -> Draft:
    """The conversation's newest draft of the task, expired by the clock if it is; raises NoDraft."""
    row = (
        conn.execute(
            select(drafts)
            .where(drafts.c.binding == binding_of(core, sender), drafts.c.task == task.name)
            .order_by(drafts.c.seq.desc())
            .limit(1)
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NoDraft()
    draft = _draft(core, row)
    if draft.state == "open" and row["touched_at"] <= now - core.settings.reset_draft_life_s:
        return replace(draft, state="expired", fields={})
    return draft


def require_open(core: Core, unit: Unit, sender: Sender, task: Task) -> Draft:
    """The open draft, its row locked and its idle time begun anew; raises NoDraft or DraftClosed."""
    draft = newest(core, unit.conn, sender, task, unit.now)
    if draft.state != "open":
        raise DraftClosed(state=draft.state)
    touch(unit, draft)
    return draft


def open_or_resume(core: Core, unit: Unit, sender: Sender, task: Task) -> Draft:
    """The open draft of this conversation, made when there is none."""
    try:
        draft = newest(core, unit.conn, sender, task, unit.now)
    except NoDraft:
        draft = None
    if draft is not None and draft.state == "open":
        touch(unit, draft)
        return draft
    if draft is not None and draft.state == "expired":
        close(unit, draft, "expired")
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


def consent(core: Core, unit: Unit, sender: Sender, task: Task) -> Draft:
    """Note that the person went on after the privacy sentence."""
    draft = require_open(core, unit, sender, task)
    unit.conn.execute(update(drafts).where(drafts.c.id == draft.id).values(consented_at=unit.now, touched_at=unit.now))
    return replace(draft, consented=True)


def set_field(core: Core, unit: Unit, sender: Sender, task: Task, field: str, typed: str) -> Draft:
    """Store a folded value; another value than before drops the challenge. Raises BadValue or NotFound."""
    if field not in task.fields:
        raise NotFound()
    draft = require_open(core, unit, sender, task)
    value = task.fields[field](typed)
    changed = draft.fields.get(field) != value
    fields = {**draft.fields, field: value}
    sealed = core.keys.seal(json.dumps(fields), table="drafts", column="fields", row=draft.id)
    code = fields.get("code")
    unit.conn.execute(
        update(drafts)
        .where(drafts.c.id == draft.id)
        .values(
            fields_sealed=sealed,
            code_index=core.keys.mac("index-code", code) if code else None,
            touched_at=unit.now,
        )
    )
    if changed:
        unit.conn.execute(update(challenges).where(challenges.c.draft_id == draft.id).values(state="dropped"))
    return replace(draft, fields=fields)


def cancel(core: Core, unit: Unit, sender: Sender, task: Task) -> Draft:
    """Erase the values and kill the challenge; a draft that is closed already stays as it is."""
    draft = newest(core, unit.conn, sender, task, unit.now)
    if draft.state in ("done", "cancelled"):
        return draft
    return close(unit, draft, "cancelled")


def close(unit: Unit, draft: Draft, state: str) -> Draft:
    """End the draft in that state: no values, no living challenge."""
    unit.conn.execute(
        update(challenges).where(challenges.c.draft_id == draft.id, challenges.c.state != "used").values(state="dropped")
    )
    unit.conn.execute(
        update(drafts)
        .where(drafts.c.id == draft.id)
        .values(state=state, fields_sealed=None, code_index=None, touched_at=unit.now)
    )
    return replace(draft, state=state, fields={})


def touch(unit: Unit, draft: Draft) -> None:
    """Start the idle time again and lock the row; raises DraftClosed when another request just closed it."""
    query = update(drafts).where(drafts.c.id == draft.id, drafts.c.state == "open")
    if unit.conn.execute(query.values(touched_at=unit.now)).rowcount != 1:
        raise DraftClosed()


def _draft(core: Core, row: RowMapping) -> Draft:
    sealed = row["fields_sealed"]
    fields = json.loads(core.keys.unseal(sealed, table="drafts", column="fields", row=row["id"])) if sealed else {}
    return Draft(
        id=row["id"],
        task=row["task"],
        binding=row["binding"],
        channel=row["channel"],
        state=row["state"],
        consented=row["consented_at"] is not None,
        fields=fields,
    )
