"""Run migrations over the connection `models.database.Database.migrate` hands in."""

from typing import Literal

from alembic import context

import models.tables  # noqa: F401 - fills the metadata
from models.base import ChoiceType, Table, UtcDateTime
from models.failpoints import Failpoint, hit


def _render_plain(kind: str, item: object, autogen: object) -> str | Literal[False]:
    """Write column types as plain SQL types: a migration must not change with the code."""
    if kind == "type" and isinstance(item, ChoiceType):
        return "sa.String(length=32)"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=_render_plain,
    on_version_apply=lambda **step: hit(Failpoint.MID_MIGRATION),
)
with context.begin_transaction():
    context.run_migrations()
