import pytest
from sqlalchemy import text

from indexer.documents import DatabaseDocuments
from indexer.types import Document
from models.base import Row, now_utc
from models.database import Database
from models.demand import MATCHABLE_STATES
from models.invitation import Invitation
from models.organisation import Base, Organisation
from models.provider import OFFERED_STATES
from models.sight import Placement
from models.vocabulary.access import Visibility
from models.vocabulary.demand import (
    DemandState,
    RequirementKind,
    RequirementStrength,
    ServiceRegion,
)
from models.vocabulary.organisation import BaseLevel, CaseState, EvidenceLevel, ProviderState
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import Scheme, TagSource
from tests.rows import add_capability, add_case, add_demand, add_organisation, add_provider, add_tag
from tests.statements import watched_statements


def found(source: DatabaseDocuments, row: Row) -> Document | None:
    documents = source.load(row.entity, [row.id])
    assert len(documents) <= 1
    return documents[0] if documents else None


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
    assert (document.period_days, document.placement.levels) == (60, (Visibility.BASES,))


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
    assert document.placement.levels == (Visibility.INVITED,)


def test_levels_that_do_not_cover_each_other_must_both_admit(
    database: Database, source: DatabaseDocuments
) -> None:
    with database.write() as session:
        provider = add_provider(session, visibility=Visibility.BASES)
        row = add_capability(session, provider, visibility=Visibility.REGION)
    document = found(source, row)
    assert document is not None
    assert document.placement.levels == (Visibility.REGION, Visibility.BASES)


def test_document_says_whose_it_is_and_who_is_invited(
    database: Database, source: DatabaseDocuments
) -> None:
    with database.write() as session:
        owner = add_organisation(session, "甲基地", region_code="440300")
        base = Base(organisation=owner, level=BaseLevel.NATIONAL)
        session.add(base)
        session.flush()
        row = add_demand(session, base_id=base.id, visibility=Visibility.INVITED)
        guest = add_organisation(session, "乙机构")
        session.add(
            Invitation(
                entity=row.entity, row_id=row.id, owner_id=owner.id, organisation_id=guest.id
            )
        )
    document = found(source, row)
    assert document is not None
    assert document.placement == Placement(
        (Visibility.INVITED,), owner.id, "440300", invited=(guest.id,)
    )


def test_organisation_that_moves_takes_its_rows_along(
    database: Database, source: DatabaseDocuments
) -> None:
    with database.write() as session:
        owner = add_organisation(session, "甲基地", region_code="440300")
        base = Base(organisation=owner, level=BaseLevel.NATIONAL)
        session.add(base)
        session.flush()
        row = add_demand(session, base_id=base.id)
    before = source.last_seq()
    with database.write() as session:
        session.get_one(Organisation, owner.id).region_code = "320500"
    (document,) = source.changes(before, 100).documents[Entity.DEMAND]
    assert (document.id, document.placement.owner_region) == (row.id, "320500")


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
    assert document.placement.levels == (Visibility.PLATFORM,)


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
        refused = "chr(1)" if database.engine.dialect.name == "postgresql" else "char(0, 1)"
        session.execute(text(f"UPDATE demand SET title = '专利' || {refused} || '导航'"))  # noqa: S608
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
    with watched_statements(database) as for_one:
        source.load(Entity.CAPABILITY, ids[:1])
    with watched_statements(database) as for_all:
        assert len(source.load(Entity.CAPABILITY, ids)) == 12
    assert len(for_all) == len(for_one)
