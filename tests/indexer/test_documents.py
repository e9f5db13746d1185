from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np
import pytest
from sqlalchemy import event, text

from indexer.documents import KINDS, DatabaseDocuments
from indexer.types import Document
from models import repository
from models.base import Row, now_utc
from models.case import Case
from models.database import Database, Session
from models.demand import MATCHABLE_STATES, Demand
from models.provider import OFFERED_STATES, Provider
from models.vocabulary import (
    CaseState,
    DemandState,
    Entity,
    EvidenceLevel,
    ProviderState,
    RequirementKind,
    RequirementStrength,
    Scheme,
    ServiceRegion,
    TagSource,
    Visibility,
)
from tests.rows import add_capability, add_case, add_demand, add_provider, add_tag


@pytest.fixture
def source(database: Database) -> DatabaseDocuments:
    return DatabaseDocuments(database, "hash")


def found(source: DatabaseDocuments, row: Row) -> Document | None:
    documents = source.load(row.entity, [row.id])
    assert len(documents) <= 1
    return documents[0] if documents else None


def changed_since(source: DatabaseDocuments, seq: int) -> Mapping[Entity, set[str]]:
    changes = source.changes(seq, 1_000)
    assert changes.seq == source.last_seq()
    assert changes.is_all
    for kind, ids in changes.touched.items():
        assert changes.documents[kind] == source.load(kind, ids)
    return changes.touched


@contextmanager
def counted_statements(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*told: object) -> None:
        seen.append(str(told[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("state", DemandState)
def test_demand_is_found_in_matchable_states_only(
    database: Database, source: DatabaseDocuments, state: DemandState
) -> None:
    with database.write() as session:
        row = add_demand(session, state=state)
    assert (found(source, row) is not None) == (state in MATCHABLE_STATES)


@pytest.mark.parametrize("state", CaseState)
def test_case_is_found_when_published_only(
    database: Database, source: DatabaseDocuments, state: CaseState
) -> None:
    with database.write() as session:
        row = add_case(session, state=state)
    assert (found(source, row) is not None) == (state == CaseState.PUBLISHED)


@pytest.mark.parametrize("state", ProviderState)
def test_capability_is_found_while_its_provider_is_offered(
    database: Database, source: DatabaseDocuments, state: ProviderState
) -> None:
    with database.write() as session:
        row = add_capability(session, add_provider(session, state=state))
    assert (found(source, row) is not None) == (state in OFFERED_STATES)


def test_deleted_rows_are_not_found(database: Database, source: DatabaseDocuments) -> None:
    with database.write() as session:
        provider = add_provider(session)
        rows: list[Row] = [
            add_demand(session, deleted_at=now_utc()),
            add_case(session, deleted_at=now_utc()),
            add_capability(session, provider, deleted_at=now_utc()),
        ]
    for row in rows:
        assert found(source, row) is None
        assert source.all_ids(row.entity) == []


def test_capability_of_deleted_provider_is_not_found(
    database: Database, source: DatabaseDocuments
) -> None:
    with database.write() as session:
        row = add_capability(session, add_provider(session, deleted_at=now_utc()))
    assert found(source, row) is None


def test_unknown_keys_are_not_found(source: DatabaseDocuments) -> None:
    assert source.load(Entity.DEMAND, ["dm_unknown"]) == []


def test_documents_come_in_order_of_keys(database: Database, source: DatabaseDocuments) -> None:
    with database.write() as session:
        for key in ("dm_c", "dm_a", "dm_b"):
            add_demand(session, id=key)
    documents = source.load(Entity.DEMAND, ["dm_b", "dm_c", "dm_a"])
    assert [d.id for d in documents] == ["dm_a", "dm_b", "dm_c"]


def test_demand_document_carries_canonical_texts_and_facts(
    database: Database, source: DatabaseDocuments
) -> None:
    with database.write() as session:
        row = add_demand(
            session,
            title="ＳｉＣ　导航",
            description="说明\u200b文字",
            background="背景",
            decision_question="是否立项",
            region_code="320500",
            service_region=ServiceRegion.SAME_CITY,
            requirements=[{"kind": "staff_count", "strength": "must", "value": 5, "text": "五人"}],
            period_days=60,
            visibility=Visibility.BASES,
        )
    document = found(source, row)
    assert document is not None
    assert (document.title, document.body) == ("SiC 导航", "说明文字\n是否立项\n背景")
    assert (document.group_id, document.kind) == (row.id, Entity.DEMAND)
    (condition,) = document.conditions
    assert condition.kind == RequirementKind.STAFF_COUNT
    assert (condition.strength, condition.value) == (RequirementStrength.MUST, 5)
    assert document.service_region == ServiceRegion.SAME_CITY
    assert (document.period_days, document.visibility) == (60, Visibility.BASES)


def test_capability_document_is_grouped_by_provider(
    database: Database, source: DatabaseDocuments
) -> None:
    with database.write() as session:
        provider = add_provider(session, "甲公司", service_regions=["32"])
        row = add_capability(session, provider, evidence_level=EvidenceLevel.VERIFIED)
    document = found(source, row)
    assert document is not None
    assert document.group_id == provider.id
    assert document.verified
    assert document.profile is not None
    assert (document.profile.name, document.profile.service_regions) == ("甲公司", ("32",))


@pytest.mark.parametrize(
    ("sources", "codes"),
    [
        ([TagSource.AUTO], ["auto"]),
        ([TagSource.AUTO, TagSource.IMPORT], ["import"]),
        ([TagSource.AUTO, TagSource.IMPORT, TagSource.HUMAN], ["human"]),
        ([TagSource.AUTO, TagSource.HUMAN], ["human"]),
    ],
    ids=lambda value: "+".join(value),
)
def test_tags_of_a_person_win_over_imported_over_automatic(
    database: Database, source: DatabaseDocuments, sources: list[TagSource], codes: list[str]
) -> None:
    with database.write() as session:
        row = add_demand(session)
        for tag_source in sources:
            add_tag(session, row, tag_source.value, tag_source, confidence=0.5)
    document = found(source, row)
    assert document is not None
    assert [code for code, _ in document.scenarios] == codes


def test_tags_go_by_scheme_surest_first_and_without_rejects(
    database: Database, source: DatabaseDocuments
) -> None:
    with database.write() as session:
        row = add_demand(session)
        add_tag(session, row, "B", confidence=0.4)
        add_tag(session, row, "A", confidence=0.4)
        add_tag(session, row, "C", confidence=0.9)
        add_tag(session, row, "OTH", confidence=0.95)
        add_tag(session, row, "1.2", scheme=Scheme.SEI)
        add_tag(session, row, "C39", scheme=Scheme.GB4754)
    document = found(source, row)
    assert document is not None
    assert document.scenarios == (("C", 0.9), ("A", 0.4), ("B", 0.4))
    assert (document.industries, document.classes) == ((("1.2", 1.0),), (("C39", 1.0),))


def test_hidden_provider_hides_its_capabilities(
    database: Database, source: DatabaseDocuments
) -> None:
    with database.write() as session:
        provider = add_provider(session, visibility=Visibility.INVITED)
        row = add_capability(session, provider, visibility=Visibility.PUBLIC)
    document = found(source, row)
    assert document is not None
    assert document.visibility == Visibility.INVITED


@pytest.mark.parametrize(
    ("of_provider", "is_told"), [(Visibility.PLATFORM, True), (Visibility.PRIVATE, False)]
)
def test_case_names_its_provider_to_those_who_may_see_it(
    database: Database, source: DatabaseDocuments, of_provider: Visibility, is_told: bool
) -> None:
    with database.write() as session:
        provider = add_provider(session, visibility=of_provider)
        row = add_case(session, provider, visibility=Visibility.PLATFORM)
    document = found(source, row)
    assert document is not None
    assert (document.profile is not None) == is_told
    assert document.visibility == Visibility.PLATFORM


def test_case_without_provider_has_no_profile(
    database: Database, source: DatabaseDocuments
) -> None:
    with database.write() as session:
        row = add_case(session)
    document = found(source, row)
    assert document is not None
    assert document.profile is None


def test_row_written_past_the_sanitiser_does_no_harm(
    database: Database, source: DatabaseDocuments
) -> None:
    with database.write() as session:
        row = add_demand(session)
        session.execute(text("UPDATE demand SET title = '专利' || char(0) || char(1) || '导航'"))
    document = found(source, row)
    assert document is not None
    assert document.title == "专利导航"


def test_load_asks_no_more_for_many_providers(
    database: Database, source: DatabaseDocuments
) -> None:
    with database.write() as session:
        ids = []
        for n in range(12):
            provider = add_provider(session, f"公司{n}")
            ids.append(add_capability(session, provider).id)
            add_tag(session, add_case(session, provider), "ENT.RISK")
    with counted_statements(database) as for_one:
        source.load(Entity.CAPABILITY, ids[:1])
    with counted_statements(database) as for_all:
        assert len(source.load(Entity.CAPABILITY, ids)) == 12
    assert len(for_all) == len(for_one)


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
    assert found(source, row) is None


def test_changes_ask_no_more_for_many_providers(
    database: Database, source: DatabaseDocuments
) -> None:
    with database.write() as session:
        for n in range(12):
            add_capability(session, add_provider(session, f"公司{n}"))
    with counted_statements(database) as for_few:
        source.changes(0, 3)
    with counted_statements(database) as for_all:
        source.changes(0, 1_000)
    assert len(for_all) <= len(for_few) + 2


def test_everything_is_what_may_be_found(database: Database, source: DatabaseDocuments) -> None:
    assert source.everything() == (0, {kind: [] for kind in KINDS})
    with database.write() as session:
        provider = add_provider(session)
        add_demand(session, state=DemandState.DRAFT)
        add_case(session, deleted_at=now_utc())
        found = [add_demand(session).id, add_capability(session, provider).id]
    seq, documents = source.everything()
    assert seq == source.last_seq()
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
