"""The application on each kind of database, started once a test process.

Known to all tests: a fixture that a module imports is one of its own there, and so would be the
application. Starting it takes longer than most tests.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.wiring import Service
from indexer.encoder import HashEncoder
from tests.api.conftest import TODAY, Running, empty, is_empty
from tests.conftest import DATABASES
from tests.credentials import bearer, make_key
from tests.postgres import PostgresServer, database_name


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The application on SQLite."""
    with started(tmp_path_factory.mktemp("data")) as running:
        yield running


@pytest.fixture(scope="session")
def on_postgresql(
    tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer, postgres_template: str
) -> Iterator[Running]:
    """The application on PostgreSQL."""
    url = postgres.new_database(postgres_template)
    with started(tmp_path_factory.mktemp("data"), url) as running:
        yield running


@pytest.fixture(scope="session", params=DATABASES)
def application(request: pytest.FixtureRequest) -> Running:
    """The application on each kind of database.

    It is not started here: pytest ends a fixture whenever its parameter changes, and where files
    are run one by one that is twice a file.
    """
    running: Running = request.getfixturevalue(f"on_{request.param}")
    return running


@pytest.fixture(scope="module")
def unknown(request: pytest.FixtureRequest, application: Running) -> Running:
    """The application of which nobody knows what other files have left in it.

    PostgreSQL keeps what was deleted, and is told when to look: it would read ever more of it.
    """
    application.emptied_at.clear()
    url = application.service.settings.database_url
    if url is not None:
        server: PostgresServer = request.getfixturevalue("postgres")
        server.execute("VACUUM", database_name(url))
    return application


@pytest.fixture
def running(unknown: Running) -> Running:
    """The application with nothing stored."""
    if unknown.emptied_at != [unknown.last_seq()] or not is_empty(unknown):
        empty(unknown)
    return unknown


@contextmanager
def started(folder: Path, database_url: str | None = None) -> Iterator[Running]:
    """The application with a data directory of its own, until it is left."""
    settings = Settings(
        data_dir=folder,
        database_url=database_url,
        follow_interval_s=60,
        rounds_interval_s=0,
        allowed_hosts="testserver",
        sign_in_over_http=True,
        search_deadline_s=60,
        write_deadline_s=60,
    )
    made: list[Service] = []

    def make_service(chosen: Settings) -> Service:
        made.append(Service(chosen, HashEncoder(), lambda: TODAY))
        return made[0]

    with TestClient(create_app(settings, make_service)) as client:
        client.headers.update(bearer(make_key(made[0].database)))
        yield Running(client, made[0])
