import numpy as np
import pytest
from sqlalchemy import text

from models import feed, repository
from models.base import now_utc
from models.case import Case
from models.database import Database
from models.provider import Capability
from models.vocabulary.organisation import CaseState
from models.vocabulary.row import Entity
from tests.rows import add_capability, add_case, add_demand, add_provider


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Queries are cut into parts all the time."""
    monkeypatch.setattr(repository, "IDS_PER_QUERY", 2)


def test_owned_ids_include_deleted_rows(database: Database) -> None:
    with database.write() as session:
        providers = [add_provider(session, f"公司{n}") for n in range(5)]
        owned = [add_capability(session, provider).id for provider in providers[:3]]
        owned.append(add_capability(session, providers[0], deleted_at=now_utc()).id)
        add_capability(session, providers[4])
        case = add_case(session, providers[1]).id
        add_case(session)
    wanted = [provider.id for provider in providers[:4]]
    with database.read() as session:
        assert feed.owned_ids(session, Capability, wanted) == set(owned)
        assert feed.owned_ids(session, Case, wanted) == {case}
        assert feed.owned_ids(session, Case, []) == set()


def test_provider_ids_of_organisations(database: Database) -> None:
    with database.write() as session:
        providers = [add_provider(session, f"公司{n}") for n in range(5)]
    with database.read() as session:
        found = feed.provider_ids_of(session, [p.organisation_id for p in providers[:4]] + ["og_x"])
    assert found == {provider.id for provider in providers[:4]}


def test_published_cases_leave_out_hidden_and_deleted_ones(database: Database) -> None:
    with database.write() as session:
        first, second = add_provider(session, "甲"), add_provider(session, "乙")
        expected = {add_case(session, first).id: first.id for _ in range(3)}
        expected[add_case(session, second).id] = second.id
        add_case(session, first, state=CaseState.HIDDEN)
        add_case(session, first, deleted_at=now_utc())
        add_case(session)
    with database.read() as session:
        assert feed.published_cases(session, [first.id, second.id]) == expected


def test_change_at_gives_one_entry(database: Database) -> None:
    with database.write() as session:
        row = add_demand(session)
    with database.read() as session:
        change = feed.change_at(session, 1)
        assert change is not None
        assert (change.entity, change.entity_id) == (Entity.DEMAND, row.id)
        assert feed.change_at(session, 2) is None


def test_vectors_come_back_to_the_bit(database: Database) -> None:
    vectors = {f"文本{n}": np.array([n, np.pi, -1e-30], np.float32) for n in range(5)}
    with database.write() as session:
        feed.keep_vectors(session, "编码器", vectors)
    with database.read() as session:
        found = feed.cached_vectors(session, "编码器", [*vectors, "没有"])
    assert {t: v.tobytes() for t, v in found.items()} == {
        t: v.tobytes() for t, v in vectors.items()
    }
    assert all(vector.dtype == np.float32 for vector in found.values())


def test_vectors_already_kept_stay(database: Database) -> None:
    for value in (1.0, 2.0):
        with database.write() as session:
            feed.keep_vectors(session, "编码器", {"文本": np.full(2, value, np.float32)})
    with database.read() as session:
        assert feed.cached_vectors(session, "编码器", ["文本"])["文本"].tolist() == [1.0, 1.0]
        assert feed.cached_vectors(session, "另一个", ["文本"]) == {}


def test_damaged_vector_is_not_known_and_is_written_anew(database: Database) -> None:
    vectors = {key: np.full(2, 1.0, np.float32) for key in ("好的", "坏的")}
    with database.write() as session:
        feed.keep_vectors(session, "编码器", vectors)
    with database.write() as session:
        session.execute(
            text("UPDATE vector_cache SET vector = :other WHERE text_hash = :hash"),
            {"other": np.full(2, 3.0, "<f4").tobytes(), "hash": feed.text_hash("坏的")},
        )
    with database.read() as session:
        assert set(feed.cached_vectors(session, "编码器", list(vectors))) == {"好的"}
    with database.write() as session:
        feed.keep_vectors(session, "编码器", vectors)
    with database.read() as session:
        assert set(feed.cached_vectors(session, "编码器", list(vectors))) == set(vectors)


def test_vectors_of_other_texts_are_dropped(database: Database) -> None:
    vectors = {key: np.ones(2, np.float32) for key in ("甲", "乙", "丙")}
    with database.write() as session:
        for encoder in ("编码器", "另一个"):
            feed.keep_vectors(session, encoder, vectors)
    with database.write() as session:
        assert feed.drop_vectors_but(session, ["乙"]) == 4
        assert feed.drop_vectors_but(session, ["乙"]) == 0
    with database.read() as session:
        assert set(feed.cached_vectors(session, "编码器", list(vectors))) == {"乙"}
