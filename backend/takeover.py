"""A new password for somebody who proved to be the owner: everything else of the account ends in the same transaction."""

from sqlalchemy import delete, update

from backend import accounts, outbox
from backend.core import Core, Unit
from backend.schema import challenges, change_requests, spoken_passwords


def set_temporary(core: Core, unit: Unit, account_id: str, encoded: str, life_s: int, but_draft: str) -> int:
    """Set the temporary password, end sessions, other challenges and open change requests; returns when it expires."""
    expires_at = unit.now + life_s
    accounts.set_password(core, unit, account_id, encoded, temporary=True, expires_at=expires_at)
    accounts.end_sessions(unit, account_id)
    _end_other_work(unit, account_id, but_draft)
    unit.conn.execute(delete(spoken_passwords).where(spoken_passwords.c.account_id == account_id))
    outbox.withdraw(unit, account_id, "password")
    return expires_at


def _end_other_work(unit: Unit, account_id: str, but_draft: str) -> None:
    table = challenges.c
    # They become decoys instead of ending: whoever holds one sees no difference and can redeem nothing.
    unit.conn.execute(update(challenges).where(table.account_id == account_id, table.draft_id != but_draft).values(decoy=True))
    requests = change_requests.c
    unit.conn.execute(
        update(change_requests)
        .where(requests.account_id == account_id, requests.state == "open")
        .values(state="withdrawn", value_sealed=None, version=requests.version + 1)
    )
