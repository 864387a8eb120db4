"""What people hand in: change requests, applications with photos, complaints, reports of fraud."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint, text

from backend.schema.base import metadata

change_requests = Table(
    "change_requests",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", String(24), nullable=False, unique=True),
    Column("account_id", String(32), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("what", String(16), nullable=False),
    Column("value_sealed", Text),
    Column("state", String(16), nullable=False),
    # Every decision names the version it was made on: of two at once one wins.
    Column("version", Integer, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("decided_at", BigInteger),
    Column("reason_sealed", Text),
    # A newer request for the same detail replaces the older one, never stands beside it.
    Index(
        "ix_change_requests_one_open",
        "account_id",
        "what",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index("ix_change_requests_state", "state", "created_at"),
    Index("ix_change_requests_account_id", "account_id", "state"),
    Index("ix_change_requests_decided_at", "decided_at"),
)

applications = Table(
    "applications",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", String(24), nullable=False, unique=True),
    Column("code_index", String(64)),
    Column("person_index", String(64), nullable=False),
    Column("body_sealed", Text),
    # `held` stands beside an open one of the same code or person: its applicant sees no difference.
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("decided_at", BigInteger),
    Column("reason_sealed", Text),
    Index(
        "ix_applications_one_open_code",
        "code_index",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index(
        "ix_applications_one_open_person",
        "person_index",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index("ix_applications_state", "state", "expires_at"),
    Index("ix_applications_code_index", "code_index", "state"),
    Index("ix_applications_person_index", "person_index", "state"),
    Index("ix_applications_decided_at", "decided_at"),
)

photos = Table(
    "photos",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("draft_id", String(32), ForeignKey("drafts.id", ondelete="CASCADE"), nullable=False),
    Column("application_id", String(32), ForeignKey("applications.id", ondelete="CASCADE"), index=True),
    Column("kind", String(16), nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("draft_id", "kind"),
)

# One-time links to the upload page, for channels that cannot take a photo themselves.
upload_links = Table(
    "upload_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("draft_id", String(32), ForeignKey("drafts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

complaints = Table(
    "complaints",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", String(24), nullable=False, unique=True),
    Column("body_sealed", Text),
    Column("state", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
)

fraud_reports = Table(
    "fraud_reports",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", String(24), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    # The reported number may be a private person's: sealed like one, counted by its index.
    Column("value_index", String(64), nullable=False, index=True),
    Column("value_sealed", Text),
    Column("note_sealed", Text),
    Column("verdict", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
)
