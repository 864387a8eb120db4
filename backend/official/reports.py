"""What people report as fraud: kept sealed, answered with a number and the verdict."""

from backend.assertion import Sender
from backend.case_numbers import case_number
from backend.core import Core, Unit
from backend.database import insert_into
from backend.errors import Busy
from backend.official.verdict import Judgement, judge
from backend.schema import fraud_reports

PREFIX = "PA"  # phản ánh
_DRAWS = 5  # of a number that is not taken; two alike on one day are already rare


def report(core: Core, unit: Unit, sender: Sender, value: str, note: str) -> tuple[str, Judgement]:
    """Store one report and give its number; raises Busy when no free number was drawn.

    The value is sealed and counted by a blind index of its canonical form: it may be a private person's number. A
    report changes no verdict, because anybody can report anything.
    """
    judgement = judge(value)
    finding = judgement.finding
    row_id = core.keys.row_id()
    canonical = finding.value or " ".join(value.split()).casefold()
    for _ in range(_DRAWS):
        number = case_number(PREFIX, core.randomness, unit.now)
        made = insert_into(unit.conn, fraud_reports).values(
            id=row_id,
            number=number,
            kind=finding.kind.value,
            value_index=core.keys.mac("index-fraud-report", finding.kind.value, canonical),
            value_sealed=core.keys.seal(value, table="fraud_reports", column="value", row=row_id),
            note_sealed=core.keys.seal(note, table="fraud_reports", column="note", row=row_id) if note else None,
            verdict=finding.verdict.value,
            channel=sender.channel,
            created_at=unit.now,
        )
        free = made.on_conflict_do_nothing(index_elements=["number"]).returning(fraud_reports.c.id)
        if unit.conn.execute(free).scalar() is not None:
            return number, judgement
    raise Busy(retry_after=1)
