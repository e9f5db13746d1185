"""`python -m tests.faults.outage`: what the service does while PostgreSQL is away, and after.

A real server process talks to a real PostgreSQL through a proxy of the tests. For each kind of
outage it is asked all the time; the report says what it answered, and after how many seconds.
"""

import argparse
import json
import math
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
PAUSE_S: Final = 0.1
"""Between two public searches."""

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
        n_searches: Public searches, from before the outage until everything worked again.
        search_statuses: What they were answered with.
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
    n_searches: int
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
        return (
            self.not_ready_s <= 3
            and self.write_s <= 4
            and self.slowest_search_s <= 3
            and self.back_s <= 5
        )


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

    def search(self) -> httpx2.Response:
        """Ask as a public page does."""
        return search(self.stranger)

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


@dataclass(frozen=True, slots=True)
class Search:
    """A public search: when it was answered (monotonic clock), with what, after how long."""

    at_s: float
    status: int
    took_s: float
    is_degraded: bool


class Searching:
    """Somebody who searches the public page all the time, whatever happens to the database.

    Attributes:
        searches: What was answered.
        lives: Whether it said each time that it lives.
    """

    def __init__(self, server: Server) -> None:
        self.searches: list[Search] = []
        self.lives: list[bool] = []
        self._server = server
        self._done = Event()
        self._thread = Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self._thread.join()

    def first_degraded_s(self, since: float) -> float:
        """Return how long after a moment one was first answered from memory; NaN for none."""
        return next((s.at_s - since for s in self.searches if s.is_degraded), math.nan)

    def has_degraded(self) -> bool:
        """Return whether one was answered from memory."""
        return not math.isnan(self.first_degraded_s(0.0))

    def _run(self) -> None:
        with httpx2.Client(
            base_url=self._server.url, timeout=PATIENCE_S, trust_env=False
        ) as client:
            while not self._done.wait(PAUSE_S):
                asked = time.monotonic()
                answer = search(client)
                now = time.monotonic()
                is_degraded = answer.status_code == 200 and answer.json()["degraded"]
                self.searches.append(Search(now, answer.status_code, now - asked, is_degraded))
                self.lives.append(client.get("/healthz").status_code == 200)


def search(client: httpx2.Client, **asked: str) -> httpx2.Response:
    """Ask as a public page does."""
    return client.get("/v1/widget/matches", params=asked or {"text": TEXT})


def observe(installation: Installation, kind: Outage) -> Conduct:
    """Let the database go and come back, and report what was answered."""
    _wait_until(installation.works)
    with Searching(installation.server) as searching:
        _wait_until(lambda: bool(searching.searches))
        began = time.monotonic()
        with installation.outage(kind), ThreadPoolExecutor(1) as beside:
            asked = time.monotonic()
            writing = beside.submit(lambda: (installation.write(), time.monotonic() - asked))
            not_ready_s = _wait_until(lambda: not installation.is_ready(), began)
            _wait_until(searching.has_degraded)
            refused, write_s = writing.result()
            stored = search(installation.stranger, demand=installation.demand_id)
        back_s = _wait_until(installation.works)
    after = [ask().status_code for ask in (installation.write, installation.search) * 5]
    return Conduct(
        outage=kind,
        is_live=all(searching.lives),
        not_ready_s=round(not_ready_s, 2),
        n_searches=len(searching.searches),
        search_statuses=tuple(
            sorted({stored.status_code, *(s.status for s in searching.searches)})
        ),
        degraded_s=round(searching.first_degraded_s(began), 2),
        slowest_search_s=round(max(s.took_s for s in searching.searches), 2),
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
