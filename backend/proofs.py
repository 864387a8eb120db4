"""Challenges as values: what a draft has asked to be proved, and how far it got."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, bindparam, select

from backend.core import Core
from backend.counters import Key
from backend.schema import challenges


@dataclass(frozen=True)
class Challenge:
    """One challenge over all its codes. Times in seconds since the epoch; `account_id` may be empty."""

    id: str
    draft_id: str
    subject: str
    purpose: str
    decoy: bool
    account_id: str
    address_index: str
    code_mac: str
    state: str
    wrong: int
    sends: int
    sent_at: int
    expires_at: int
    verified_at: int | None

    @property
    def key(self) -> Key:
        """What its sends and answers are counted under."""
        return Key(self.subject, self.purpose)

    def is_verified(self, core: Core, now: int) -> bool:
        """Whether it was answered right and not too long ago."""
        life_s = core.settings.otp_verified_life_s
        return self.state == "verified" and self.verified_at is not None and now < self.verified_at + life_s

    def is_over(self, core: Core, now: int) -> bool:
        """Whether the next code needs a new challenge."""
        return self.state == "dead" or (self.state == "verified" and not self.is_verified(core, now))


# Built once: SQLAlchemy takes longer to build a statement than SQLite to run it.
_OF_DRAFT = select(challenges).where(challenges.c.draft_id == bindparam("draft_id"), challenges.c.state != "dropped")
Proofs = Mapping[str, Challenge]
"""The challenges of one draft that were not dropped, by purpose."""


def of_draft(conn: Connection, draft_id: str) -> Proofs:
    """The draft's challenges that were not dropped."""
    return {row["purpose"]: challenge(row) for row in conn.execute(_OF_DRAFT, {"draft_id": draft_id}).mappings()}


def challenge(row: RowMapping) -> Challenge:
    """The row as a value."""
    return Challenge(**{name: row[name] for name in Challenge.__dataclass_fields__})
