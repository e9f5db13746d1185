"""Versions of the tables: which one a database has, and steps to another. The gate to Alembic.

Alembic is loaded where there is a step to take: a start that finds nothing to do does without.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS: Final = Path(__file__).resolve().parent.parent / "migrations"
VERSION_TABLE: Final = "alembic_version"
"""Where Alembic writes down the version the tables have."""


def revision_of(connection: Connection) -> str | None:
    """Return the version the tables have, None when there are none."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - our own name
    return found


def newest_revision() -> str:
    """Return the version this release works with."""
    return max(known_revisions())


def known_revisions() -> set[str]:
    """Return every version this release can start from: files are named `<version>_<what>.py`."""
    return {path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")}


def upgrade(connection: Connection, revision: str | None = None) -> bool:
    """Bring the tables to a version, within a transaction; return whether anything was done.

    Args:
        connection: In the transaction.
        revision: The version; the newest when None.
    """
    before, wanted = revision_of(connection), revision or newest_revision()
    if before == wanted:
        return False
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, wanted)
    return revision_of(connection) != before


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
