"""Who somebody is, said for one task, is not asked again for the next one of the same conversation."""

from dataclasses import replace

from sqlalchemy import bindparam, select

from backend import drafts
from backend.assertion import Sender
from backend.core import Core, Unit
from backend.drafts import Draft
from backend.schema import drafts as rows
from backend.tasks.task import Task

WHO = ("code", "full_name", "dob", "id_number")
"""Fields that name the same person in every task. An address is not among them (a new one is none on file), nor is a proof."""

_OTHERS = (
    select(rows)
    .where(rows.c.binding.in_(bindparam("bindings", expanding=True)))
    .where(rows.c.state == "open", rows.c.touched_at > bindparam("idle"))
    .order_by(rows.c.touched_at, rows.c.seq)
)


def open_or_resume(core: Core, unit: Unit, sender: Sender, task: Task) -> Draft:
    """The conversation's draft of the task; one without values begins with what its other open drafts say of the person."""
    draft = drafts.open_or_resume(core, unit, sender, task)
    wanted = [field for field in WHO if field in task.fields]
    if draft.fields or not wanted:
        return draft
    mine = {"bindings": drafts.bindings_of(core, sender), "idle": unit.now - core.settings.draft_life_s}
    others = [drafts.read(core, row) for row in unit.conn.execute(_OTHERS, mine).mappings()]
    said = {field: one.fields[field] for one in others for field in wanted if field in one.fields}
    if said:
        drafts.store_fields(core, unit, draft.id, said)
    return replace(draft, fields=said)
