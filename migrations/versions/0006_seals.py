"""Seals of rows: the hash of all columns, beside them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SEALED = (
    "api_key",
    "base",
    "capability",
    "case_result",
    "change_log",
    "contact",
    "demand",
    "invitation",
    "membership",
    "organisation",
    "person",
    "provider",
    "tag_assignment",
    "vector_cache",
    "widget_token",
)


def upgrade() -> None:
    """Add the column; `models.database.Database.migrate` seals the rows there are."""
    there = set(sa.inspect(op.get_bind()).get_table_names())
    for table in filter(there.__contains__, SEALED):
        op.add_column(table, sa.Column("row_hash", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Take the column away."""
    for table in SEALED:
        op.drop_column(table, "row_hash")
