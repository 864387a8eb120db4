"""A challenge may prove a new address; a draft may have several; a submit's outcome is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    # Plain statements, not Alembic's copying of tables: SQLite would empty a table that others point to.
    op.add_column("accounts", sa.Column("phone_changed_at", sa.BigInteger(), nullable=True))
    op.add_column("drafts", sa.Column("outcome_sealed", sa.Text(), nullable=True))
    op.add_column("challenges", sa.Column("decoy", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text("UPDATE challenges SET decoy = (account_id = '')"))
    op.execute(sa.text("ALTER TABLE challenges RENAME COLUMN email_index TO address_index"))
    _current("draft_id", "purpose")


def downgrade() -> None:
    """Take it back."""
    # Two of one draft could not stand side by side in the older schema; they live for minutes.
    op.execute(sa.text("UPDATE challenges SET state = 'dropped'"))
    _current("draft_id")
    op.execute(sa.text("ALTER TABLE challenges RENAME COLUMN address_index TO email_index"))
    op.execute(sa.text("ALTER TABLE challenges DROP COLUMN decoy"))
    op.execute(sa.text("ALTER TABLE drafts DROP COLUMN outcome_sealed"))
    op.execute(sa.text("ALTER TABLE accounts DROP COLUMN phone_changed_at"))


def _current(*columns: str) -> None:
    living = sa.text("state <> 'dropped'")
    op.drop_index("ix_challenges_one_current", "challenges")
    op.create_index(
        "ix_challenges_one_current", "challenges", list(columns), unique=True, sqlite_where=living, postgresql_where=living
    )
