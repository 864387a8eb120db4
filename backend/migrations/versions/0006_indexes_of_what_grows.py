"""Indexes for every statement that would read a growing table whole."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_applications_code_index", "applications", ["code_index", "state"]),
    ("ix_applications_person_index", "applications", ["person_index", "state"]),
    ("ix_applications_decided_at", "applications", ["decided_at"]),
    ("ix_change_requests_account_id", "change_requests", ["account_id", "state"]),
    ("ix_change_requests_decided_at", "change_requests", ["decided_at"]),
    ("ix_drafts_state", "drafts", ["state", "touched_at"]),
    ("ix_outbox_created_at", "outbox", ["created_at"]),
)
PARTIAL = (
    ("ix_drafts_told", "drafts", ["touched_at"], "outcome_sealed IS NOT NULL"),
    ("ix_outbox_bodies", "outbox", ["state", "not_after"], "content_sealed IS NOT NULL"),
)


def upgrade() -> None:
    """Make the change."""
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    for name, table, columns, condition in PARTIAL:
        where = sa.text(condition)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take it back."""
    for name, table, *_ in (*PARTIAL, *INDEXES):
        op.drop_index(name, table)
