"""Complaints: a text and, if wanted, how to be reached; ends with a number."""

import json

from sqlalchemy import insert

from backend import counters
from backend.case_numbers import case_number
from backend.core import Core, Unit
from backend.counters import Key
from backend.schema import complaints
from backend.statements import contact, free_text
from backend.tasks.task import Ending, Task


class Complaint(Task):
    """Stored for the officers; what is promised is that it is read, not when."""

    name = "complaint"
    event = "complained"
    fields = {"text": free_text, "contact": contact}
    optional = frozenset({"contact"})

    def finish(self, core: Core, unit: Unit, ending: Ending) -> dict[str, object]:
        """`{"number"}`. Raises DailyLimit for a sender who sent the day's complaints already."""
        key = Key(counters.sender_key(core, ending.sender).subject, self.name)
        counts = counters.lock(unit, [key])[key]
        counters.refuse_over(unit, (counts.sends, core.settings.complaints_per_day, counters.DAY_S))
        counters.tally(unit, "send", key)
        row_id, number = core.keys.row_id(), case_number("KN", core.randomness)
        body = json.dumps(ending.draft.fields, ensure_ascii=False)
        unit.conn.execute(
            insert(complaints).values(
                id=row_id,
                number=number,
                body_sealed=core.keys.seal(body, table="complaints", column="body", row=row_id),
                state="open",
                channel=ending.draft.channel,
                created_at=unit.now,
            )
        )
        return {"number": number}
