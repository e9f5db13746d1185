"""Whatever happens in whatever order, every worker's index says what the database says.

    pytest tests/faults/test_model.py --ops 50000 --seed 7

Two workers share the folder of an index while a history is made up: rows are created, changed,
published, hidden, deleted and restored; workers catch up, are restarted, change places, merge
and rebuild. A dictionary knows what should be found; an index built from nothing knows the scores.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from indexer import generations, state, sync
from indexer.documents import KINDS, DatabaseDocuments
from indexer.embed import Embedder
from indexer.sync import Synchroniser
from indexer.view import IndexView
from models.database import Database
from tests.factories import SEGMENTER
from tests.faults.history import History
from tests.indexer.counting import CountingEncoder
from tests.indexer.followed import QUERY, assert_same_answers, contents, truth

OPERATIONS = 2_000
SEED = 20_261_125
CHECK_EVERY = 500
WRITES = (1, 25)


@dataclass
class Workers:
    """Two workers on one folder."""

    database: Database
    folder: Path
    running: list[Synchroniser] = field(default_factory=list)
    generations: set[str] = field(default_factory=set)
    leaders: int = 0

    def open(self) -> Synchroniser:
        """A further worker; what was encoded before is not encoded again."""
        encoder = CountingEncoder()
        source = DatabaseDocuments(self.database, encoder.fingerprint)
        worker = Synchroniser(source, Embedder(encoder, source), SEGMENTER, self.folder, KINDS)
        worker.open()
        self.running.append(worker)
        return worker

    def catch_up(self, number: int) -> IndexView:
        """Let one of them follow; versions never go back."""
        worker = self.running[number]
        before, view = worker.view, worker.catch_up()
        assert (view.seq, view.step) >= (before.seq, 0)
        self.generations.add(view.generation)
        self.leaders += worker.leads
        return view

    def restart(self, number: int) -> None:
        """End one and start it again; the other may lead from then on."""
        self.running.pop(number).close()
        if self.running:
            self.running[0].catch_up()
        self.open()

    def close(self) -> None:
        """End all."""
        for worker in self.running:
            worker.close()


@pytest.fixture
def workers(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workers]:
    monkeypatch.setattr(state, "DELTA_ROWS", 40)
    monkeypatch.setattr(sync, "ENCODE_PATIENCE_S", 0.0)
    monkeypatch.setattr(generations, "BUILD_PATIENCE_S", 0.0)
    made = Workers(database, tmp_path / "index")
    made.open()
    made.open()
    yield made
    made.close()


def test_index_equals_database_after_any_history(
    database: Database, workers: Workers, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    share = 1 if database.engine.dialect.name == "sqlite" else 3
    n_operations = request.config.getoption("--ops") or OPERATIONS // share
    seed = request.config.getoption("--seed") or SEED
    print(f"{n_operations} operations, seed {seed}")
    history = History(seed)
    n_done, n_checked = 0, 0
    while n_done < n_operations:
        with database.write() as session:
            for _ in range(int(history.rng.integers(*WRITES))):
                history.step(session)
                n_done += 1
        act(history, workers)
        if n_done // CHECK_EVERY > n_checked:
            n_checked = n_done // CHECK_EVERY
            check(workers, history, tmp_path / f"fresh-{n_checked}")
    check(workers, history, tmp_path / "fresh")
    print(f"{len(workers.generations)} generations, {n_checked + 1} full checks")
    assert len(workers.generations) > 2
    assert workers.leaders > 0


def act(history: History, workers: Workers) -> None:
    """Let something happen to the workers."""
    chance = history.rng.random()
    number = int(history.rng.integers(2))
    if chance < 0.04:
        workers.restart(number)
    elif chance < 0.05:
        leader = next((w for w in workers.running if w.leads), workers.running[0])
        leader.rebuild()
    elif chance < 0.5:
        workers.catch_up(number)


def check(workers: Workers, history: History, folder: Path) -> None:
    """Compare both workers with the dictionary, the database and an index built from nothing."""
    wanted = truth(workers.database)
    views = [workers.catch_up(number) for number in (0, 1)]
    fresh = Workers(workers.database, folder)
    built = fresh.open().view
    for view in views:
        assert contents(view) == wanted
        found = {
            kind: [(d.id, d.title, d.profile.name if d.profile else None) for d in documents]
            for kind, documents in contents(view).items()
        }
        assert found == history.oracle.findable()
        assert_same_answers(view, built)
        assert_exact(view)
    fresh.close()


def assert_exact(view: IndexView) -> None:
    """The nearest documents are those of the definition: all compared, the highest first."""
    for kind in KINDS:
        documents = view.of(kind)
        rows = documents.alive_rows
        if len(rows):
            vectors = np.stack([documents.embedding(int(row)).full for row in rows])
            keys = [documents.document(int(row)).id for row in rows]
            cosines = vectors @ QUERY.full
            best = sorted(zip(keys, cosines.tolist(), strict=True), key=lambda p: (-p[1], p[0]))
            found = documents.nearest("fulls", QUERY.full, 10, rows)
            assert [s for _, s in found] == pytest.approx([s for _, s in best[:10]], abs=1e-5)
            strict = {
                key for key, score in best[:10] if score > best[min(9, len(best) - 1)][1] + 1e-5
            }
            assert strict <= {documents.document(row).id for row, _ in found}


Breaking = Callable[[pytest.MonkeyPatch], None]


def forget_deletions(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that never takes out what is gone."""
    plain = state.IndexState.hide_gone
    monkeypatch.setattr(
        state.IndexState,
        "hide_gone",
        lambda self, changes: plain(
            self,
            type(changes)(
                changes.seq,
                changes.mark,
                changes.is_all,
                {kind: {d.id for d in changes.documents[kind]} for kind in changes.touched},
                changes.documents,
            ),
        ),
    )


def lose_delta(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that writes generations without what changed since the last."""
    monkeypatch.setattr(state.KindState, "merged", lambda self: self.base)


@pytest.mark.nightly
@pytest.mark.parametrize("break_it", [forget_deletions, lose_delta], ids=lambda f: f.__name__)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_model_notices_a_broken_index(
    database: Database,
    workers: Workers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    break_it: Breaking,
) -> None:
    history = History(SEED)
    break_it(monkeypatch)
    with pytest.raises(AssertionError):  # noqa: PT012 - whenever it is noticed
        for number in range(40):
            with database.write() as session:
                for _ in range(10):
                    history.step(session)
            act(history, workers)
            check(workers, history, tmp_path / f"fresh-{number}")
