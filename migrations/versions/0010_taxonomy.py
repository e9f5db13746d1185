"""Versions of the taxonomy made by an installation, and rounds of tagging anew."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_KEY = sa.String(length=32)
_TIME = sa.DateTime(timezone=True)
_ALL = "navmatch_sees_all()"
TABLES = ("taxonomy_version", "retagging")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "taxonomy_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=True),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("row_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_taxonomy_version")),
    )
    op.create_table(
        "retagging",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("taxonomy", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("after_id", _KEY, nullable=False),
        sa.Column("held_until", _TIME, nullable=True),
        sa.Column("begun_by", sa.String(length=64), nullable=True),
        sa.Column("begun_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retagging")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            _secure(table)


def downgrade() -> None:
    """Drop them."""
    for table in TABLES:
        op.drop_table(table)


def _secure(table: str) -> None:
    """Let only the platform itself look at and write a table."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY platform ON {table} USING ({_ALL}) WITH CHECK ({_ALL})")


_COUNTS = ("n_total", "n_done", "n_changed", "n_kept", "n_rejected", "kind")
