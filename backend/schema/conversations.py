"""Drafts and challenges: what one conversation is about, and what it has proved."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, false, text

from backend.schema.base import Serial, metadata

drafts = Table(
    "drafts",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("task", String(32), nullable=False),
    Column("binding", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("consented_at", BigInteger),
    Column("fields_sealed", Text),
    # What came of it (a number, a handle): kept for the retry of a submit whose answer was lost.
    Column("outcome_sealed", Text),
    Column("code_index", String(64), index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("touched_at", BigInteger, nullable=False, index=True),
    # The database itself refuses a second open draft of one conversation.
    Index(
        "ix_drafts_one_open",
        "binding",
        "task",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index("ix_drafts_newest", "binding", "task", "seq"),
    # The sweeper looks every second: among the open ones, and among those whose outcome is still kept.
    Index("ix_drafts_state", "state", "touched_at"),
    Index(
        "ix_drafts_told",
        "touched_at",
        sqlite_where=text("outcome_sealed IS NOT NULL"),
        postgresql_where=text("outcome_sealed IS NOT NULL"),
    ),
)

challenges = Table(
    "challenges",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("draft_id", String(32), ForeignKey("drafts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("subject", String(64), nullable=False, index=True),
    Column("purpose", String(32), nullable=False),
    # No answer to a decoy can be right.
    Column("decoy", Boolean, nullable=False, server_default=false()),
    # Empty for a decoy, and where a new address is proved that no account has yet.
    Column("account_id", String(32), nullable=False, server_default="", index=True),
    Column("address_index", String(64), nullable=False),
    Column("code_mac", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("sends", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("verified_at", BigInteger),
    # A draft has one current challenge for each thing to prove; dropped ones stay for the record.
    Index(
        "ix_challenges_one_current",
        "draft_id",
        "purpose",
        unique=True,
        sqlite_where=text("state <> 'dropped'"),
        postgresql_where=text("state <> 'dropped'"),
    ),
)
