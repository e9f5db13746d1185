"""`python -m tests.faults.outage`: what the service does while PostgreSQL is away, and after.

A real server process talks to a real PostgreSQL through a proxy of the tests. For each kind of
outage it is asked all the time; the report says what it answered, and after how many seconds.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from threading import Event, Thread
from typing import Final, Self

import httpx2
import psycopg

from api.schemas import examples
from tests.faults.proxy import Proxy, Weather
from tests.faults.server import Server
from tests.postgres import PostgresServer, StopMode, temporary_server

PATIENCE_S: Final = 30.0
"""Longest wait for anything on a machine that is busy with other things."""

N_CONNECTIONS: Final = 4
TEXT: Final = "碳化硅功率模块出口前的专利侵权风险排查"


class Outage(StrEnum):
    """A way for a database to be away."""

    STOPPED = "stopped"
    KILLED = "killed"
    SILENT = "silent"
    REFUSED = "refused"
    EXHAUSTED = "exhausted"
    """It answers, but every connection waits for a table somebody has locked."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """What the service did in one outage; all times from its beginning or its end.

    Attributes:
        outage: Kind.
        is_live: Whether it said all the time that it lives.
        not_ready_s: Until it said that it cannot do all it should.
        search_statuses: What public searches were answered with.
        degraded_s: Until they were answered from memory, and said so.
        slowest_search_s: The slowest public search.
        write_status: What a write was answered with.
        retry_after: Whether that said when to try again.
        write_s: How long that took.
        back_s: Until everything worked again.
        n_failed_after: Requests that failed once it had said so.
    """

    outage: Outage
    is_live: bool
    not_ready_s: float
    search_statuses: tuple[int, ...]
    degraded_s: float
    slowest_search_s: float
    write_status: int
    retry_after: bool
    write_s: float
    back_s: float
    n_failed_after: int

    @property
    def is_right(self) -> bool:
        """Whether every answer was what it should be, however long it took."""
        answers = self.is_live, self.search_statuses, self.write_status, self.retry_after
        return answers == (True, (200,), 503, True) and self.n_failed_after == 0

    @property
    def is_prompt(self) -> bool:
        """Whether it took no longer than it may."""
        return self.not_ready_s <= 3 and self.write_s <= 4 and self.back_s <= 5


class Installation:
    """A service, its database and the network between them."""

    def __init__(self, database: PostgresServer, proxy: Proxy, server: Server) -> None:
        self.database = database
        self.proxy = proxy
        self.server = server
        self.client = server.client(timeout=PATIENCE_S)
        self.stranger = httpx2.Client(base_url=server.url, timeout=PATIENCE_S, trust_env=False)
        self.demand_id = ""

    @classmethod
    @contextmanager
    def running(cls, folder: Path) -> Iterator[Self]:
        """Give an installation with one public provider and one public demand."""
        with ExitStack() as stack:
            database = stack.enter_context(temporary_server())
            proxy = stack.enter_context(Proxy(database.port))
            url = re.sub(r":\d+/", f":{proxy.port}/", database.new_database())
            server = Server(
                folder / "data",
                {
                    "NAVMATCH_DATABASE_URL": url,
                    "NAVMATCH_DATABASE_CONNECTIONS": str(N_CONNECTIONS),
                },
            )
            server.start()
            stack.callback(server.kill)
            server.wait_ready()
            made = cls(database, proxy, server)
            stack.callback(made.client.close)
            stack.callback(made.stranger.close)
            made._stock()
            yield made

    def search(self, **asked: str) -> httpx2.Response:
        """Ask as a public page does."""
        return self.stranger.get("/v1/widget/matches", params=asked or {"text": TEXT})

    def write(self) -> httpx2.Response:
        """Post a demand."""
        return self.client.post("/v1/demands", json=examples.DEMAND)

    def is_ready(self) -> bool:
        """Return whether it says that it can do all it should."""
        return self.stranger.get("/readyz").status_code == 200

    def works(self) -> bool:
        """Return whether everything works."""
        if not self.is_ready() or self.write().status_code != 201:
            return False
        return self.search().json()["degraded"] is False

    @contextmanager
    def outage(self, kind: Outage) -> Iterator[None]:
        """Have the database away for a while."""
        match kind:
            case Outage.STOPPED:
                self.database.stop(StopMode.FAST)
                yield
                self.database.start()
            case Outage.KILLED:
                self.database.kill()
                yield
                self.database.start()
            case Outage.SILENT | Outage.REFUSED:
                weather = Weather.SILENT if kind is Outage.SILENT else Weather.BROKEN
                self.proxy.become(weather)
                yield
                self.proxy.become(Weather.CLEAR)
            case Outage.EXHAUSTED:
                with self._all_connections_in_use():
                    yield

    def _stock(self) -> None:
        provider = {**examples.PROVIDER, "visibility": "public"}
        answer = self.client.post("/v1/providers", json=provider)
        assert answer.status_code == 201, answer.text
        demand = {**examples.DEMAND_FULL, "publish": True}
        answer = self.client.post("/v1/demands", json=demand)
        assert answer.status_code == 201, answer.text
        self.demand_id = answer.json()["id"]
        self.server.wait_followed(PATIENCE_S)

    @contextmanager
    def _all_connections_in_use(self) -> Iterator[None]:
        """Lock a table everybody reads, and have more readers than there are connections."""
        name = self.server.database_url.rpartition("/")[2]
        done = Event()

        def read() -> None:
            with self.server.client(timeout=PATIENCE_S) as client:
                while not done.wait(0.05):
                    client.get("/v1/demands")

        readers = [Thread(target=read) for _ in range(3 * N_CONNECTIONS)]
        with psycopg.connect(self.database.url(name, "postgres")) as stranger:
            stranger.execute("LOCK TABLE demand, api_key IN ACCESS EXCLUSIVE MODE")
            for reader in readers:
                reader.start()
            yield
            done.set()
        for reader in readers:
            reader.join()


def observe(installation: Installation, kind: Outage) -> Conduct:
    """Let the database go and come back, and report what was answered."""
    searches: list[tuple[int, float, bool]] = []
    lives: list[bool] = []

    def search() -> bool:
        asked = time.monotonic()
        answer = installation.search()
        is_degraded = answer.status_code == 200 and answer.json()["degraded"]
        searches.append((answer.status_code, time.monotonic() - asked, is_degraded))
        lives.append(installation.stranger.get("/healthz").status_code == 200)
        return bool(is_degraded)

    _wait_until(installation.works)
    with installation.outage(kind), ThreadPoolExecutor(1) as beside:
        began = time.monotonic()
        writing = beside.submit(lambda: (installation.write(), time.monotonic() - began))
        not_ready_s = _wait_until(lambda: not installation.is_ready(), began)
        degraded_s = _wait_until(search, began)
        refused, write_s = writing.result()
        stored = installation.search(demand=installation.demand_id)
        searches.append((stored.status_code, 0.0, True))
    back_s = _wait_until(installation.works)
    after = [ask().status_code for ask in (installation.write, installation.search) * 5]
    return Conduct(
        outage=kind,
        is_live=all(lives),
        not_ready_s=round(not_ready_s, 2),
        search_statuses=tuple(sorted({status for status, _, _ in searches})),
        degraded_s=round(degraded_s, 2),
        slowest_search_s=round(max(took for _, took, _ in searches), 2),
        write_status=refused.status_code,
        retry_after="retry-after" in refused.headers,
        write_s=round(write_s, 2),
        back_s=round(back_s, 2),
        n_failed_after=sum(status >= 500 for status in after),
    )


def _wait_until(is_so: Callable[[], bool], since: float | None = None) -> float:
    """Ask until something is so; return how many seconds that took since a moment."""
    began = time.monotonic() if since is None else since
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > until:
            raise AssertionError(f"not so after {PATIENCE_S} s")
        time.sleep(0.02)
    return time.monotonic() - began


def main() -> None:
    """Observe every kind of outage, and end with 1 if one was not met as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.outage", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each outage comes")
    asked = parser.parse_args()
    conducts: list[Conduct] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Installation.running(Path(folder)) as installation,
    ):
        for kind in list(Outage) * asked.rounds:
            conducts.append(observe(installation, kind))
            print(json.dumps(asdict(conducts[-1])), flush=True)
    sys.exit(not all(conduct.is_right and conduct.is_prompt for conduct in conducts))


if __name__ == "__main__":
    main()
