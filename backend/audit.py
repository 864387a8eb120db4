"""The audit trail: what happened to which account, without any personal value."""

from sqlalchemy import insert

from backend.core import Unit
from backend.schema import audit


def record(unit: Unit, event: str, account_id: str, channel: str) -> None:
    """Append one row in the transaction of its cause."""
    unit.conn.execute(insert(audit).values(at=unit.now, event=event, account_id=account_id, channel=channel))
