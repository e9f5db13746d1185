from collections.abc import Iterable, Mapping

import numpy as np
import pytest

from indexer.documents import KINDS, DatabaseDocuments
from models import repository
from models.base import Row, now_utc
from models.case import Case
from models.database import Database, Session
from models.demand import Demand
from models.position import Position
from models.provider import Provider
from models.vocabulary.demand import DemandState
from models.vocabulary.organisation import CaseState
from models.vocabulary.row import Entity
from tests.rows import add_capability, add_case, add_demand, add_provider
from tests.statements import watched_statements


def changed_since(source: DatabaseDocuments, seq: int) -> Mapping[Entity, set[str]]:
    changes = source.changes(seq, 1_000)
    assert changes.seq == source.last_seq()
    assert changes.is_all
    for kind, ids in changes.touched.items():
        assert changes.documents[kind] == source.load(kind, ids)
    return changes.touched


def test_changes_name_each_row_touched(database: Database, source: DatabaseDocuments) -> None:
    with database.write() as session:
        rows: list[Row] = [add_demand(session), add_case(session)]
        rows.append(add_capability(session, add_provider(session)))
    assert changed_since(source, 0) == {row.entity: {row.id} for row in rows}
    assert changed_since(source, source.last_seq()) == {row.entity: set() for row in rows}


def test_changes_come_in_rounds(database: Database, source: DatabaseDocuments) -> None:
    ids = []
    for _ in range(5):
        with database.write() as session:
            ids.append(add_demand(session).id)
    rounds = [source.changes(0, 2)]
    while not rounds[-1].is_all:
        rounds.append(source.changes(rounds[-1].seq, 2))
    assert rounds[-1].seq == source.last_seq()
    assert [len(changes.touched[Entity.DEMAND]) for changes in rounds] == [2, 2, 1]
    assert set().union(*(changes.touched[Entity.DEMAND] for changes in rounds)) == set(ids)


@pytest.fixture
def shop(database: Database) -> dict[str, str]:
    """Keys of a provider with two capabilities and a case, beside one it has nothing to do with."""
    with database.write() as session:
        provider, other = add_provider(session, "甲"), add_provider(session, "乙")
        add_capability(session, other)
        add_case(session, other)
        return {
            "provider": provider.id,
            "other": other.id,
            "organisation": provider.organisation_id,
            "first": add_capability(session, provider).id,
            "second": add_capability(session, provider).id,
            "case": add_case(session, provider).id,
        }


def assert_provider_touched(touched: Mapping[Entity, set[str]], shop: dict[str, str]) -> None:
    assert touched[Entity.CAPABILITY] == {shop["first"], shop["second"]}
    assert touched[Entity.CASE] == {shop["case"]}
    assert touched[Entity.DEMAND] == set()


def test_changed_provider_touches_all_it_owns(
    database: Database, source: DatabaseDocuments, shop: dict[str, str]
) -> None:
    before = source.last_seq()
    with database.write() as session:
        session.get_one(Provider, shop["provider"]).nda_ready = True
    assert_provider_touched(changed_since(source, before), shop)


def test_renamed_organisation_touches_its_provider(
    database: Database, source: DatabaseDocuments, shop: dict[str, str]
) -> None:
    before = source.last_seq()
    with database.write() as session:
        session.get_one(Provider, shop["provider"]).organisation.name = "新名称"
    assert_provider_touched(changed_since(source, before), shop)
    (document,) = source.load(Entity.CAPABILITY, [shop["first"]])
    assert document.profile is not None
    assert document.profile.name == "新名称"


def test_changed_case_touches_its_provider(
    database: Database, source: DatabaseDocuments, shop: dict[str, str]
) -> None:
    before = source.last_seq()
    with database.write() as session:
        session.get_one(Case, shop["case"]).state = CaseState.HIDDEN
    assert_provider_touched(changed_since(source, before), shop)


def test_moved_case_touches_both_providers(
    database: Database, source: DatabaseDocuments, shop: dict[str, str]
) -> None:
    before = source.last_seq()
    with database.write() as session:
        session.get_one(Case, shop["case"]).provider_id = shop["other"]
    touched = changed_since(source, before)
    assert touched[Entity.CAPABILITY] > {shop["first"], shop["second"]}
    assert len(touched[Entity.CAPABILITY]) == 3


def test_removed_row_is_named_too(database: Database, source: DatabaseDocuments) -> None:
    with database.write() as session:
        row = add_demand(session)
    before = source.last_seq()
    with database.write() as session:
        session.delete(session.get_one(Demand, row.id))
    assert changed_since(source, before)[Entity.DEMAND] == {row.id}
    assert source.load(Entity.DEMAND, [row.id]) == []


def test_changes_ask_no_more_for_many_providers(
    database: Database, source: DatabaseDocuments
) -> None:
    with database.write() as session:
        for n in range(12):
            add_capability(session, add_provider(session, f"公司{n}"))
    with watched_statements(database) as for_few:
        source.changes(0, 3)
    with watched_statements(database) as for_all:
        source.changes(0, 1_000)
    assert len(for_all) <= len(for_few) + 2


def test_everything_is_what_may_be_found(database: Database, source: DatabaseDocuments) -> None:
    assert source.everything() == (Position(0, ""), {kind: [] for kind in KINDS})
    with database.write() as session:
        provider = add_provider(session)
        add_demand(session, state=DemandState.DRAFT)
        add_case(session, deleted_at=now_utc())
        found = [add_demand(session).id, add_capability(session, provider).id]
    position, documents = source.everything()
    assert position.seq == source.last_seq()
    assert position.mark == source.mark(position.seq) != ""
    assert sorted(d.id for kind in KINDS for d in documents[kind]) == sorted(found)


def test_changes_show_one_moment_while_others_write(
    database: Database, source: DatabaseDocuments, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        first, second = add_demand(session), add_demand(session)
    plain_load = repository.rows_by_id

    def write_in_between(session: Session, table: type[Row], ids: Iterable[str]) -> dict[str, Row]:
        monkeypatch.undo()
        with database.write() as writing:
            for key in (first.id, second.id):
                writing.get_one(Demand, key).title = "改过的标题"
        return plain_load(session, table, ids)

    monkeypatch.setattr(repository, "rows_by_id", write_in_between)
    changes = source.changes(0, 10)
    assert [d.title for d in changes.documents[Entity.DEMAND]] == ["碳化硅专利导航"] * 2
    again = source.changes(changes.seq, 10)
    assert [d.title for d in again.documents[Entity.DEMAND]] == ["改过的标题"] * 2


def test_mark_tells_databases_apart(database: Database, source: DatabaseDocuments) -> None:
    assert source.mark(0) == source.mark(7) == ""
    with database.write() as session:
        add_demand(session)
        add_demand(session)
    marks = [source.mark(seq) for seq in range(1, source.last_seq() + 1)]
    assert "" not in marks
    assert len(set(marks)) == len(marks)
    assert source.mark(1) == marks[0]


def test_vectors_are_kept_per_encoder(database: Database, source: DatabaseDocuments) -> None:
    vector = np.arange(4, dtype=np.float32)
    source.put({"专利": vector})
    source.put({"专利": vector + 1, "导航": vector})
    kept = source.get(["专利", "导航", "分析"])
    assert {text: v.tolist() for text, v in kept.items()} == {
        "专利": vector.tolist(),
        "导航": vector.tolist(),
    }
    assert DatabaseDocuments(database, "other").get(["专利"]) == {}


def test_many_vectors_come_back_whole(database: Database, source: DatabaseDocuments) -> None:
    vectors = {f"文本{n}": np.full(3, n, np.float32) for n in range(1_200)}
    source.put(vectors)
    kept = source.get(list(vectors))
    assert len(kept) == 1_200
    assert all(kept[t].tolist() == v.tolist() for t, v in vectors.items())
