"""A session knows its device, and a displaced one is remembered for as long as it would have lived."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    # Sessions from before belong to no device: whoever logs in next is asked for a code, or waits until they are idle.
    op.add_column("sessions", sa.Column("device_hash", sa.String(length=64), nullable=False, server_default=""))
    op.create_table(
        "displaced_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_displaced_sessions_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_displaced_sessions")),
    )
    op.create_index(op.f("ix_displaced_sessions_account_id"), "displaced_sessions", ["account_id"])
    op.create_index(op.f("ix_displaced_sessions_at"), "displaced_sessions", ["at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("displaced_sessions")
    op.execute(sa.text("ALTER TABLE sessions DROP COLUMN device_hash"))
