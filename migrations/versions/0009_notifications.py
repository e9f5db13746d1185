"""Notifications with their outbox, webhooks and mailboxes; subscriptions and what they found."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KEY = sa.String(length=32)
_CHOICE = sa.String(length=32)
_TIME = sa.DateTime(timezone=True)
_OWN = "navmatch_sees_all() OR coalesce(organisation_id = navmatch_own(), false)"
_SYSTEM = "navmatch_role() = 'system'"
SEEN = {
    "notification": _OWN,
    "subscription": _OWN,
    "subscription_hit": """navmatch_sees_all() OR EXISTS (
        SELECT 1 FROM subscription AS s WHERE s.id = subscription_id)""",
    "notification_read": _SYSTEM,
    "webhook": _SYSTEM,
    "mailbox": _SYSTEM,
    "delivery": _SYSTEM,
}


def upgrade() -> None:
    """Add the tables."""
    _make_notifications()
    _make_outbox()
    _make_subscriptions()
    if op.get_bind().dialect.name == "postgresql":
        for table, seen in SEEN.items():
            _secure(table, seen)


def downgrade() -> None:
    """Drop them."""
    for table in SEEN:
        op.drop_table(table)


def _make_notifications() -> None:
    op.create_table(
        "notification",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("organisation_id", _KEY, nullable=True),
        sa.Column("kind", _CHOICE, nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        *(sa.Column(f"{name}_id", _KEY, nullable=True) for name in _ABOUT),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("row_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    op.create_index("ix_notification_organisation_id", "notification", ["organisation_id", "id"])
    for column in (*(f"{name}_id" for name in _ABOUT), "created_at"):
        op.create_index(op.f(f"ix_notification_{column}"), "notification", [column])
    op.create_table(
        "notification_read",
        sa.Column("notification_id", _KEY, nullable=False),
        sa.Column("reader", sa.String(length=64), nullable=False),
        sa.Column("read_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("notification_id", "reader", name=op.f("pk_notification_read")),
    )


_ABOUT = ("interaction", "demand", "provider", "subscription")


def _make_outbox() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("organisation_id", _KEY, nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("revoked_at", _TIME, nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index(op.f("ix_webhook_organisation_id"), "webhook", ["organisation_id"])
    op.create_table(
        "mailbox",
        sa.Column("person_id", _KEY, nullable=False),
        sa.Column("address", sa.String(length=100), nullable=False),
        sa.Column("cadence", _CHOICE, nullable=False),
        sa.Column("told_up_to", _KEY, nullable=False),
        sa.Column("next_at", _TIME, nullable=False),
        sa.Column("row_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_mailbox")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("channel", _CHOICE, nullable=False),
        sa.Column("target_id", _KEY, nullable=False),
        sa.Column("notification_ids", sa.JSON(), nullable=False),
        sa.Column("state", _CHOICE, nullable=False),
        sa.Column("n_tries", sa.Integer(), nullable=False),
        sa.Column("next_at", _TIME, nullable=False),
        sa.Column("last_error", sa.String(length=64), nullable=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("done_at", _TIME, nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index("ix_delivery_state", "delivery", ["state", "next_at"])
    for column in ("target_id", "created_at"):
        op.create_index(op.f(f"ix_delivery_{column}"), "delivery", [column])


def _make_subscriptions() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("organisation_id", _KEY, nullable=True),
        sa.Column("role", _CHOICE, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=True),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("kind", _CHOICE, nullable=False),
        sa.Column("entity", _CHOICE, nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("min_band", _CHOICE, nullable=False),
        sa.Column("cadence", _CHOICE, nullable=False),
        sa.Column("feed_hash", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("next_at", _TIME, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("row_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("feed_hash", name=op.f("uq_subscription_feed_hash")),
    )
    for column in ("organisation_id", "created_by"):
        op.create_index(op.f(f"ix_subscription_{column}"), "subscription", [column])
    op.create_table(
        "subscription_hit",
        sa.Column("subscription_id", _KEY, nullable=False),
        sa.Column("row_id", _KEY, nullable=False),
        sa.Column("band", _CHOICE, nullable=True),
        sa.Column("found_at", _TIME, nullable=False),
        sa.Column("told_at", _TIME, nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("subscription_id", "row_id", name=op.f("pk_subscription_hit")),
    )
    op.create_index(op.f("ix_subscription_hit_row_id"), "subscription_hit", ["row_id"])


def _secure(table: str, seen: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY seen ON {table} FOR SELECT USING ({seen})")
    op.execute(f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({_SYSTEM})")
    op.execute(
        f"CREATE POLICY changed ON {table} FOR UPDATE USING ({_SYSTEM}) WITH CHECK ({_SYSTEM})"
    )
    op.execute(f"CREATE POLICY removed ON {table} FOR DELETE USING ({_SYSTEM})")
