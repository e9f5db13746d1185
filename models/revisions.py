"""Versions of the tables: which one a database has, and steps to another. The gate to Alembic."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS: Final = Path(__file__).resolve().parent.parent / "migrations"


def revision_of(connection: Connection) -> str | None:
    """Return the version the tables have, None when there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """Return the version this release works with."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def known_revisions() -> set[str]:
    """Return every version this release can start from."""
    return {str(step.revision) for step in ScriptDirectory.from_config(_config()).walk_revisions()}


def upgrade(connection: Connection, revision: str = "head") -> bool:
    """Bring the tables to a version, within a transaction; return whether anything was done."""
    before = revision_of(connection)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    return revision_of(connection) != before


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
