import errno
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer import generations, state, sync
from indexer.documents import KINDS, DatabaseDocuments
from indexer.embed import Embedder
from indexer.encoder import HashEncoder
from indexer.sync import Synchroniser
from models.acting import tell
from models.database import Database
from models.demand import Demand
from models.errors import UnavailableError
from models.provider import Provider
from models.viewer import acting_as, system
from models.vocabulary.organisation import ProviderState
from models.vocabulary.row import Entity
from tests.factories import SEGMENTER
from tests.indexer.followed import QUERY, OpenIndex, contents, ids, truth
from tests.rows import add_demand


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_index_of_a_restored_database_is_built_anew(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str], tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    with (
        closing(sqlite3.connect(tmp_path / "test.db")) as live,
        closing(sqlite3.connect(backup)) as copy,
    ):
        live.backup(copy)
    with database.write() as session:
        lost = add_demand(session, "备份之后的需求").id
    before = make_synchroniser()
    assert lost in ids(before.open(), Entity.DEMAND)
    before.close()  # as its process ends: it would go on leading
    restored = Database(f"sqlite:///{backup}")
    with restored.write() as session:
        for n in range(3):
            add_demand(session, f"恢复之后的需求{n}")
    source = DatabaseDocuments(restored, "hash-64-1")
    embedder = Embedder(HashEncoder(), source)
    view = Synchroniser(source, embedder, SEGMENTER, tmp_path / "index", KINDS).open()
    assert contents(view) == truth(restored)
    restored.close()


def test_database_restored_under_a_running_index_is_noticed(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str]
) -> None:
    synchroniser = make_synchroniser()
    synchroniser.open()
    with database.engine.begin() as connection:
        tell(connection, system("test"))
        connection.exec_driver_sql("DELETE FROM change_log WHERE seq > 1")
        connection.exec_driver_sql("DELETE FROM demand")
    view = synchroniser.catch_up()
    assert view.seq == 1
    assert contents(view) == truth(database)


def test_damaged_generation_is_replaced(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str], tmp_path: Path
) -> None:
    make_synchroniser().open()
    (tmp_path / "index" / "gen-00000001" / "demand.fulls.faiss").write_bytes(b"")
    view = make_synchroniser().open()
    assert view.generation == "gen-00000002"
    assert contents(view) == truth(database)


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def fail(*args: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(generations, "save_generation", fail)
        yield


def test_full_disk_is_served_from_memory(
    database: Database,
    make_synchroniser: OpenIndex,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(state, "DELTA_ROWS", 2)
    synchroniser = make_synchroniser()
    with full_disk(monkeypatch):
        view = synchroniser.open()
        assert view.generation == f"memory-{view.seq}"
        assert contents(view) == truth(database)
        with database.write() as session:
            for n in range(4):
                add_demand(session, f"磁盘满时的需求{n}")
        assert contents(synchroniser.catch_up()) == truth(database)
    assert synchroniser.save_error is not None
    assert "No space left" in caplog.text
    with database.write() as session:
        for n in range(4):
            add_demand(session, f"磁盘清理后的需求{n}")
    assert synchroniser.catch_up().generation == "gen-00000001"
    assert synchroniser.save_error is None
    assert contents(make_synchroniser().open()) == truth(database)


def test_rebuild_on_a_full_disk_says_so(
    database: Database,
    make_synchroniser: OpenIndex,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    synchroniser = make_synchroniser()
    with full_disk(monkeypatch), pytest.raises(UnavailableError, match="无法写入磁盘"):
        synchroniser.rebuild()
    assert contents(synchroniser.view) == truth(database)


class _FailingEncoder(HashEncoder):
    """Fails while it is told to."""

    is_failing = False

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        if self.is_failing:
            raise RuntimeError("the encoder died")
        return super().encode_documents(texts, progress)


def test_failure_in_the_middle_leaves_the_old_view_and_is_made_good(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str]
) -> None:
    encoder = _FailingEncoder()
    synchroniser = make_synchroniser(encoder=encoder)
    before = synchroniser.open()
    with database.write() as session:
        session.get_one(Provider, stocked["provider"]).state = ProviderState.PAUSED
        add_demand(session, "没有编码过的标题")
    encoder.is_failing = True
    with pytest.raises(RuntimeError):
        synchroniser.catch_up()
    assert synchroniser.view is before
    encoder.is_failing = False
    assert contents(synchroniser.catch_up()) == truth(database)


def test_searching_threads_see_whole_states_only(
    database: Database,
    make_synchroniser: OpenIndex,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(state, "DELTA_ROWS", 30)
    monkeypatch.setattr(sync, "CHANGES_PER_ROUND", 7)
    with database.write() as session:
        keys = [add_demand(session, "第000版").id for _ in range(10)]
        keep = [add_demand(session, "不变").id for _ in range(10)]
    synchroniser = make_synchroniser()
    synchroniser.open()
    finished = Event()

    def write() -> None:
        for n in range(1, 13):
            with acting_as(system("test")), database.write() as session:
                for key in keys:
                    session.get_one(Demand, key).title = f"第{n:03}版"
        finished.set()

    def publish() -> int:
        while not finished.is_set():
            synchroniser.catch_up()
        return synchroniser.catch_up().seq

    def search() -> int:
        seen, seq = 0, 0
        while not finished.is_set():
            view = synchroniser.view
            demands = view.of(Entity.DEMAND)
            rows = [row for row, _ in demands.nearest("fulls", QUERY.full, 99, demands.alive_rows)]
            titles = {demands.document(row).title for row in rows}
            assert len(rows) == len(keys) + len(keep)
            assert len(titles) == 2
            assert view.seq >= seq
            seen, seq = seen + 1, view.seq
        return seen

    with ThreadPoolExecutor(6) as pool:
        searches = [pool.submit(search) for _ in range(4)]
        publishing, writing = pool.submit(publish), pool.submit(write)
        writing.result()
        assert publishing.result() == synchroniser.view.seq
        assert all(search.result() > 0 for search in searches)
    assert {d.title for d in contents(synchroniser.view)[Entity.DEMAND]} == {"第012版", "不变"}
