"""What goes out: messages, and the secret that is spoken instead of sent."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from backend.schema.base import Serial, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("channel", String(8), nullable=False),
    Column("kind", String(16), nullable=False),
    # A void row costs the same work as a real one and reaches nobody.
    Column("void", Boolean, nullable=False),
    Column("reference", String(32), nullable=False, index=True),
    Column("content_sealed", Text),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("not_after", BigInteger),
    Column("lease_owner", String(32)),
    Column("lease_until", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    Index("ix_outbox_due", "channel", "state", "next_at"),
    Index("ix_outbox_created_at", "created_at"),
    # Only rows that still have a body, which are few: what the sweeper looks through every second.
    Index(
        "ix_outbox_bodies",
        "state",
        "not_after",
        sqlite_where=text("content_sealed IS NOT NULL"),
        postgresql_where=text("content_sealed IS NOT NULL"),
    ),
)

# The new password of a hotline reset until that call, and no other, has heard it.
spoken_passwords = Table(
    "spoken_passwords",
    metadata,
    Column("handle_hash", String(64), primary_key=True),
    Column("account_id", String(32), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("binding", String(64), nullable=False),
    Column("password_sealed", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)
