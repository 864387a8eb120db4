"""What people report as fraud: kept sealed, answered with a number and the verdict."""

from sqlalchemy import insert

from backend import counters
from backend.assertion import Sender
from backend.case_numbers import case_number
from backend.core import Core, Unit
from backend.counters import Key
from backend.official.verdict import Judgement, judge
from backend.schema import fraud_reports

PURPOSE = "fraud_report"


def report(core: Core, unit: Unit, sender: Sender, value: str, note: str) -> tuple[str, Judgement]:
    """Store one report and give its number; raises DailyLimit for a sender who sent the day's reports already.

    The value is sealed and counted by a blind index of its canonical form: it may be a private person's number. A
    report changes no verdict, because anybody can report anything.
    """
    key = Key(counters.sender_key(core, sender).subject, PURPOSE)
    counts = counters.lock(unit, [key])[key]
    counters.refuse_over(unit, (counts.sends, core.settings.fraud_reports_per_day, counters.DAY_S))
    counters.tally(unit, "send", key)
    judgement = judge(value)
    row_id, number = core.keys.row_id(), case_number("PA", core.randomness)
    unit.conn.execute(
        insert(fraud_reports).values(
            id=row_id,
            number=number,
            kind=judgement.finding.kind.value,
            value_index=value_index(core, value, judgement),
            value_sealed=core.keys.seal(value, table="fraud_reports", column="value", row=row_id),
            note_sealed=core.keys.seal(note, table="fraud_reports", column="note", row=row_id) if note else None,
            verdict=judgement.finding.verdict.value,
            channel=sender.channel,
            created_at=unit.now,
        )
    )
    return number, judgement


def value_index(core: Core, value: str, judgement: Judgement | None = None) -> str:
    """The blind index of what was reported, the same for every spelling."""
    finding = (judgement or judge(value)).finding
    canonical = finding.value or " ".join(value.split()).casefold()
    return core.keys.mac("index-fraud-report", finding.kind.value, canonical)
