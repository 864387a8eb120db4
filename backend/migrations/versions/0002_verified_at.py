"""When a challenge was verified: a verification ages."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("challenges", sa.Column("verified_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("challenges", "verified_at")
