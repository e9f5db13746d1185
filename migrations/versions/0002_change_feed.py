"""Change feed in order of commits."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WRITER_LOCK = 7_318_001
"""The lock `models.postgresql` takes at the start of every write."""


def upgrade() -> None:
    """Have every entry of the change log written under the writers' lock, whoever writes it.

    So numbers grow in the order of commits also for writes that do not come from navmatch. On
    SQLite there is one writer at a time anyway.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "CREATE FUNCTION change_log_in_order() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN PERFORM pg_advisory_xact_lock({WRITER_LOCK}); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER change_log_in_order BEFORE INSERT ON change_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION change_log_in_order()"
    )


def downgrade() -> None:
    """Take the trigger away."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP TRIGGER change_log_in_order ON change_log")
    op.execute("DROP FUNCTION change_log_in_order()")
