"""A clock that is set a day ahead or back, or stands still, under a running server."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.rates import RATES, Allowance
from models.database import Database
from tests.credentials import bearer, make_key
from tests.equipment import absent
from tests.faults.checking import copied, index_differences
from tests.faults.clocks import ServerClock, find_library
from tests.faults.nouns import DEMAND
from tests.faults.server import Server

STANDING = "2026-11-25 12:00:00"
ENVIRONMENT = {"NAVMATCH_FOLLOW_INTERVAL_S": "0.2"}
PER_PAGE = 4


@dataclass(frozen=True)
class Clocked:
    """A server that runs by a clock of its own."""

    server: Server
    clock: ServerClock


@pytest.fixture
def clock(tmp_path: Path) -> ServerClock:
    return new_clock(tmp_path)


@pytest.fixture
def server(tmp_path: Path, clock: ServerClock) -> Iterator[Server]:
    made = Server(tmp_path / "data", {**ENVIRONMENT, **clock.variables})
    yield made
    made.kill()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clocked]:
    """A server that goes on running, for tests that start none anew."""
    folder = tmp_path_factory.mktemp("clock")
    clock = new_clock(folder)
    made = Server(folder / "data", {**ENVIRONMENT, **clock.variables})
    start(made, clock, "+0")
    yield Clocked(made, clock)
    made.kill()


def new_clock(folder: Path) -> ServerClock:
    library = find_library()
    if library is None:
        absent("libfaketime is not installed: apt-get install faketime")
    return ServerClock(folder / "clock", library)


class Author:
    """Posts one demand after another and keeps their keys in order."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.ids: list[str] = []

    def post(self, n_demands: int, **headers: str) -> None:
        with self.server.client() as client:
            for _ in range(n_demands):
                body, _ = DEMAND.new(f"clock-{len(self.ids)}", publish=True)
                reply = client.post("/v1/demands", json=body, headers=headers)
                assert reply.status_code == 201, reply.text
                self.ids.append(reply.json()["id"])

    def listed(self) -> list[str]:
        """The keys of all demands as the pages give them, newest first."""
        found: list[str] = []
        cursor: str | None = None
        with self.server.client() as client:
            while True:
                page = client.get("/v1/demands", params=_page(cursor)).json()
                found += [item["id"] for item in page["items"]]
                cursor = page.get("next_cursor")
                if cursor is None:
                    return found


def _page(cursor: str | None) -> dict[str, Any]:
    return {"limit": PER_PAGE} | ({"cursor": cursor} if cursor else {})


def entries(server: Server, table: str) -> int:
    with closing(sqlite3.connect(server.data_dir / "navmatch.db")) as connection:
        found: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
        return found


def order_of_changes(server: Server) -> list[str]:
    """The keys of demands in the order in which the change log has their creation."""
    with closing(sqlite3.connect(server.data_dir / "navmatch.db")) as connection:
        wanted = "SELECT entity_id FROM change_log WHERE operation = 'create' AND entity = 'demand'"
        return [key for (key,) in connection.execute(f"{wanted} ORDER BY seq")]


def start(server: Server, clock: ServerClock, offset: str) -> None:
    clock.set(offset)
    server.start()
    server.wait_ready()


def test_order_holds_while_the_clock_is_set(running: Clocked, tmp_path: Path) -> None:
    server = running.server
    author = Author(server)
    for offset in ("+0", "+1d", "+0", "-1d", STANDING, "+0"):
        running.clock.set(offset)
        author.post(3)
        server.wait_followed()
    assert author.listed() == author.ids[::-1]
    assert order_of_changes(server) == author.ids
    left = copied(server.data_dir / "index", tmp_path / "index")
    assert index_differences(server.database_url, left) == []


@pytest.mark.nightly
def test_order_holds_over_restarts_with_another_time(server: Server, clock: ServerClock) -> None:
    author = Author(server)
    for offset in ("+0", "+1d", "+0", "-1d", "+0"):
        start(server, clock, offset)
        author.post(3)
        server.stop()
    start(server, clock, "+0")
    assert author.listed() == author.ids[::-1]
    assert order_of_changes(server) == author.ids


@pytest.mark.nightly
def test_nothing_is_deleted_a_day_early(server: Server, clock: ServerClock) -> None:
    start(server, clock, "-179d")
    Author(server).post(2)
    server.stop()
    kept = entries(server, "audit_event")
    assert kept > 0
    for offset in ("+0", "+1d"):
        start(server, clock, offset)
        server.stop()
        assert entries(server, "audit_event") >= kept
    start(server, clock, "+30d")
    server.stop()
    with closing(sqlite3.connect(server.data_dir / "navmatch.db")) as connection:
        wanted = "SELECT count(*) FROM audit_event WHERE number = 1"
        assert connection.execute(wanted).fetchone() == (0,)  # what is old enough does go


@pytest.mark.nightly
def test_reply_is_kept_when_the_clock_is_a_day_ahead(server: Server, clock: ServerClock) -> None:
    start(server, clock, "+0")
    body, _ = DEMAND.new("clock-again", publish=True)
    told = {"Idempotency-Key": "clock-again-1"}
    with server.client() as client:
        first = client.post("/v1/demands", json=body, headers=told)
    server.stop()
    start(server, clock, "+1d")
    with server.client() as client:
        again = client.post("/v1/demands", json=body, headers=told)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()


def test_key_opens_by_the_time_of_the_day(running: Clocked) -> None:
    server = running.server
    running.clock.set("+0")
    ends_at = datetime.now(UTC) + timedelta(hours=1)
    database = Database(server.database_url)
    headers = bearer(make_key(database, name="short", expires_at=ends_at))
    database.close()
    asked = [("+0", 200), ("+300s", 200), ("-300s", 200), ("-1d", 200), ("+1d", 401), ("+0", 200)]
    with httpx2.Client(base_url=server.url, trust_env=False, headers=headers) as client:
        for offset, status in asked:
            running.clock.set(offset)
            assert (offset, client.get("/v1/demands").status_code) == (offset, status)


@pytest.mark.nightly
def test_rates_do_not_look_at_the_clock(server: Server, clock: ServerClock) -> None:
    start(server, clock, "+0")
    rate = RATES[Allowance.SIGN_IN]
    body = {"login": "nobody", "password": "no such person"}
    far = {"X-Forwarded-For": "203.0.113.9"}  # who calls from this very host is not counted
    with httpx2.Client(base_url=server.url, trust_env=False, timeout=30, headers=far) as client:
        asked = [client.post("/v1/session", json=body).status_code for _ in range(6)]
        assert asked[-1] == 429, asked
        for offset in ("+1d", "-1d", STANDING):
            clock.set(offset)
            reply = client.post("/v1/session", json=body)
            assert (offset, reply.status_code) == (offset, 429)
            assert int(reply.headers["retry-after"]) <= rate.seconds / rate.tokens
