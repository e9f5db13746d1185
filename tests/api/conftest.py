"""One running application for all tests of the edge; every test begins with empty tables."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, exists, literal, or_, select

from api.schemas import examples
from api.wiring import Service
from models import repository
from models.acting import tell
from models.base import Table
from models.identity import ApiKey
from models.viewer import system
from tests.ipc_rows import keep_table

TODAY = date(2026, 11, 25)
SCENARIO = {"scenario_tags": ["ENT.RISK"]}
KEPT_TABLES = frozenset(
    {"api_key", "change_log", "alembic_version", "audit_event", "audit_checkpoint"}
)
"""The change log goes on: numbers that start again would look old to the index. The audit chain
refuses to be emptied."""

_EMPTIED: Final = [t for t in Table.metadata.sorted_tables if t.name not in KEPT_TABLES]
_FOREIGN: Final = ApiKey.__table__.c.organisation_id.is_not(None)
_ANYTHING: Final = select(
    or_(
        exists().where(_FOREIGN),
        *(exists(select(literal(1)).select_from(table)) for table in _EMPTIED),
    )
)


@dataclass(frozen=True)
class Running:
    """A running application with what is behind it."""

    client: TestClient
    service: Service
    emptied_at: list[int] = field(default_factory=list)
    """Newest change when the tables were last emptied."""

    def post(self, path: str, body: object, status: int = 201) -> dict[str, Any]:
        """The reply to a posted body; the status must be as expected."""
        response = self.client.post(path, json=body)
        assert response.status_code == status, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def get(self, path: str, status: int = 200, **params: object) -> dict[str, Any]:
        """The reply to a question; the status must be as expected."""
        response = self.client.get(path, params=params)  # type: ignore[arg-type]
        assert response.status_code == status, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def demand(self, **changes: object) -> dict[str, Any]:
        """A stored and published demand; its scenario does not hang on the tagger."""
        return self.post("/v1/demands", {**examples.DEMAND, **SCENARIO, **changes})

    def provider(self, **changes: object) -> dict[str, Any]:
        """A registered provider with one capability that fits the demand."""
        return self.post("/v1/providers", {**examples.PROVIDER, **changes})

    def case(self, **changes: object) -> dict[str, Any]:
        """A stored and published case."""
        return self.post("/v1/cases", {**examples.CASE, **changes})

    def last_seq(self) -> int:
        """The newest change."""
        with self.service.database.read() as session:
            return repository.last_seq(session)

    def index(self) -> None:
        """Bring the index up to the newest change."""
        self.service.synchroniser.catch_up()


def is_empty(application: Running) -> bool:
    """Whether nothing is stored; the change log does not tell of accounts, contacts or sheets."""
    with application.service.database.engine.begin() as connection:
        tell(connection, system("test"))
        return not connection.scalar(_ANYTHING)


def empty(application: Running) -> None:
    """Take out everything that is stored, but what lets the tests in."""
    with application.service.database.engine.begin() as connection:
        tell(connection, system("test"))
        connection.execute(delete(ApiKey).where(_FOREIGN))
        for table in reversed(_EMPTIED):
            connection.execute(table.delete())
    application.service.synchroniser.rebuild()
    application.emptied_at[:] = [application.last_seq()]


@pytest.fixture
def ipc_table(running: Running) -> Iterator[Callable[[], None]]:
    """Puts an IPC table where an import would; it is gone after the test."""
    path = running.service.settings.ipc_file
    yield lambda: keep_table(path, running.service.embedder.encoder)
    path.unlink(missing_ok=True)


@pytest.fixture
def client(running: Running) -> TestClient:
    """A client of the application."""
    return running.client


@pytest.fixture
def refused(client: TestClient) -> Callable[..., dict[str, Any]]:
    """Sends a body that must be refused and returns the problem."""

    def send(method: str, path: str, status: int, **request: Any) -> dict[str, Any]:
        response = client.request(method, path, **request)
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "application/problem+json"
        problem: dict[str, Any] = response.json()
        assert problem["status"] == status
        assert problem["type"] == f"urn:navmatch:problem:{problem['code']}"
        assert problem["request_id"] == response.headers["x-request-id"]
        return problem

    return send
