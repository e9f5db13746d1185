"""Databases as released versions left them.

`data/<revision>.<kind>.sql` is a database of the newest tables of a release, filled through the
API of that release: organisations, a base, providers, capabilities, cases and demands in several
states, one of them deleted, tags of people and of the machine, vectors, and the change log.
Version 0.1.0 ran on SQLite only; its PostgreSQL dump holds the same rows in the tables the same
migration makes there. A release adds its dump; none is ever changed.
"""

import sqlite3
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import inspect
from sqlalchemy import text as sql

from models.database import Database
from tests.postgres import PostgresServer

DATA: Final = Path(__file__).parent / "data"
RELEASED: Final = ("0001",)
"""Newest migration of each release, oldest first."""

Contents = dict[str, list[dict[str, Any]]]
"""Rows by table."""


def dump_of(revision: str, kind: str) -> str:
    """Return the statements that make the database of a release."""
    return (DATA / f"{revision}.{kind}.sql").read_text("utf-8")


def lay_in_sqlite(path: Path, revision: str) -> str:
    """Make a released database in a file and return its address."""
    with sqlite3.connect(path) as connection:
        connection.executescript(dump_of(revision, "sqlite"))
        connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    return f"sqlite:///{path}"


def lay_in_postgresql(server: PostgresServer, revision: str) -> str:
    """Make a released database on a server and return its address."""
    url = server.new_database()
    with psycopg.connect(url) as connection:
        connection.execute(dump_of(revision, "postgresql").encode())
    return url


def contents(database: Database, like: Contents | None = None) -> Contents:
    """Return all rows, whoever may see them; only the tables and columns of others if given."""
    engine = database.engine
    if engine.dialect.name == "postgresql":  # row security does not bind superusers
        superuser = Database(database.url.replace("navmatch@", "postgres@"))
        engine = superuser.engine
    with engine.connect() as connection:
        names = like or dict.fromkeys(sorted(inspect(connection).get_table_names()))
        found: Contents = {}
        for table in names:
            if table == "alembic_version":
                continue
            every = sql(f"SELECT * FROM {table}")  # noqa: S608 - a table of ours
            rows = [dict(row) for row in connection.execute(every).mappings()]
            if like is not None and like[table]:
                rows = [{name: row[name] for name in like[table][0]} for row in rows]
            found[table] = sorted(rows, key=repr)
    if engine is not database.engine:
        engine.dispose()
    return found


def revision_of(database: Database) -> str | None:
    """Return the version of the tables."""
    return database.revisions()[0]
