"""Complaints as an officer reads them."""

import json
from dataclasses import dataclass

from sqlalchemy import select

from backend.core import Core
from backend.schema import complaints as table


@dataclass(frozen=True)
class Complaint:
    """One complaint; `contact` is empty when none was left. Time in seconds since the epoch."""

    number: str
    text: str
    contact: str
    created_at: int


def listed(core: Core, limit: int) -> list[Complaint]:
    """The newest complaints, newest first."""
    query = select(table).order_by(table.c.created_at.desc(), table.c.id).limit(limit)
    with core.database.read() as conn:
        rows = conn.execute(query).mappings().all()
    found = []
    for row in rows:
        body = json.loads(core.keys.unseal(row["body_sealed"], table="complaints", column="body", row=row["id"]))
        found.append(Complaint(row["number"], body["text"], body.get("contact", ""), row["created_at"]))
    return found
