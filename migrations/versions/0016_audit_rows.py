"""On PostgreSQL the audit chain is seen by the service, and by who may append to it."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_SYSTEM = "navmatch_role() = 'system'"
_OWN_CHAIN = """navmatch_role() <> '' AND chain = coalesce(
    nullif(current_setting('navmatch.organisation', true), ''), 'platform')"""
"""The chain an act of whoever acts is entered in: the release before appends to it as them."""

_ALLOWED = f"{_SYSTEM} OR ({_OWN_CHAIN})"
TABLES = ("audit_event", "audit_checkpoint")


def upgrade() -> None:
    """Secure the tables; nobody but the service deletes, and nobody changes, an entry."""
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            _secure(table)


def downgrade() -> None:
    """Let everybody see them again."""
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            for policy in ("seen", "added", "changed", "removed"):
                op.execute(f"DROP POLICY {policy} ON {table}")
            op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def _secure(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY seen ON {table} FOR SELECT USING ({_ALLOWED})")
    op.execute(f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({_ALLOWED})")
    op.execute(
        f"CREATE POLICY changed ON {table} FOR UPDATE USING ({_SYSTEM}) WITH CHECK ({_SYSTEM})"
    )
    op.execute(f"CREATE POLICY removed ON {table} FOR DELETE USING ({_SYSTEM})")
