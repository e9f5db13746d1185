"""Several workers that share the folder of an index: one leads, the others follow."""

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer import generations, state, sync
from indexer.embed import Progress
from indexer.encoder import HashEncoder
from indexer.snapshot import Generation
from indexer.view import IndexView
from models.base import now_utc
from models.database import Database
from models.demand import Demand
from models.errors import UnavailableError
from models.viewer import acting_as, system
from models.vocabulary.row import Entity
from tests.indexer.conftest import MakeWorker
from tests.indexer.counting import CountingEncoder
from tests.indexer.followed import assert_same_answers, contents, ids, truth
from tests.rows import add_demand

FOREVER_S = 600.0


def test_first_worker_leads_and_second_reads_its_generation(
    database: Database, make_worker: MakeWorker, stocked: dict[str, str]
) -> None:
    first, encoder = make_worker(), CountingEncoder()
    second = make_worker(encoder)
    before, view = first.open(), second.open()
    assert (first.leads, second.leads) == (True, False)
    assert view.version == before.version
    assert encoder.texts == []
    assert_same_answers(view, before)


def test_reader_advances_by_itself(
    database: Database, make_worker: MakeWorker, stocked: dict[str, str]
) -> None:
    first, second = make_worker(), make_worker()
    first.open()
    before = second.open()
    with database.write() as session:
        created = add_demand(session, "新需求").id
        session.get_one(Demand, stocked["demand"]).deleted_at = now_utc()
    first.catch_up()
    view = second.catch_up()
    assert view.generation == before.generation
    assert view.seq > before.seq
    assert created in ids(view, Entity.DEMAND)
    assert contents(view) == truth(database)


def test_reader_takes_up_the_generation_of_another_without_encoding(
    database: Database,
    make_worker: MakeWorker,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoder = CountingEncoder()
    first, second = make_worker(), make_worker(encoder)
    first.open()
    second.open()
    prepared: list[str] = []
    second.prepare = lambda view: prepared.append(view.generation)
    monkeypatch.setattr(state, "DELTA_ROWS", 2)
    with database.write() as session:
        for n in range(5):
            add_demand(session, f"新需求{n}")
    assert first.catch_up().generation == "gen-00000002"
    view = second.catch_up()
    assert view.version == first.view.version
    assert len(view.of(Entity.DEMAND).segments) == 1
    assert prepared == ["gen-00000002"]
    assert encoder.texts == []
    assert_same_answers(view, first.view)
    assert second.catch_up() is view


def test_reader_does_not_write_however_much_changed(
    database: Database,
    make_worker: MakeWorker,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(sync, "ENCODE_PATIENCE_S", 0.0)
    first, second = make_worker(), make_worker()
    first.open()
    second.open()
    monkeypatch.setattr(state, "DELTA_ROWS", 2)
    with database.write() as session:
        for n in range(5):
            add_demand(session, f"新需求{n}")
    assert contents(second.catch_up()) == truth(database)
    assert [p.name for p in (tmp_path / "index").glob("gen-*")] == ["gen-00000001"]


def test_reader_waits_for_the_vectors_of_the_leader(
    database: Database,
    make_worker: MakeWorker,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sync, "ENCODE_PATIENCE_S", FOREVER_S)
    encoder = CountingEncoder()
    first, second = make_worker(), make_worker(encoder)
    first.open()
    second.open()
    with database.write() as session:
        created = add_demand(session, "只编码一次的需求").id
    views: list[IndexView] = []
    reading = threading.Thread(target=lambda: views.append(second.catch_up()))
    reading.start()
    first.catch_up()
    reading.join(FOREVER_S)
    assert created in ids(views[0], Entity.DEMAND)
    assert encoder.texts == []


def test_reader_encodes_itself_when_the_leader_does_not(
    database: Database,
    make_worker: MakeWorker,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sync, "ENCODE_PATIENCE_S", 0.1)
    encoder = CountingEncoder()
    first, second = make_worker(), make_worker(encoder)
    first.open()
    second.open()
    with database.write() as session:
        created = add_demand(session, "没有人编码的需求").id
    assert created in ids(second.catch_up(), Entity.DEMAND)
    assert "没有人编码的需求" in encoder.texts
    assert not second.leads


def test_reader_knows_how_long_the_leader_has_been_silent(
    make_worker: MakeWorker, stocked: dict[str, str], tmp_path: Path
) -> None:
    first, second = make_worker(), make_worker()
    first.open()
    second.open()
    os.utime(tmp_path / "index" / ".lock", (1.0, 1.0))
    assert first.leader_silent_s == 0
    assert second.leader_silent_s > 60
    first.close()
    second.catch_up()
    assert second.leader_silent_s == 0


def test_reader_takes_the_place_of_a_leader_that_ended(
    database: Database,
    make_worker: MakeWorker,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = make_worker(), make_worker()
    first.open()
    second.open()
    monkeypatch.setattr(state, "DELTA_ROWS", 2)
    with database.write() as session:
        for n in range(5):
            add_demand(session, f"新需求{n}")
    first.close()
    view = second.catch_up()
    assert second.leads
    assert view.generation == "gen-00000002"
    assert contents(view) == truth(database)


def test_leader_whose_lock_was_taken_publishes_no_more(
    database: Database,
    make_worker: MakeWorker,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Fencing: whoever slept while its lock file was removed and taken writes nothing."""
    first, second = make_worker(), make_worker()
    first.open()
    second.open()
    (tmp_path / "index" / ".lock").unlink()
    monkeypatch.setattr(state, "DELTA_ROWS", 2)
    with database.write() as session:
        for n in range(5):
            add_demand(session, f"新需求{n}")
    assert second.catch_up().generation == "gen-00000002"
    assert (first.leads, second.leads) == (False, True)
    assert first.catch_up().version == second.view.version
    assert len(list((tmp_path / "index").glob("gen-*"))) == 2


def test_worker_waits_for_another_to_build_the_first_generation(
    make_worker: MakeWorker, stocked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(CountingEncoder):
        """Lets the other worker look before it goes on."""

        def encode_documents(
            self, texts: Sequence[str], progress: Progress | None = None
        ) -> NDArray[np.float32]:
            if not self.texts:
                reading.start()
                looked.wait(FOREVER_S)
            return super().encode_documents(texts, progress)

    looked = threading.Event()
    encoder = CountingEncoder()
    first, second = make_worker(Slow()), make_worker(encoder)
    views: list[IndexView] = []
    reading = threading.Thread(target=lambda: views.append(second.open()))
    looking = generations.Generations.load_newer

    def look(of: generations.Generations, *asked: Any) -> Generation | None:
        looked.set()
        return looking(of, *asked)

    monkeypatch.setattr(generations.Generations, "load_newer", look)
    first.open()
    reading.join(FOREVER_S)
    assert views[0].version == first.view.version
    assert encoder.texts == []


def test_worker_of_another_encoder_serves_from_memory_beside_the_leader(
    database: Database,
    make_worker: MakeWorker,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(generations, "BUILD_PATIENCE_S", 0.0)
    first, second = make_worker(), make_worker(HashEncoder(dim=32))
    first.open()
    view = second.open()
    assert view.generation == f"memory-{view.seq}"
    assert contents(view) == truth(database)
    first.close()
    monkeypatch.setattr(generations, "SAVE_AGAIN_S", 0.0)
    view = second.catch_up()
    assert view.generation == "gen-00000002"
    assert make_worker(HashEncoder(dim=32)).open().version == view.version


def test_rebuild_beside_a_leader_is_done_by_the_leader(
    database: Database, make_worker: MakeWorker, stocked: dict[str, str]
) -> None:
    leader, command = make_worker(), make_worker()
    leader.open()
    views: list[IndexView] = []
    rebuilding = threading.Thread(target=lambda: views.append(command.rebuild()))
    rebuilding.start()
    while rebuilding.is_alive():
        leader.catch_up()
    assert leader.leads
    assert views[0].version == leader.view.version
    assert views[0].generation == "gen-00000002"


def test_rebuild_is_done_by_the_one_who_asked_when_the_leader_dies(
    database: Database, make_worker: MakeWorker, stocked: dict[str, str], tmp_path: Path
) -> None:
    leader, command = make_worker(), make_worker()
    leader.open()
    rebuilding = threading.Thread(target=command.rebuild)
    rebuilding.start()
    while not (tmp_path / "index" / "REBUILD").exists():
        pass
    leader.close()
    rebuilding.join(FOREVER_S)
    assert command.leads
    assert command.view.generation == "gen-00000002"
    assert not (tmp_path / "index" / "REBUILD").exists()


def test_rebuild_that_nobody_answers_says_so(
    make_worker: MakeWorker, stocked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "REBUILD_PATIENCE_S", 0.0)
    make_worker().open()
    with pytest.raises(UnavailableError, match="正在运行的服务"):
        make_worker().rebuild()


def test_reader_never_takes_back_what_it_showed(
    database: Database,
    make_worker: MakeWorker,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A generation with an older state of a row waits until its present one is encoded."""
    monkeypatch.setattr(sync, "ENCODE_PATIENCE_S", 0.0)
    encoder = Stubborn()
    first, second = make_worker(), make_worker(encoder)
    first.open()
    second.open()
    monkeypatch.setattr(state, "DELTA_ROWS", 0)
    retitle(database, stocked["demand"], "第二版")
    first.catch_up()
    retitle(database, stocked["demand"], "第三版")
    with monkeypatch.context() as patch:  # it had looked just before the generation came
        patch.setattr(generations.Generations, "load_newer", lambda *asked: None)
        second.catch_up()
    retitle(database, stocked["demand"], "第四版")
    encoder.refuses = True
    with pytest.raises(RuntimeError):
        second.catch_up()
    demands = second.view.of(Entity.DEMAND)
    assert demands.document(demands.row_by_id[stocked["demand"]]).title == "第三版"
    encoder.refuses = False
    assert contents(second.catch_up()) == truth(database)


class Stubborn(CountingEncoder):
    """Encodes nothing while told to refuse."""

    refuses = False

    def encode_documents(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        if self.refuses:
            raise RuntimeError("refused")
        return super().encode_documents(texts, progress)


def retitle(database: Database, key: str, title: str) -> None:
    with acting_as(system("test")), database.write() as session:
        session.get_one(Demand, key).title = title


def test_reader_keeps_what_it_serves_when_the_name_says_nothing_new(
    make_worker: MakeWorker, stocked: dict[str, str], tmp_path: Path
) -> None:
    leader, reader = make_worker(), make_worker()
    leader.open()
    before = reader.open()
    current = tmp_path / "index" / "CURRENT"
    for content in ("gen-00000001", "", "nothing of ours"):
        current.unlink()
        current.write_text(content)
        assert reader.catch_up() is before
        assert reader.catch_up() is before


def test_reader_takes_up_a_generation_without_what_came_after_it(
    database: Database,
    make_worker: MakeWorker,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoder = CountingEncoder()
    leader, reader = make_worker(), make_worker(encoder)
    leader.open()
    reader.open()
    monkeypatch.setattr(state, "DELTA_ROWS", 2)
    with database.write() as session:
        for n in range(5):
            add_demand(session, f"新需求{n}")
    leader.catch_up()
    with database.write() as session:
        add_demand(session, "后来的需求", "谁也没有编码过的内容。")
    monkeypatch.setattr(sync, "ENCODE_PATIENCE_S", 0.0)
    view = reader.catch_up()
    assert view.generation == leader.view.generation == "gen-00000002"
    assert "后来的需求" in encoder.texts
    assert not [text for text in encoder.texts if text.startswith("新需求")]
    assert contents(view) == truth(database)
