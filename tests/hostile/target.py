"""The application under attack: the whole of it, on a real database, with rows to ask for."""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import quote

from starlette.types import ASGIApp

from api.app import create_app
from api.settings import Settings
from api.wiring import Service
from indexer.encoder import HashEncoder
from models.acting import tell
from models.tables import AuditEvent
from models.viewer import system
from tests.credentials import bearer, make_key
from tests.hostile.samples import fresh, sample
from tests.hostile.surface import Document, Operation, Where, operations
from tests.hostile.wire import HOST, Got, Sent, exchange, json_headers
from tests.postgres import temporary_server

TODAY: Final = date(2026, 11, 25)
LOGS: Final = frozenset(
    {AuditEvent.__tablename__, "audit_checkpoint", "alembic_version", "sign_in", "reply"}
    | {"vector_cache"}
)
"""Tables that may well remember a request that was refused."""

_UNKNOWN_ID: Final = "dm_01JZX3V8Q4W6T2N9K7M5R1C0BD"


class Target(Protocol):
    """An application that can be attacked.

    Attributes:
        app: Its ASGI interface.
        document: Its OpenAPI document.
        credentials: Headers that let requests do everything.
    """

    app: ASGIApp
    document: Document
    credentials: Mapping[str, bytes]

    def state(self) -> object:
        """Return something that differs when anything else is stored."""


class ServiceTarget:
    """The service itself."""

    def __init__(self, app: Any, service: Service) -> None:
        self.app: ASGIApp = app
        self.document: Document = app.openapi()
        key = make_key(service.database)
        self.credentials: Mapping[str, bytes] = {n: v.encode() for n, v in bearer(key).items()}
        self._engine = service.database.engine
        self._count = _count_statement(service)

    def state(self) -> object:
        """Return the newest change and how many rows each table has."""
        with self._engine.connect() as connection:
            tell(connection, system("test"))
            return tuple(connection.exec_driver_sql(self._count).one())


def _count_statement(service: Service) -> str:
    """Return one statement that counts all tables but those that log requests."""
    from sqlalchemy import inspect

    names = sorted(set(inspect(service.database.engine).get_table_names()) - LOGS)
    counts = ", ".join(f"(SELECT count(*) FROM {name})" for name in names)  # noqa: S608
    return f"SELECT (SELECT max(seq) FROM change_log), {counts}"  # noqa: S608


@asynccontextmanager
async def serving(folder: Path, database_url: str | None) -> AsyncIterator[ServiceTarget]:
    """Give the running service on a database of its own."""
    made: list[Service] = []

    def make_service(chosen: Settings) -> Service:
        made.append(Service(chosen, HashEncoder(), lambda: TODAY))
        return made[0]

    settings = Settings(
        data_dir=folder,
        database_url=database_url,
        follow_interval_s=60,
        allowed_hosts=HOST,
        log_level="ERROR",
    )
    app = create_app(settings, make_service)
    async with app.router.lifespan_context(app):
        yield ServiceTarget(app, made[0])


@contextmanager
def database(kind: str) -> Iterator[Callable[[], str | None]]:
    """Give what makes empty databases; None stands for the SQLite file of the data folder."""
    if kind == "sqlite":
        yield lambda: None
        return
    with temporary_server() as server:
        yield server.new_database


class World:
    """Rows to ask for, made as they are needed, and requests that are accepted.

    Attributes:
        target: The application.
        operations: Its operations, by key.
        n_sent: Requests sent.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self.operations = {operation.key: operation for operation in operations(target.document)}
        self._rows: dict[str, Mapping[str, Any]] = {}
        self._bodies: dict[str, Any] = {}
        self._queries: dict[str, str] = {}
        self._n_made = 0
        self.n_sent = 0

    async def send(self, sent: Sent) -> Got:
        """Send one request."""
        self.n_sent += 1
        return await exchange(self.target.app, sent)

    async def request(
        self, operation: Operation, body: Any = None, path: Mapping[str, str] | None = None
    ) -> Sent:
        """Return an accepted request of an operation, with another body or path if given.

        Args:
            operation: The operation.
            body: The body; None for the usual one.
            path: Percent-encoded values of path parameters.
        """
        target = operation.template
        for parameter in operation.parameters(Where.PATH):
            name = parameter["name"]
            given = (path or {}).get(name)
            value = given if given is not None else await self._id(operation, name)
            target = target.replace(f"{{{name}}}", value)
        content = None
        if operation.body_schema is not None:
            made = await self.body(operation) if body is None else body
            content = json.dumps(made).encode()
        headers = json_headers(self.target.credentials)
        query = self._queries.get(operation.key, "")
        return Sent(operation.method, target, query, headers, content)

    async def learn(self) -> dict[str, int]:
        """Find out how each operation is asked, and return the status its usual request gets.

        An operation whose usual request is refused is only scratched by hostile ones.
        """
        found: dict[str, int] = {}
        for key, operation in self.operations.items():
            for query in _queries(operation):
                self._queries[key] = query
                got = await self.send(await self.request(operation))
                self.note(operation, got)
                found[key] = got.status
                if got.status != 422:
                    break
        return found

    async def body(self, operation: Operation) -> Any:
        """Return a body the operation accepts now."""
        if operation.key not in self._bodies:
            schema = operation.body_schema or {}
            shown = operation.body_examples
            self._bodies[operation.key] = shown[0] if shown else sample(operation.document, schema)
        self._n_made += 1
        body = fresh(self._bodies[operation.key], self._n_made)
        row = self._rows.get(_collection(operation.template) or "")
        if isinstance(body, dict) and "version" in body and row is not None:
            body["version"] = row.get("version", 1)
        return body

    def note(self, operation: Operation, got: Got) -> None:
        """Take notice of a reply: a row it changed has a new version, or is no more to be used."""
        collection = _collection(operation.template)
        if not 200 <= got.status < 300 or operation.method == "GET" or collection is None:
            return
        shown = got.json()
        if operation.method in ("PATCH", "PUT") and isinstance(shown, dict):
            self._rows[collection] = {**self._rows.get(collection, {}), **_key_of(shown)}
        elif operation.method == "DELETE" or operation.template.endswith(_STEPS):
            self._rows.pop(collection, None)

    def forget(self) -> None:
        """Make all rows anew when they are next asked for."""
        self._rows.clear()

    async def _id(self, operation: Operation, name: str) -> str:
        collection = _collection(operation.template)
        if collection is None:
            return _UNKNOWN_ID
        if collection not in self._rows:
            self._rows[collection] = await self._make(collection)
        return str(self._rows[collection].get(name, _UNKNOWN_ID))

    async def _make(self, collection: str) -> Mapping[str, Any]:
        """Make a row of a collection by the operation that answers with one."""
        shown = self.operations.get(f"GET {collection}/{{id}}")
        wanted = shown.reply_schema(200) if shown else ""
        makers = [o for o in self.operations.values() if o.method == "POST"]
        found = [o for o in makers if o.template == collection]
        found += [o for o in makers if wanted and o.reply_schema(201) == wanted]
        for maker in found:
            got = await self.send(await self.request(maker))
            made = got.json()
            if got.status in (200, 201) and isinstance(made, dict):
                return _key_of(made)
        return {}


def _queries(operation: Operation) -> list[str]:
    """Return queries worth trying: the least there can be, then with one parameter each."""
    parameters = operation.parameters(Where.QUERY)
    written = {p["name"]: _written(operation, p) for p in parameters}
    least = [written[p["name"]] for p in parameters if p.get("required")]
    return ["&".join(least), *("&".join([*least, w]) for w in written.values() if w not in least)]


def _written(operation: Operation, parameter: Mapping[str, Any]) -> str:
    example = parameter.get("example") or sample(operation.document, parameter["schema"])
    return f"{parameter['name']}={quote(str(example), safe='')}"


_STEPS: Final = ("/withdraw", "/close", "/revoke", "/cancel", "/decline", "/accept", "/pause")
"""Ends of operations after which a row is of no more use to others."""


def _collection(template: str) -> str | None:
    """Return the part of a path before its first parameter."""
    head, brace, _ = template.partition("/{")
    return head if brace else None


def _key_of(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {name: shown[name] for name in ("id", "version") if name in shown}
