"""Whatever was committed is followed, once and in order, however many write."""

import hashlib

import pytest

from indexer.building import Builder
from indexer.comparison import content_digest
from indexer.documents import KINDS, DatabaseDocuments
from indexer.embed import Embedder, RecentVectors
from indexer.encoder import HashEncoder
from indexer.segment_files import files_of
from indexer.state import IndexState
from indexer.types import Changes
from indexer.view import KindView
from models.database import Database
from tests.factories import SEGMENTER
from tests.faults.feed import FeedPlan, FeedReport, follow
from tests.faults.history import History
from tests.postgres import PostgresServer, database_name

SEED = 20_261_125
AT_ONCE = 1_000


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


class Follower:
    """An index in memory that takes up changes, and can be told the same ones again."""

    def __init__(self, database: Database) -> None:
        encoder = HashEncoder()
        self.source = DatabaseDocuments(database, encoder.fingerprint)
        self.builder = Builder(Embedder(encoder, RecentVectors()), SEGMENTER, KINDS)
        self.state: IndexState = self.builder.state_of(
            self.builder.build({kind: [] for kind in KINDS}, None)
        )

    def take_up(self, changes: Changes) -> None:
        self.builder.encode(self.state, self.builder.take_up_known(self.state, changes))

    def put_again(self, changes: Changes) -> None:
        """Take up even documents that are here already as they are now."""
        self.state.hide_gone(changes)
        documents = [d for found in changes.documents.values() for d in found]
        self.builder.encode(self.state, documents)

    def digest(self) -> str:
        """Digest of every file the index would be written as: documents, vectors, words."""
        digest = hashlib.sha256()
        for kind, segment in sorted(self.state.merged().items()):
            for name, content in sorted(files_of(segment).items()):
                digest.update(f"{kind}.{name}\n".encode() + content)
        return digest.hexdigest()

    def documents_digest(self) -> str:
        views = self.state.views.values()
        return content_digest(view.documents[row] for view in views for row in view.alive_rows)


def write_and_follow_twice(database: Database) -> None:
    """Whatever is followed once more changes nothing, neither at once nor from the beginning."""
    history, follower, seq = History(SEED), Follower(database), 0
    for _ in range(8):
        with database.write() as session:
            for _ in range(15):
                history.step(session)
        changes = follower.source.changes(seq, AT_ONCE)
        follower.take_up(changes)
        once = follower.digest()
        for again in (changes, follower.source.changes(seq, AT_ONCE)):
            follower.take_up(again)
            assert follower.digest() == once
            follower.put_again(again)
            assert follower.digest() == once
        seq = changes.seq
    follower.take_up(follower.source.changes(0, AT_ONCE))
    follower.put_again(follower.source.changes(0, AT_ONCE))
    assert follower.digest() == once
    _, truth = follower.source.everything()
    assert sum(map(len, truth.values())) > 20
    wanted = content_digest(d for documents in truth.values() for d in documents)
    assert follower.documents_digest() == wanted


def test_changes_applied_twice_are_harmless(database: Database) -> None:
    write_and_follow_twice(database)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_check_notices_an_index_that_adds_instead_of_replacing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KindView, "without", lambda self, ids: self)
    with pytest.raises(AssertionError):
        write_and_follow_twice(database)
