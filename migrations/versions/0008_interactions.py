"""Interactions between a demand and a provider, and the acts they are made of."""

# ruff: noqa: S608 - the statements are made of the names below, of nothing from outside

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KEY = sa.String(length=32)
_CHOICE = sa.String(length=32)
_TIME = sa.DateTime(timezone=True)

# As models/visibility.py has it. Only the service itself writes: it has checked who may.
_OF_RECIPIENT = """EXISTS (SELECT 1 FROM demand AS d
    WHERE d.id = {demand} AND d.recipient_id = navmatch_own())"""
SEEN = f"""navmatch_owns(owner_id, owner_region) OR (state <> 'noted' AND (
    coalesce(provider_org_id = navmatch_own(), false)
    OR {_OF_RECIPIENT.format(demand="demand_id")}))"""
SEEN_EVENT = f"""navmatch_sees_all() OR EXISTS (
    SELECT 1 FROM interaction AS i WHERE i.id = interaction_id AND (
        (navmatch_owns(i.owner_id, i.owner_region)
            AND (for_base OR navmatch_role() = 'regional_operator'))
        OR (for_provider AND coalesce(i.provider_org_id = navmatch_own(), false))
        OR (for_recipient AND {_OF_RECIPIENT.format(demand="i.demand_id")})))"""


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "interaction",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("demand_id", _KEY, nullable=False),
        sa.Column("provider_id", _KEY, nullable=False),
        sa.Column("owner_id", _KEY, nullable=True),
        sa.Column("owner_region", sa.String(length=6), nullable=True),
        sa.Column("provider_org_id", _KEY, nullable=False),
        sa.Column("state", _CHOICE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("awaiting", _CHOICE, nullable=True),
        sa.Column("due_at", _TIME, nullable=True),
        sa.Column("reminded_at", _TIME, nullable=True),
        sa.Column("ended_by", _CHOICE, nullable=True),
        sa.Column("is_saved", sa.Boolean(), nullable=False),
        sa.Column("is_shortlisted", sa.Boolean(), nullable=False),
        sa.Column("hidden_reason", _CHOICE, nullable=True),
        *(sa.Column(f"{name}_at", _TIME, nullable=True) for name in _REACHED),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("row_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction")),
    )
    op.create_index(
        "uq_interaction_demand_id", "interaction", ["demand_id", "provider_id"], unique=True
    )
    op.create_index("ix_interaction_provider_org_id", "interaction", ["provider_org_id", "state"])
    op.create_index("ix_interaction_owner_id", "interaction", ["owner_id", "state"])
    for column in ("provider_id", "due_at", "updated_at"):
        op.create_index(op.f(f"ix_interaction_{column}"), "interaction", [column])
    _make_events()
    if op.get_bind().dialect.name == "postgresql":
        _secure("interaction", SEEN)
        _secure("interaction_event", SEEN_EVENT)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("interaction_event")
    op.drop_table("interaction")


_REACHED = (
    *("viewed", "invited", "interested", "mutual", "shortlisted", "confirmed", "converted"),
)


def _make_events() -> None:
    op.create_table(
        "interaction_event",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("interaction_id", _KEY, nullable=False),
        sa.Column("act", _CHOICE, nullable=False),
        sa.Column("side", _CHOICE, nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=True),
        sa.Column("organisation_id", _KEY, nullable=True),
        sa.Column("state", _CHOICE, nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("reason", _CHOICE, nullable=True),
        sa.Column("quality", sa.Integer(), nullable=True),
        sa.Column("usefulness", sa.Integer(), nullable=True),
        *(
            sa.Column(f"for_{side}", sa.Boolean(), nullable=False)
            for side in ("base", "provider", "recipient")
        ),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("row_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction_event")),
    )
    op.create_index(
        "ix_interaction_event_interaction_id", "interaction_event", ["interaction_id", "id"]
    )


def _secure(table: str, seen: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY seen ON {table} FOR SELECT USING ({seen})")
    only = "navmatch_role() = 'system'"
    op.execute(f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({only})")
    op.execute(f"CREATE POLICY changed ON {table} FOR UPDATE USING ({only}) WITH CHECK ({only})")
    op.execute(f"CREATE POLICY removed ON {table} FOR DELETE USING ({only})")
