"""Searchable forms of texts, and skeletons of names."""

import sqlalchemy as sa
from alembic import op

from models.canonical import searchable
from models.lookalikes import skeleton

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SEARCHED = {
    "capability": ("title", "description"),
    "case_result": ("title", "summary"),
    "demand": ("title", "description", "demand_no"),
    "organisation": ("name", "short_name"),
}
PART = 500


def upgrade() -> None:
    """Add the columns and fill them; rows that change are sealed anew afterwards."""
    for table in SEARCHED:
        op.add_column(table, sa.Column("search_text", sa.Text(), nullable=True))
    op.add_column("organisation", sa.Column("name_skeleton", sa.String(200), nullable=True))
    op.create_index("ix_organisation_name_skeleton", "organisation", ["name_skeleton"])
    for table, names in SEARCHED.items():
        _fill(table, names)


def downgrade() -> None:
    """Take the columns away."""
    op.drop_index("ix_organisation_name_skeleton", "organisation")
    op.drop_column("organisation", "name_skeleton")
    for table in SEARCHED:
        op.drop_column(table, "search_text")


def _fill(name: str, columns: tuple[str, ...]) -> None:
    """Fill the columns of a table, a part at a time."""
    connection = op.get_bind()
    made = ("id", *columns, "search_text", "row_hash")
    more = ("name_skeleton",) if name == "organisation" else ()
    table = sa.table(name, *(sa.column(column) for column in (*made, *more)))
    after = ""
    wanted = sa.select(table.c.id, *(table.c[column] for column in columns)).order_by(table.c.id)
    while rows := connection.execute(wanted.where(table.c.id > after).limit(PART)).all():
        for row_id, *texts in rows:
            values = {"search_text": "\n".join(searchable(text) for text in texts if text)}
            if more:
                values["name_skeleton"] = skeleton(texts[0])[:200]
            connection.execute(
                sa.update(table).where(table.c.id == row_id).values(row_hash=None, **values)
            )
        after = rows[-1].id
