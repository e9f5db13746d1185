from dataclasses import replace
from datetime import date, timedelta

import pytest

from models import repository
from models.base import now_utc
from models.conditions import equals
from models.database import Database
from models.demand import EXPIRING_STATES, Demand
from models.errors import ForbiddenError, NotFoundError
from models.organisation import Organisation
from models.provider import Provider
from models.tag import TagAssignment
from models.viewer import Viewer, acting_as
from models.vocabulary.access import Role, Visibility
from models.vocabulary.demand import DemandState
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import Scheme, TagSource
from tests.rows import (
    VALID_UNTIL,
    add_capability,
    add_case,
    add_demand,
    add_organisation,
    add_provider,
    add_tag,
)

TODAY = date(2026, 3, 2)


def test_get_gives_rows_that_are_not_deleted(database: Database) -> None:
    with database.write() as session:
        there, gone = add_demand(session), add_demand(session, deleted_at=now_utc())
    with database.read() as session:
        assert repository.get(session, Demand, there.id).title == there.title
        for key in (gone.id, "dm_unknown"):
            with pytest.raises(NotFoundError) as caught:
                repository.get(session, Demand, key)
            assert caught.value.fields == {"entity": Entity.DEMAND, "id": key}


def test_page_walks_all_rows_once_in_either_direction(database: Database) -> None:
    with database.write() as session:
        keys = [add_demand(session, id=f"dm_{n}").id for n in range(7)]
        add_demand(session, id="dm_9", deleted_at=now_utc())
    for newest_first in (False, True):
        seen: list[str] = []
        after = None
        while True:
            with database.read() as session:
                rows = repository.page(
                    session, Demand, after=after, limit=3, newest_first=newest_first
                )
            if not rows:
                break
            seen += [row.id for row in rows]
            after = seen[-1]
        assert seen == sorted(keys, reverse=newest_first)


def test_page_and_count_take_conditions(database: Database) -> None:
    with database.write() as session:
        add_demand(session)
        urgent = add_demand(session, urgent=True)
    where = [equals(Demand.urgent, True)]
    with database.read() as session:
        rows = repository.page(session, Demand, after=None, limit=9, where=where)
        assert [row.id for row in rows] == [urgent.id]
        assert repository.count(session, Demand, where) == 1
        assert repository.count(session, Demand) == 2


def test_find_by_source_also_finds_deleted_rows(database: Database) -> None:
    with database.write() as session:
        key = add_demand(session, source_ref="来源-1", deleted_at=now_utc()).id
    with database.read() as session:
        found = repository.find_by_source(session, Demand, "来源-1")
        assert found is not None
        assert found.id == key
        assert repository.find_by_source(session, Demand, "来源-2") is None


def test_find_organisation_takes_the_oldest_of_a_name(database: Database) -> None:
    with database.write() as session:
        for key in ("og_2", "og_1", "og_3"):
            add_organisation(session, "同名公司", id=key)
        add_organisation(session, "同名公司", id="og_0", deleted_at=now_utc(), uscc="X" * 18)
    with database.read() as session:
        found = repository.find_organisation(session, "同名公司")
        assert found is not None
        assert found.id == "og_1"
        assert repository.find_organisation(session, "同名") is None
        assert repository.find_organisation_by_uscc(session, "X" * 18) is None


def test_rows_by_id_asks_in_parts(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "IDS_PER_QUERY", 3)
    with database.write() as session:
        keys = [add_organisation(session, f"公司{n}").id for n in range(8)]
    with database.read() as session:
        found = repository.rows_by_id(session, Organisation, [*keys, "og_unknown"])
        assert set(found) == set(keys)
        assert repository.live_ids(session, Organisation) == sorted(keys)


def test_provider_comes_with_capabilities_in_order(database: Database) -> None:
    with database.write() as session:
        provider = add_provider(session)
        keys = [add_capability(session, provider, id=f"cp_{n}").id for n in (2, 1)]
    with database.read() as session:
        found = repository.provider_with_capabilities(session, provider.id)
        assert [c.id for c in found.capabilities] == sorted(keys)
        with pytest.raises(NotFoundError):
            repository.provider_with_capabilities(session, "pv_unknown")


def test_owned_rows_leave_out_deleted_ones(database: Database) -> None:
    with database.write() as session:
        provider, other = add_provider(session, "甲"), add_provider(session, "乙")
        capability, case = add_capability(session, provider), add_case(session, provider)
        add_capability(session, provider, deleted_at=now_utc())
        add_case(session, provider, deleted_at=now_utc())
    with database.read() as session:
        assert [c.id for c in repository.capabilities_of(session, provider.id)] == [capability.id]
        assert [c.id for c in repository.cases_of(session, provider.id)] == [case.id]
        counts = repository.count_capabilities(session, [provider.id, other.id])
        assert counts == {provider.id: 1}
        found = repository.provider_of(session, provider.organisation_id)
        assert isinstance(found, Provider)
        assert found.id == provider.id
        assert repository.base_of(session, provider.organisation_id) is None


@pytest.mark.parametrize("state", DemandState)
def test_overdue_demands_are_open_ones_past_their_day(
    database: Database, state: DemandState
) -> None:
    with database.write() as session:
        overdue = add_demand(session, state=state, valid_until=TODAY - timedelta(days=1))
        add_demand(session, state=state, valid_until=TODAY)
        add_demand(session, state=state, valid_until=VALID_UNTIL)
    with database.read() as session:
        found = [row.id for row in repository.overdue_demands(session, TODAY)]
    assert found == ([overdue.id] if state in EXPIRING_STATES else [])


def test_last_demand_no_is_that_of_the_prefix(database: Database) -> None:
    with database.write() as session:
        for number in ("XQ-32-2026-0002", "XQ-32-2026-0010", "XQ-33-2026-0099", "XQ_32-2026-9"):
            add_demand(session, demand_no=number)
    with database.read() as session:
        assert repository.last_demand_no(session, "XQ-32-2026-") == "XQ-32-2026-0010"
        assert repository.last_demand_no(session, "XQ-44-") is None
        assert repository.last_demand_no(session, "XQ%") is None


def test_replace_tags_touches_only_one_source_and_its_schemes(database: Database) -> None:
    with database.write() as session:
        row = add_demand(session)
        add_tag(session, row, "OLD")
        add_tag(session, row, "1.2", scheme=Scheme.SEI)
        add_tag(session, row, "MINE", TagSource.HUMAN)
        fresh = TagAssignment(
            entity=row.entity,
            entity_id=row.id,
            scheme=Scheme.SCENARIO,
            scheme_version="1",
            code="NEW",
            source=TagSource.AUTO,
            confidence=0.7,
            evidence=[],
        )
        repository.replace_tags(session, row, TagSource.AUTO, [Scheme.SCENARIO], [fresh])
    with database.read() as session:
        kept = [t.code for t in session.query(TagAssignment).order_by(TagAssignment.code)]
        assert kept == ["1.2", "MINE", "NEW"]
        effective = repository.tags_of(session, Entity.DEMAND, [row.id, "dm_unknown"])
        assert {key: [t.code for t in tags] for key, tags in effective.items()} == {
            row.id: ["MINE", "1.2"]
        }


def test_changes_come_oldest_first_behind_a_number(database: Database) -> None:
    with database.write() as session:
        for n in range(5):
            add_organisation(session, f"公司{n}")
    with database.read() as session:
        found = [c.seq for c in repository.changes_after(session, 1, 3)]
        assert found == [2, 3, 4]
        assert repository.last_seq(session) == 5
        assert repository.changes_after(session, 5, 3) == []


def test_row_is_changed_by_who_owns_it_and_may_write(database: Database) -> None:
    owner = Viewer(Role.BASE_STAFF, "us_1", "og_1", "320500")
    with acting_as(owner), database.write() as session:
        key = add_demand(session, visibility=Visibility.PUBLIC).id
        hidden = add_demand(session, visibility=Visibility.PRIVATE).id
    reader, stranger = replace(owner, read_only=True), replace(owner, organisation_id="og_2")
    with acting_as(owner), database.read() as session:
        assert repository.get_to_change(session, Demand, key).id == key
        assert repository.visible_ids(session, Demand, [key, hidden, "dm_no"]) == {key, hidden}
    with acting_as(reader), database.read() as session:
        assert repository.get_owned(session, Demand, key).id == key
        with pytest.raises(ForbiddenError, match="只读"):
            repository.get_to_change(session, Demand, key)
    with acting_as(stranger), database.read() as session:
        assert repository.visible_ids(session, Demand, [key, hidden]) == {key}
        with pytest.raises(ForbiddenError, match="不属于"):
            repository.get_owned(session, Demand, key)
        with pytest.raises(NotFoundError):
            repository.get_owned(session, Demand, hidden)
