"""The short forms of `tools/load.py`: what does not depend on how fast the machine is (R11, R17).

The code is that of the long forms; only the phases take less time, and the service has the
encoder of the tests and two places for searches, so that a few requests are too many.
"""

import asyncio
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psutil
import pytest

from models.database import Database
from tests.credentials import make_key
from tests.faults.server import Server
from tests.tools.loading.toy import ToyFlaw, toying
from tools.loading.figures import Goal, report
from tools.loading.installation import CALLERS, Installation
from tools.loading.offering import Caller, Outcomes, Texts
from tools.loading.profiles import NothingServedError, Phases, Profile, Result, overload
from tools.loading.soak import soak

SHORT: Final = Phases(
    warm_up_s=0.1, calm_s=0.2, capacity_s=0.4, recovery_s=0.2, sample_s=0.1, n_filling=8
)
SECONDS: Final = 1.0
SEED: Final = 7
ENVIRONMENT: Final = {
    "NAVMATCH_MAX_SEARCHES": "2",
    "NAVMATCH_SEARCH_DEADLINE_S": "60",
    "NAVMATCH_WRITE_DEADLINE_S": "60",
}
REFUSED_AS: Final = {"busy", "rate_exceeded"}
AT_ONCE: Final = 60
UNTIMED: Final = ("requests lost", "failed requests", "rejections without Retry-After")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("load") / "data", ENVIRONMENT)
    made.start()
    made.wait_ready()
    yield made
    made.kill()


@pytest.fixture
def service(server: Server) -> Installation:
    """The server with callers of its own: a fast machine uses up what a key may ask a minute."""
    database = Database(server.database_url)
    keys = {name: make_key(database, name=name) for name in CALLERS}
    database.close()
    return Installation("127.0.0.1", server.port, server.data_dir, keys, psutil.Process(server.pid))


def met(goals: list[Goal]) -> dict[str, bool]:
    return {goal.name: goal.is_met for goal in goals}


def check_figures(result: Result) -> None:
    """All figures are there, and a report can be written of them."""
    facts, goals = result
    told = json.loads(report("short", facts, goals).partition("\n")[0])
    assert told.keys() == {"profile", "goals", *facts}
    assert all(math.isfinite(goal.value) for goal in goals)
    assert facts["capacity_per_s"] > 0


def test_overload_is_served_or_refused_with_a_time(service: Installation) -> None:
    result = asyncio.run(overload(Profile(service, SECONDS, 4.0, SEED, SHORT)))
    facts, goals = result
    check_figures(result)
    assert met(goals)["requests lost"]
    assert met(goals)["failed requests"]
    assert met(goals)["rejections without Retry-After"]
    assert {*facts["noisy"], *facts["quiet"]} <= {200, 429, 503}
    assert facts["refusals"].keys() <= REFUSED_AS
    assert facts["late"] == 0


def test_more_at_once_than_let_in_are_told_to_come_again(service: Installation) -> None:
    outcomes = asyncio.run(ask_at_once(service, AT_ONCE))
    assert outcomes.statuses.keys() == {200, 503}
    assert outcomes.n_asked == AT_ONCE
    assert outcomes.refusals.keys() == {"busy"}
    assert (outcomes.n_lost, outcomes.n_failed, outcomes.n_unhelpful) == (0, 0, 0)


async def ask_at_once(service: Installation, n_requests: int) -> Outcomes:
    outcomes = Outcomes()
    async with Caller(service, "writer", Texts(SEED)) as caller:
        await asyncio.gather(*(caller.ask(outcomes) for _ in range(n_requests)))
    return outcomes


def test_soak_loses_nothing_and_reads_what_the_service_takes(service: Installation) -> None:
    result = asyncio.run(soak(Profile(service, SECONDS, 0.5, SEED, SHORT)))
    facts, goals = result
    check_figures(result)
    assert met(goals)["failed requests"]
    assert met(goals)["write-ahead log, MiB"]
    assert met(goals)["generations"]
    assert facts["questions_before"] >= SHORT.n_filling
    assert facts["reads"].keys() <= {200, 429, 503}
    assert 201 in facts["writes"]
    assert facts["writes"].keys() <= {201, 204, 503}
    assert facts["refusals"].keys() <= REFUSED_AS
    assert service.process.pid in facts["memory_mib_by_process"]
    assert min(facts["memory_mib"]) > 1
    assert min(facts["files"]) > 0
    assert min(facts["threads"]) > 0
    assert facts["generations_max"] > 0


@pytest.mark.parametrize(
    ("flaw", "missed"),
    [
        (None, set()),
        (ToyFlaw.SILENT_REFUSAL, {"rejections without Retry-After"}),
        (ToyFlaw.WORDLESS_REFUSAL, {"failed requests"}),
        (ToyFlaw.FAILURE, {"failed requests"}),
        (ToyFlaw.LOSS, {"requests lost"}),
    ],
)
def test_overload_finds_out_a_flawed_service(
    flaw: ToyFlaw | None, missed: set[str], tmp_path: Path
) -> None:
    async def run() -> Result:
        async with toying(tmp_path, flaw) as toy:
            return await overload(Profile(toy, 0.3, 4.0, SEED, SHORT))

    found = met(asyncio.run(run())[1])
    assert {name for name in UNTIMED if not found[name]} == missed


@pytest.mark.parametrize(
    ("flaw", "missed"),
    [
        (None, set()),
        (ToyFlaw.FAILURE, {"failed requests"}),
        (ToyFlaw.LOSS, {"failed requests"}),
        (ToyFlaw.GENERATIONS, {"generations"}),
    ],
)
def test_soak_finds_out_a_flawed_service(
    flaw: ToyFlaw | None, missed: set[str], tmp_path: Path
) -> None:
    async def run() -> Result:
        async with toying(tmp_path, flaw) as toy:
            return await soak(Profile(toy, SECONDS, 0.5, SEED, SHORT))

    found = met(asyncio.run(run())[1])
    assert {name for name in ("failed requests", "generations") if not found[name]} == missed


def test_service_that_serves_nobody_has_no_capacity(tmp_path: Path) -> None:
    async def run() -> Result:
        async with toying(tmp_path, ToyFlaw.NOTHING) as toy:
            return await overload(Profile(toy, SECONDS, 4.0, SEED, SHORT))

    with pytest.raises(NothingServedError, match="busy"):
        asyncio.run(run())
