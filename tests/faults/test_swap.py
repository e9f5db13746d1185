"""Every answer is that of some published version, and no session sees an older one.

pytest tests/faults/test_swap.py --seconds 60 --seed 7
"""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from api.serving import protocol
from tests.faults import flaws
from tests.faults.server import Server
from tests.faults.swapping import BUSY, Answer, SwapReport, swap
from tests.postgres import PostgresServer

STATES = 30
N_SEARCHERS = 8
SEED = 20_261_125


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """An installation of two workers that writes a generation every few changes."""
    environment = {"NAVMATCH_TEST_DELTA_ROWS": "5", "NAVMATCH_MAX_SEARCHES": "32"}
    if request.param == "postgresql":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        template = request.getfixturevalue("postgres_template")
        environment["NAVMATCH_DATABASE_URL"] = postgres.new_database(template)
    made = Server(tmp_path / "data", environment, ["--workers", "2"])
    yield made
    made.kill()


def run(server: Server, request: pytest.FixtureRequest, **variables: str) -> SwapReport:
    server.start(**variables)
    server.wait_ready()
    seconds = request.config.getoption("--seconds") or 0.0
    seed = request.config.getoption("--seed") or SEED
    report = swap(server, N_SEARCHERS, seed, STATES, seconds)
    print(f"{seconds} s, seed {seed}: {report}")
    return report


def test_every_answer_is_of_a_published_version(
    server: Server, request: pytest.FixtureRequest
) -> None:
    report = run(server, request)
    assert report.faults == []
    assert len(report.answers) > N_SEARCHERS
    assert len({a.generation for a in report.answers}) > 1


def test_refusals_that_are_put_up_with_are_codes_of_ours() -> None:
    titles = tomllib.loads((files("api") / "problems.toml").read_text("utf-8"))["titles"]
    of_connections = {code for code, *_ in protocol._SENTENCES.values()}
    assert titles.keys() | of_connections >= BUSY


@pytest.mark.nightly
@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_check_notices_an_index_that_misses_changes(
    server: Server, request: pytest.FixtureRequest
) -> None:
    report = run(server, request, **{flaws.VARIABLE: "forgetful_feed"})
    assert report.faults


TRUTH = [(1, frozenset("z")), (2, frozenset("za")), (3, frozenset("zab")), (4, frozenset("zb"))]
"""What may be found; `z` is the one that asks."""


def judged(seq: int, shown: str, step: int = 0, n_busy: int = 0, exact: bool = True) -> list[str]:
    answer = Answer(0, seq, step, len(shown), frozenset(shown), "gen-00000001", len(TRUTH))
    report = SwapReport([answer], TRUTH, is_exact=exact, n_busy=n_busy)
    report.judge("z")
    return report.faults


@pytest.mark.parametrize(
    ("seq", "shown", "step"),
    [(1, "", 0), (3, "ab", 0), (4, "b", 0), (2, "a", 1), (2, "", 1), (2, "b", 1), (3, "b", 1)],
)
def test_answers_of_a_version_are_no_faults(seq: int, shown: str, step: int) -> None:
    assert judged(seq, shown, step) == []


@pytest.mark.parametrize(
    ("seq", "shown", "step"),
    [(1, "a", 0), (3, "a", 0), (3, "abc", 0), (4, "a", 0), (3, "a", 1), (3, "", 1), (2, "c", 1)],
)
def test_answers_of_no_version_are_faults(seq: int, shown: str, step: int) -> None:
    assert judged(seq, shown, step)


@pytest.mark.parametrize("exact", [True, False])
def test_request_that_is_put_off_is_a_fault_where_judged_exactly(exact: bool) -> None:
    assert bool(judged(3, "ab", n_busy=1, exact=exact)) == exact
