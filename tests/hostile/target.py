"""The application under attack: the whole of it, on a real database, with rows to ask for."""

import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

from starlette.types import ASGIApp

from api.app import create_app
from api.authentication import COOKIE
from api.exchange.import_work import ImportWork
from api.identity.people import NewPerson
from api.identity.sign_ins import Credentials
from api.settings import Settings
from api.taxonomies.retagging import THREAD as RETAGGING
from api.wiring import Service
from indexer.encoder import HashEncoder
from models.acting import tell
from models.tables import AuditEvent
from models.viewer import acting_as, system
from models.vocabulary.access import Role
from tests.credentials import bearer, make_key
from tests.hostile.surface import Document
from tests.hostile.wire import HOST
from tests.postgres import temporary_server

IDLE_S: Final = 60.0
"""How long sheets that were uploaded may take."""

TODAY: Final = date(2026, 11, 25)
LOGS: Final = frozenset(
    {
        AuditEvent.__tablename__,
        "audit_checkpoint",
        "alembic_version",
        "sign_in",
        "reply",
        "match_run",
    }
    | {"vector_cache"}
)
"""Tables that may well remember a request that was refused."""

PASSWORD: Final = "correct-horse-7"  # noqa: S105 - of a database that is thrown away
"""That of the examples in the document."""


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

    def sign_in(self) -> Mapping[str, bytes]:
        """Return headers of a person who has just signed in, for what no key may do."""


class ServiceTarget:
    """The service itself."""

    def __init__(self, app: Any, service: Service) -> None:
        self.app: ASGIApp = app
        self.document: Document = app.openapi()
        key = make_key(service.database)
        self.credentials: Mapping[str, bytes] = {
            name.lower(): value.encode() for name, value in bearer(key).items()
        }
        self._identity = service.identity
        self._n_people = 0
        self._import_work: ImportWork = app.state.parts.import_work
        self._engine = service.database.engine
        self._count = _count_statement(service)

    def state(self) -> object:
        """Return the newest change and how many rows each table has, when nothing works aside."""
        for thread in threading.enumerate():
            if thread.name == RETAGGING:
                thread.join()
        self.wait_imported(IDLE_S)
        with self._engine.connect() as connection:
            tell(connection, system("test"))
            return tuple(connection.exec_driver_sql(self._count).one())

    def wait_imported(self, limit_s: float) -> bool:
        """Return whether nobody works on an uploaded sheet any more, within a time."""
        return self._import_work.wait_idle(limit_s)

    def sign_in(self) -> Mapping[str, bytes]:
        """Return headers of a person who has just signed in; the first is called `operator`."""
        login = f"operator{self._n_people or ''}"
        self._n_people += 1
        with acting_as(system("test")):
            self._identity.people.add(
                NewPerson(login, "测试人员", Role.OPERATOR, password=PASSWORD)
            )
            _, token = self._identity.sign_ins.begin(Credentials(login, PASSWORD, None))
        return {"cookie": f"{COOKIE}={token}".encode()}


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
        rounds_interval_s=0,
        allowed_hosts=HOST,
        log_level="ERROR",
    )
    app = create_app(settings, make_service)
    async with app.router.lifespan_context(app):
        yield ServiceTarget(app, made[0])


def leave_nothing_when_told_to_end() -> None:
    """Let a command end in order on SIGTERM, with the server and the processes it started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


@contextmanager
def database(kind: str) -> Iterator[Callable[[], str | None]]:
    """Give what makes empty databases; None stands for the SQLite file of the data folder."""
    if kind == "sqlite":
        yield lambda: None
        return
    with temporary_server() as server:
        yield server.new_database
