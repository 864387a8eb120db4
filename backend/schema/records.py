"""What the program remembers of itself: the audit trail, and where the demo stands."""

from sqlalchemy import BigInteger, Column, String, Table

from backend.schema.base import Serial, metadata

audit = Table(
    "audit",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("event", String(48), nullable=False),
    Column("account_id", String(32), nullable=False, index=True),
    Column("channel", String(16), nullable=False),
)

demo_state = Table(
    "demo_state",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", String(64), nullable=False),
)
