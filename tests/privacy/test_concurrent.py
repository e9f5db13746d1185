"""P1 when several things happen at once: what is erased meanwhile goes too."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from sqlalchemy import func, select

from indexer.embed import texts_of
from models.erasure import Erasable
from models.vector import VectorCache
from models.viewer import acting_as, system
from models.vocabulary.row import Entity
from tests.api.conftest import Running
from tests.privacy.traces import base_files_with


@pytest.fixture(autouse=True)
def as_system() -> Iterator[None]:
    with acting_as(system("test")):
        yield


def n_vectors(running: Running) -> int:
    with running.service.database.read() as session:
        return session.scalar(select(func.count()).select_from(VectorCache)) or 0


def two_demands(running: Running) -> tuple[str, str]:
    first, second = (
        running.demand(title=f"{word}器件侵权风险排查", description=f"{word}公司要排查风险。" * 9)
        for word in ("鸬鹚", "鹈鹕")
    )
    running.index()
    return first["id"], second["id"]


def test_erased_while_another_erasure_is_finished_goes_too(
    running: Running,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = two_demands(running)
    eraser, database = running.service.eraser, running.service.database
    compact = database.compact

    def meanwhile() -> bool:
        monkeypatch.setattr(database, "compact", compact)
        eraser.erase(Erasable.DEMAND, second)
        return compact()

    monkeypatch.setattr(database, "compact", meanwhile)
    eraser.erase(Erasable.DEMAND, first)
    assert eraser.finish()
    assert eraser.is_unfinished
    assert n_vectors(running) > 0
    assert eraser.finish()
    assert not eraser.is_unfinished
    assert n_vectors(running) == 0


def test_vector_made_while_its_text_is_erased_is_not_kept(running: Running) -> None:
    first, _ = two_demands(running)
    source, eraser = running.service.source, running.service.eraser
    _, documents = source.everything()
    texts = texts_of(documents[Entity.DEMAND])
    late = {text: np.zeros(8, np.float32) for text in texts}
    eraser.erase(Erasable.DEMAND, first)
    with ThreadPoolExecutor() as other:
        assert other.submit(_finish, running).result()
        source.put(late)
        assert 0 < len(other.submit(source.get, sorted(texts)).result()) < len(texts)


def _finish(running: Running) -> bool:
    with acting_as(system("test")):
        return running.service.eraser.finish()


@pytest.mark.parametrize("application", ["postgresql"], indirect=True)
def test_files_of_postgresql_hold_nothing_that_was_erased(running: Running) -> None:
    database = running.service.database
    word = "qzxcanary9d5"
    demand = running.demand(title=f"{word}侵权风险排查", description=f"{word}公司要排查风险。" * 9)
    assert base_files_with(database, word)
    running.service.eraser.erase(Erasable.DEMAND, demand["id"])
    assert _finish(running)
    assert base_files_with(database, word) == []


@pytest.mark.parametrize("application", ["postgresql"], indirect=True)
def test_table_in_use_is_left_for_later(running: Running) -> None:
    database = running.service.database
    with database.read() as session, ThreadPoolExecutor() as other:
        session.execute(select(VectorCache.text_hash)).all()
        assert not other.submit(database.compact, 0.0).result()
    assert database.compact()
