"""Replies kept for repeated requests."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of replies."""
    op.create_table(
        "reply",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_reply")),
    )
    op.create_index(op.f("ix_reply_actor"), "reply", ["actor"])
    op.create_index(op.f("ix_reply_created_at"), "reply", ["created_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("reply")
