"""Stored texts are tagged anew in steps that survive a stop; a person's word stays."""

from typing import Any

import pytest

from api.schemas.demand import DemandCreate
from api.taxonomies import retagging
from api.taxonomies.retagging import Retagger, RetaggingBusyError
from api.wiring import Service
from models import audit_reading, repository, taxonomies
from models.audit_reading import AuditQuestion
from models.base import now_utc
from models.demand import Demand
from models.taxonomy import Scenario
from models.vocabulary.demand import DemandState
from models.vocabulary.taxonomy import RetaggingState, Scheme, TagSource
from tests.api.exchange.conftest import service, wired  # noqa: F401 - fixtures

TEXT = {
    "title": "梳理5G标准必要专利许可费率",
    "description": "公司要参与5G标准提案，请梳理标准必要专利，评估FRAND许可费率，"
    "判断要付多少许可费，该不该参与下一版标准提案。",
}
SEP = Scenario(
    code="ENT.SEP",
    zh="标准必要专利导航",
    en="",
    definition="围绕技术标准识别标准必要专利，评估许可费率和参与标准制定的时机。",
    parent="ENT",
    origin="own",
    triggers=("标准必要专利", "FRAND", "标准提案"),
    examples=("梳理5G标准必要专利，判断我们要付多少许可费，该不该参与下一版标准提案。",),
)


@pytest.fixture(autouse=True)
def shipped(service: Service) -> None:  # noqa: F811 - the fixture
    """Every test begins with the shipped taxonomy: the tables are empty, the service is not."""
    service.taxonomies.refresh()


def post(service: Service, n: int = 1, **more: Any) -> list[Demand]:  # noqa: F811
    bodies = [
        DemandCreate.model_validate({**TEXT, "title": f"{TEXT['title']}{i}", **more})
        for i in range(n)
    ]
    return [d for d in service.intake.demands.create_many(bodies) if isinstance(d, Demand)]


def codes(service: Service, demand: Demand) -> list[tuple[str, TagSource]]:  # noqa: F811
    with service.database.read() as session:
        found = repository.tags_of(session, demand.entity, [demand.id]).get(demand.id, [])
    return [(t.code, t.source) for t in found if t.scheme == Scheme.SCENARIO]


def test_added_code_reaches_old_texts_and_spares_a_persons(service: Service) -> None:  # noqa: F811
    (read,), (chosen,) = post(service), post(service, scenario_tags=["ENT.RISK"])
    assert "ENT.SEP" not in [code for code, _ in codes(service, read)]
    service.taxonomies.add(SEP)
    service.retagger.begin()

    done = service.retagger.work()

    assert done is not None
    assert (done.state, done.n_total, done.n_done) == (RetaggingState.DONE, 2, 2)
    assert (done.n_changed, done.n_kept) == (1, 1)
    assert codes(service, read)[0] == ("ENT.SEP", TagSource.AUTO)
    assert codes(service, chosen) == [("ENT.RISK", TagSource.HUMAN)]
    assert service.retagger.work() is None


def test_round_is_entered_in_the_audit_chain_as_one_act(service: Service) -> None:  # noqa: F811
    post(service, 3)
    service.taxonomies.add(SEP)
    with service.database.read() as session:
        before = audit_reading.count_entries(session, AuditQuestion())
    begun = service.retagger.begin()
    done = service.retagger.work()
    assert done is not None
    assert done.n_changed == 3
    with service.database.read() as session:
        found = audit_reading.newest_entries(session, AuditQuestion(), before=None, limit=9)
        assert audit_reading.count_entries(session, AuditQuestion()) == before + 2
    assert [(e.act, e.entity, e.entity_id) for e in found[:1]] == [
        ("retagging", "taxonomy", begun.id)
    ]


def test_demand_that_a_round_rejects_has_its_own_entry(service: Service) -> None:  # noqa: F811
    (demand,) = post(service, publish=True)
    with service.database.write() as session:
        session.get_one(Demand, demand.id).state = DemandState.REJECTED
    service.taxonomies.add(SEP)
    service.retagger.begin()
    service.retagger.work()
    with service.database.read() as session:
        assert session.get_one(Demand, demand.id).state is not DemandState.REJECTED
        found = audit_reading.newest_entries(
            session, AuditQuestion(entity_id=demand.id), before=None, limit=1
        )
    assert found[0].act == "retagging"


def test_changed_tags_reach_the_index(service: Service) -> None:  # noqa: F811
    post(service, publish=True)
    service.taxonomies.add(SEP)
    with service.database.read() as session:
        before = repository.last_seq(session)
    service.retagger.begin()
    service.retagger.work()
    with service.database.read() as session:
        assert repository.last_seq(session) == before + 1


def test_round_goes_on_where_it_stopped(
    service: Service,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retagging, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(taxonomies, "HELD_FOR", taxonomies.HELD_FOR * -1)
    post(service, 5)
    service.taxonomies.add(SEP)
    begun = service.retagger.begin()

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        service.retagger.work(stop)
    assert service.retagger.begin().id == begun.id
    other = Retagger(
        service.database, service.annotator, service.vocabularies.scenarios, lambda: None
    )
    told: list[int] = []
    done = other.work(lambda n, total: told.append(n))

    assert told[:2] == [4, 5]
    assert done is not None
    assert (done.id, done.n_done, done.n_changed) == (begun.id, 5, 5)


def test_round_another_process_works_on_is_left_to_it(service: Service) -> None:  # noqa: F811
    post(service)
    service.retagger.begin()
    with service.database.write() as session:
        held = taxonomies.claim(session, now_utc())
    assert held is not None
    with pytest.raises(RetaggingBusyError):
        service.retagger.work()


def test_new_version_supersedes_the_round_of_the_old(service: Service) -> None:  # noqa: F811
    first = service.retagger.begin()
    service.taxonomies.add(SEP)
    second = service.retagger.begin()
    assert (second.id != first.id, second.taxonomy) == (True, "draft-1+1")
    done = service.retagger.work()
    assert done is not None
    assert done.id == second.id


def test_retired_code_leaves_texts_read_by_the_program(service: Service) -> None:  # noqa: F811
    (demand,) = post(service)
    main = codes(service, demand)[0][0]
    service.taxonomies.retire(main)
    service.retagger.begin()
    service.retagger.work()
    assert main not in [code for code, _ in codes(service, demand)]
