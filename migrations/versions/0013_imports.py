"""Uploaded sheets, and how far importing them has come."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_KEY = sa.String(length=32)
_TIME = sa.DateTime(timezone=True)
_OWN = "navmatch_owns(owner_id, owner_region)"
_OF_JOB = "EXISTS (SELECT 1 FROM import_job AS j WHERE j.id = job_id)"
_SYSTEM = "navmatch_role() = 'system'"
_COUNTS = ("n_rows", "n_created", "n_updated", "n_unchanged", "n_refused", "after_row")
SEEN = {"import_job": _OWN, "import_file": _OF_JOB, "import_refusal": _OF_JOB}


def upgrade() -> None:
    """Add the tables; on PostgreSQL only whoever sent a sheet sees it."""
    op.create_table(
        "import_job",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("owner_id", _KEY, nullable=True),
        sa.Column("owner_region", sa.String(length=6), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sheet", sa.String(length=100), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("fault", sa.String(length=500), nullable=True),
        sa.Column("begun_at", _TIME, nullable=True),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_job")),
    )
    op.create_index("ix_import_job_owner_id", "import_job", ["owner_id", "id"])
    for column in ("created_at", "state"):
        op.create_index(op.f(f"ix_import_job_{column}"), "import_job", [column])
    op.create_table(
        "import_file",
        sa.Column("job_id", _KEY, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_import_file")),
    )
    op.create_table(
        "import_refusal",
        sa.Column("job_id", _KEY, nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "row", name=op.f("pk_import_refusal")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table, seen in SEEN.items():
            _secure(table, seen)


def downgrade() -> None:
    """Drop them."""
    for table in SEEN:
        op.drop_table(table)


def _secure(table: str, seen: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY seen ON {table} FOR SELECT USING ({seen})")
    op.execute(f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({_SYSTEM})")
    op.execute(
        f"CREATE POLICY changed ON {table} FOR UPDATE USING ({_SYSTEM}) WITH CHECK ({_SYSTEM})"
    )
    op.execute(f"CREATE POLICY removed ON {table} FOR DELETE USING ({_SYSTEM})")
