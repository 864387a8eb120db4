"""The tables. Times are whole seconds since the epoch; `*_sealed` columns hold AES-GCM text; ids are random hex."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Serial = BigInteger().with_variant(Integer(), "sqlite")

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
    Column("created_at", BigInteger, nullable=False),
)

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
)

challenges = Table(
    "challenges",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("draft_id", String(32), ForeignKey("drafts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("subject", String(64), nullable=False, index=True),
    Column("purpose", String(32), nullable=False),
    # Empty for a decoy: no account is behind it and no answer can be right.
    Column("account_id", String(32), nullable=False, server_default="", index=True),
    Column("email_index", String(64), nullable=False),
    Column("code_mac", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("sends", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("verified_at", BigInteger),
    # A draft has one current challenge; dropped ones stay for the record.
    Index(
        "ix_challenges_one_current",
        "draft_id",
        unique=True,
        sqlite_where=text("state <> 'dropped'"),
        postgresql_where=text("state <> 'dropped'"),
    ),
)

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
)

sessions = Table(
    "sessions",
    metadata,
    # The primary key is the account: a second session of one account cannot exist.
    Column("account_id", String(32), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("key_hash", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("answer_sealed", Text),
    Column("created_at", BigInteger, nullable=False, index=True),
)

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
