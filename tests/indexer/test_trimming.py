"""A change log that was cut off at its beginning never makes an index miss a change."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from indexer import documents
from indexer.documents import DatabaseDocuments
from indexer.snapshot import oldest_seq
from indexer.sync import Synchroniser
from models.base import now_utc
from models.database import Database
from models.vocabulary.row import Entity
from tests.rows import add_demand

LATER = now_utc() + timedelta(days=1)


@pytest.fixture
def source(database: Database, monkeypatch: pytest.MonkeyPatch) -> DatabaseDocuments:
    monkeypatch.setattr(documents, "TRIMMED_AT_ONCE", 3)
    return DatabaseDocuments(database, "hash")


def post(database: Database, n: int) -> set[str]:
    with database.write() as session:
        return {add_demand(session).id for _ in range(n)}


def found(synchroniser: Synchroniser) -> set[str]:
    return set(synchroniser.catch_up().kinds[Entity.DEMAND].row_by_id)


def test_trim_goes_on_until_nothing_old_is_left(
    database: Database, source: DatabaseDocuments
) -> None:
    post(database, 10)
    assert source.trim(LATER, keep_from=100) == 9
    assert source.mark(9) == ""
    assert source.mark(10) != ""


def test_index_behind_the_cut_is_built_anew(
    database: Database,
    source: DatabaseDocuments,
    make_synchroniser: Callable[..., Synchroniser],
) -> None:
    keys = post(database, 3)
    synchroniser = make_synchroniser()
    assert found(synchroniser) == keys
    keys |= post(database, 5)
    source.trim(LATER, keep_from=100)
    assert found(synchroniser) == keys


def test_empty_index_behind_the_cut_is_built_anew(
    database: Database,
    source: DatabaseDocuments,
    make_synchroniser: Callable[..., Synchroniser],
) -> None:
    synchroniser = make_synchroniser()
    assert found(synchroniser) == set()
    keys = post(database, 5)
    source.trim(LATER, keep_from=100)
    assert found(synchroniser) == keys


def test_generation_on_disk_is_still_followed_after_a_trim(
    database: Database,
    source: DatabaseDocuments,
    make_synchroniser: Callable[..., Synchroniser],
    tmp_path: Path,
) -> None:
    keys = post(database, 5)
    first = make_synchroniser()
    first.open()
    first.close()
    generation = first.view.generation
    keys |= post(database, 2)
    oldest = oldest_seq(tmp_path / "index")
    assert oldest == 5
    assert source.trim(LATER, keep_from=oldest) == 4
    second = make_synchroniser()
    assert found(second) == keys
    assert second.view.generation == generation


def test_oldest_seq_without_generations_is_unknown(tmp_path: Path) -> None:
    assert oldest_seq(tmp_path) is None
