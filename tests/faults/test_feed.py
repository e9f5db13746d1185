"""Whatever was committed is followed, once and in order, however many write."""

import pytest

from tests.faults.feed import FeedPlan, FeedReport, follow
from tests.postgres import PostgresServer, database_name

SEED = 20_261_125


def run(url: str, plan: FeedPlan) -> FeedReport:
    report = follow(url, plan)
    print(report)
    return report


def test_follower_misses_nothing_of_many_writers(database_url: str) -> None:
    report = run(database_url, FeedPlan(n_writers=4, n_rows=60, rows_per_write=4, seed=SEED))
    assert report.is_whole
    assert report.n_committed == 240


@pytest.mark.nightly
def test_check_notices_commits_out_of_order(
    postgres: PostgresServer, postgres_template: str
) -> None:
    url = postgres.new_database(postgres_template)
    postgres.execute(
        "ALTER TABLE change_log DISABLE TRIGGER change_log_in_order", database_name(url)
    )
    report = run(url, FeedPlan(4, 60, 4, SEED, ordered=False))
    postgres.drop_database(url)
    assert report.n_missed > 0


@pytest.mark.nightly
def test_follower_misses_nothing_of_8_writers_of_5000_rows(
    postgres: PostgresServer, postgres_template: str
) -> None:
    url = postgres.new_database(postgres_template)
    report = run(url, FeedPlan(n_writers=8, n_rows=5_000, rows_per_write=10, seed=SEED))
    postgres.drop_database(url)
    assert report.is_whole
    assert report.n_committed == 40_000


@pytest.mark.nightly
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_refuses_none_of_8_processes(database_url: str) -> None:
    plan = FeedPlan(n_writers=8, n_rows=500, rows_per_write=1, seed=SEED, max_delay_s=0)
    report = run(database_url, plan)
    assert report.is_whole
    assert report.n_refused == 0
    assert report.p99_s < 2
