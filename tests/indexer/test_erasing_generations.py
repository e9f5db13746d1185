"""What was erased leaves every generation on disk, whichever worker dies over it."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from indexer import generations
from indexer.documents import DatabaseDocuments
from indexer.errors import WriterLostError
from indexer.sync import Synchroniser
from models.database import Database
from models.erasure import Erasable, erase
from models.errors import UnavailableError
from models.failpoints import armed
from models.viewer import acting_as, system
from models.vocabulary.row import Entity
from tests.indexer.conftest import MakeWorker
from tests.indexer.followed import contents, ids, truth
from tests.rows import add_demand

ERASED_TITLE = "鸬鹚羽绒专利排查"
Pair = tuple[Synchroniser, Synchroniser]


@pytest.fixture(autouse=True)
def signed_in() -> Iterator[None]:
    with acting_as(system("test")):
        yield


@pytest.fixture
def secret(database: Database, stocked: dict[str, str]) -> str:
    with database.write() as session:
        key = add_demand(session, ERASED_TITLE).id
        add_demand(session, "后来的需求")
        return key


@pytest.fixture
def pair(secret: str, make_worker: MakeWorker) -> Pair:
    """The worker that leads and one that reads."""
    leader, reader = make_worker(), make_worker()
    leader.open()
    reader.open()
    return leader, reader


@pytest.fixture
def erase_it(database: Database, secret: str) -> Callable[[], None]:
    def erase_now() -> None:
        with database.write() as session:
            erase(session, Erasable.DEMAND, secret)

    return erase_now


def traces(tmp_path: Path) -> list[str]:
    """Names of the generations that hold a word of what was erased."""
    files = (path for path in (tmp_path / "index").rglob("*") if path.is_file())
    return sorted({p.parent.name for p in files if ERASED_TITLE.encode() in p.read_bytes()})


def test_reader_that_passed_the_erasure_finishes_it_for_a_leader_that_died(
    pair: Pair, erase_it: Callable[[], None], tmp_path: Path
) -> None:
    leader, reader = pair
    erase_it()
    reader.catch_up()
    leader.close()
    assert traces(tmp_path) == ["gen-00000001"]
    for _ in range(2):
        reader.catch_up()
    assert reader.leads
    assert traces(tmp_path) == []
    assert not list((tmp_path / "index").glob("ERASED*"))


def test_erasure_noted_by_a_leader_that_died_before_merging_is_finished(
    pair: Pair,
    erase_it: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    def die(*asked: object) -> None:
        raise WriterLostError("died")

    leader, reader = pair
    erase_it()
    reader.catch_up()
    with monkeypatch.context() as patch:
        patch.setattr(leader, "_merge", die)
        with pytest.raises(WriterLostError):
            leader.catch_up()
    leader.close()
    for _ in range(2):
        reader.catch_up()
    assert traces(tmp_path) == []


def test_generation_that_could_not_be_taken_up_at_once_is_taken_up_later(
    pair: Pair, erase_it: Callable[[], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    leader, reader = pair
    erase_it()
    leader.catch_up()

    def fail(*asked: object) -> None:
        raise UnavailableError("away")

    with monkeypatch.context() as patch:
        patch.setattr(generations, "load_generation", fail)
        with pytest.raises(UnavailableError):
            reader.catch_up()
    reader.catch_up()
    leader.catch_up()
    assert reader.view.generation == leader.view.generation == "gen-00000002"
    assert traces(tmp_path) == []


def test_full_disk_holds_up_neither_the_erasure_in_memory_nor_what_follows(
    database: Database,
    pair: Pair,
    secret: str,
    erase_it: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    leader, reader = pair
    reader.close()
    with armed("file_operation:enospc:1+"):
        erase_it()
        with database.write() as session:
            created = add_demand(session, "擦除之后登记的需求").id
        view = leader.catch_up()
        assert created in ids(view, Entity.DEMAND)
        assert contents(view) == truth(database)
        assert contents(leader.catch_up()) == truth(database)
        assert not list((tmp_path / "index").glob("ERASED*"))
    monkeypatch.setattr(generations, "SAVE_AGAIN_S", 0.0)
    for _ in range(2):
        leader.catch_up()
    assert traces(tmp_path) == []


def test_notes_of_another_database_are_dropped_with_its_index(
    database: Database, pair: Pair, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    leader, reader = pair
    reader.close()
    (tmp_path / "index" / "ERASED-99").touch()
    real = DatabaseDocuments.mark
    with monkeypatch.context() as patch:
        patch.setattr(DatabaseDocuments, "mark", lambda *asked: f"{real(*asked)}-restored")
        leader.catch_up()
    for _ in range(2):
        leader.catch_up()
    assert not list((tmp_path / "index").glob("ERASED*"))


def test_generation_that_is_still_read_goes_when_it_no_longer_is(
    pair: Pair, erase_it: Callable[[], None], tmp_path: Path
) -> None:
    leader, reader = pair
    erase_it()
    for _ in range(2):
        leader.catch_up()
    assert traces(tmp_path) == ["gen-00000001"]
    assert list((tmp_path / "index").glob("ERASED*"))
    reader.close()
    leader.catch_up()
    assert traces(tmp_path) == []
    assert not list((tmp_path / "index").glob("ERASED*"))


def test_notes_of_later_erasures_stay(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    with closing(generations.Generations(folder)) as noting:
        for seq in (3, 9):
            noting.note_erasure(seq)
        noting.drop_notes(3)
    assert [path.name for path in folder.glob("ERASED*")] == ["ERASED-9"]
