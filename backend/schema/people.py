"""Accounts and their sessions."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, String, Table, Text

from backend.schema.base import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("code_index", String(64), nullable=False, unique=True),
    Column("personal_index", String(64), unique=True),
    Column("email_index", String(64)),
    Column("profile_sealed", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("password_sealed", Text, nullable=False),
    Column("password_temporary", Boolean, nullable=False),
    Column("password_set_at", BigInteger, nullable=False),
    Column("password_expires_at", BigInteger),
    # When the number on file was changed last; a fresh one receives no codes (security note, row 29).
    Column("phone_changed_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    # The primary key is the account: a second session of one account cannot exist.
    Column("account_id", String(32), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("device_hash", String(64), nullable=False, server_default=""),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)

# Living sessions that another device ended, so that their device can be told why.
displaced_sessions = Table(
    "displaced_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", String(32), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False, index=True),
)
