"""Rankings that were shown."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KEY = sa.String(length=32)
_SEEN = "navmatch_owns(owner_id, owner_region)"
_SYSTEM = "navmatch_role() = 'system'"


def upgrade() -> None:
    """Add the table; on PostgreSQL only those it was shown to see a row."""
    op.create_table(
        "match_run",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner_id", _KEY, nullable=True),
        sa.Column("owner_region", sa.String(length=6), nullable=True),
        sa.Column("direction", sa.String(length=32), nullable=False),
        sa.Column("asked_id", _KEY, nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_run")),
    )
    op.create_index("ix_match_run_owner_id", "match_run", ["owner_id", "id"])
    for column in ("created_at", "asked_id"):
        op.create_index(op.f(f"ix_match_run_{column}"), "match_run", [column])
    if op.get_bind().dialect.name == "postgresql":
        _secure()


def downgrade() -> None:
    """Drop it."""
    op.drop_table("match_run")


def _secure() -> None:
    op.execute("ALTER TABLE match_run ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE match_run FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY seen ON match_run FOR SELECT USING ({_SEEN})")
    op.execute(f"CREATE POLICY added ON match_run FOR INSERT WITH CHECK ({_SYSTEM})")
    op.execute(f"CREATE POLICY removed ON match_run FOR DELETE USING ({_SYSTEM})")
