"""Who works on an uploaded sheet, who had it imported, how often it was tried."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns; a sheet that waits is free for whoever comes first."""
    for column in (
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("n_tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("not_before", _TIME, nullable=True),
        sa.Column("taken_by", sa.String(length=64), nullable=True),
        sa.Column("taken_at", _TIME, nullable=True),
        sa.Column("held_until", _TIME, nullable=True),
    ):
        op.add_column("import_job", column)


def downgrade() -> None:
    """Drop them."""
    for name in ("held_until", "taken_at", "taken_by", "not_before", "n_tries", "confirmed_by"):
        op.drop_column("import_job", name)
