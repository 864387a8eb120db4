"""What is counted, and what may come once only."""

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from backend.schema.base import Serial, metadata

# One row a subject and purpose; its row lock puts parallel answers and sends in order.
subjects = Table(
    "subjects",
    metadata,
    Column("subject", String(64), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("consecutive", Integer, nullable=False),
    Column("touched_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("subject", "purpose"),
)

# One row a send, a wrong answer or a failed login: the rolling windows are counted from these.
tallies = Table(
    "tallies",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("subject", String(64), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
    Index("ix_tallies_window", "subject", "purpose", "kind", "at"),
)

breaker_buckets = Table(
    "breaker_buckets",
    metadata,
    Column("channel", String(16), nullable=False),
    Column("starts_at", BigInteger, nullable=False),
    Column("issued", Integer, nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("wrong_real", Integer, nullable=False),
    PrimaryKeyConstraint("channel", "starts_at"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("key_hash", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("answer_sealed", Text),
    Column("created_at", BigInteger, nullable=False, index=True),
)

# Every signed request is accepted once; the rows live as long as its time stamp would be accepted.
nonces = Table(
    "nonces",
    metadata,
    Column("nonce", String(64), primary_key=True),
    Column("at", BigInteger, nullable=False, index=True),
)
