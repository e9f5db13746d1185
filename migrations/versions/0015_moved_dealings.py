"""Copies of where an organisation is follow it when it moves, those left behind included."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SYSTEM = "navmatch_role() = 'system'"
_LEFT_BEHIND = """UPDATE {table} SET {region} =
        (SELECT o.region_code FROM organisation AS o WHERE o.id = {table}.{owner}){unsealed}
    WHERE EXISTS (SELECT 1 FROM organisation AS o WHERE o.id = {table}.{owner}
        AND o.region_code IS DISTINCT FROM {table}.{region})"""
_UNSEALED = ", row_hash = NULL"


def upgrade() -> None:
    """Let the service change a run, and set the region wherever its owner has another."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE POLICY changed ON match_run FOR UPDATE"
            f" USING ({_SYSTEM}) WITH CHECK ({_SYSTEM})"
        )
    for table, unsealed in (
        ("interaction", _UNSEALED),
        ("invitation", _UNSEALED),
        ("match_run", ""),
        ("import_job", ""),
    ):
        _catch_up(table, "owner_id", "owner_region", unsealed)
    _catch_up("subscription", "organisation_id", "region_code", _UNSEALED)


def downgrade() -> None:
    """Drop the policy; regions that were wrong stay right."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP POLICY changed ON match_run")


def _catch_up(table: str, owner: str, region: str, unsealed: str) -> None:
    op.execute(_LEFT_BEHIND.format(table=table, owner=owner, region=region, unsealed=unsealed))
