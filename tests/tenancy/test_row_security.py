"""PostgreSQL gives no row of any table to who does not say for whom it asks."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from sqlalchemy import ColumnElement, Connection, FromClause, func, insert, make_url, select
from sqlalchemy.exc import ProgrammingError

from models.acting import tell
from models.audit import AuditEvent
from models.audit_trail import record
from models.base import Table
from models.database import Database
from models.viewer import Viewer, acting_as, system
from models.vocabulary.access import AuditAction, Role
from tests.postgres import PostgresServer, database_name

OPEN_TABLES: Final = {
    "alembic_version": "the number of the newest migration, read before anybody can ask",
    "change_log": "keys and hashes without a text; whoever changes a row adds its entry here and "
    "reads the number back, and everybody is told how far the index has come",
}
"""Tables without row security, each with the reason."""

POSTGRESQL: Final = make_url("postgresql+psycopg:///").get_dialect()()

VALUES: Final = {
    "BIGINT": "1",
    "BOOLEAN": "true",
    "BYTEA": "x",
    "DATE": "2026-11-26",
    "DOUBLE": "1",
    "INTEGER": "1",
    "JSON": "{}",
    "TEXT": "x",
    "TIMESTAMP": "2026-11-26",
    "VARCHAR": "x",
}
"""A value for every type of column; all keys are alike, so what points to a row finds it."""


@pytest.fixture
def plain(database: Database, postgres: PostgresServer) -> Iterator[Connection]:
    """A connection with none of our listeners to a database with a row in every table."""
    rows = ";".join(map(_insertion, Table.metadata.sorted_tables))
    alone = "SET session_replication_role = replica"  # a row needs none that it points to
    postgres.execute(f"{alone};{rows}", database_name(database.url))
    with database.engine.connect() as connection:
        yield connection


def _insertion(table: FromClause) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(map(_value, table.columns))
    return f"INSERT INTO {table.description} ({names}) VALUES ({values})"  # noqa: S608 - our names


def _value(column: ColumnElement[Any]) -> str:
    kind = column.type.compile(dialect=POSTGRESQL)
    value = VALUES[re.split(r"\W", kind)[0]]
    if column.key == "entity":
        value = "demand"  # says in which table to look for the row it is about
    return f"CAST('{value}' AS {kind})"


def _filled(connection: Connection) -> set[str]:
    """The tables of which a row is seen."""
    return {
        table.name
        for table in Table.metadata.sorted_tables
        if connection.scalar(select(func.count()).select_from(table))
    }


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_no_table_shows_a_row_without_a_viewer(plain: Connection) -> None:
    assert _filled(plain) == OPEN_TABLES.keys() & Table.metadata.tables.keys()
    tell(plain, system("test"))
    assert _filled(plain) == set(Table.metadata.tables), "nothing was there to be hidden"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_audit_chain_is_seen_by_its_own_organisation_alone(
    database: Database, postgres: PostgresServer
) -> None:
    """Releases before migration 0016 append as whoever acts: that goes on, to the own chain."""
    for organisation in ("og_1", "og_2", None):
        viewer = Viewer(Role.BASE_STAFF if organisation else Role.OPERATOR, "us_1", organisation)
        with acting_as(viewer), database.write() as session:
            record(session, AuditAction.ACT)
    chains = select(AuditEvent.chain).order_by(AuditEvent.chain)
    with database.engine.connect() as connection:
        tell(connection, Viewer(Role.BASE_STAFF, "us_1", "og_1"))
        assert connection.scalars(chains).all() == ["og_1"]
        tell(connection, Viewer(Role.REGIONAL_OPERATOR, "us_2", None, "320000"))
        assert connection.scalars(chains).all() == ["platform"]
        copied = select(*(c for c in AuditEvent.__table__.c if c.name not in ("seq", "number")))
        (entry,) = connection.execute(copied).mappings()
        connection.execute(insert(AuditEvent).values(**entry, number=2))
        tell(connection, Viewer(Role.BASE_STAFF, "us_1", "og_1"))
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(insert(AuditEvent).values(**entry, number=3))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_row_security_binds_the_role_of_the_service(
    database: Database, postgres: PostgresServer
) -> None:
    assert database.server_problem() is None
    open_tables = postgres.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relkind = 'r' "
        "AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
        database_name(database.url),
    )
    assert {str(row[0]) for row in open_tables} == OPEN_TABLES.keys()
