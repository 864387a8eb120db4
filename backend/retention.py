"""What is kept how long: drafts lose their values, counters and idempotency answers are deleted."""

from sqlalchemy import delete, update

from backend import outbox
from backend.core import Core
from backend.schema import breaker_buckets, drafts, idempotency, tallies

IDEMPOTENCY_LIFE_S = 86_400
TALLY_LIFE_S = 2 * 86_400  # windows look back one day
SHOWN_LIFE_S = 900  # a sent body on the demo outbox page


def sweep(core: Core) -> None:
    """Delete and erase everything that is past its time; cheap enough for every poll."""
    outbox.erase_shown(core, SHOWN_LIFE_S)
    with core.writing() as unit:
        idle = unit.now - core.settings.reset_draft_life_s
        unit.conn.execute(
            update(drafts)
            .where(drafts.c.state == "open", drafts.c.touched_at <= idle)
            .values(state="expired", fields_sealed=None, code_index=None)
        )
        unit.conn.execute(delete(idempotency).where(idempotency.c.created_at <= unit.now - IDEMPOTENCY_LIFE_S))
        unit.conn.execute(delete(tallies).where(tallies.c.at <= unit.now - TALLY_LIFE_S))
        unit.conn.execute(delete(breaker_buckets).where(breaker_buckets.c.starts_at <= unit.now - TALLY_LIFE_S))
