"""Demands through the intake: many at once, expiry, change log, one version a change."""

from datetime import date
from typing import Any

import pytest

from api.intake.demands import DemandIntake
from api.intake.problems import FieldsRejectedError
from api.schemas import examples
from api.schemas.demand import DemandCreate, DemandUpdate
from indexer.annotate.facts import KnownFacts
from models import repository
from models.demand import Demand
from models.errors import ConflictError, NavmatchError
from models.vocabulary.demand import Confidentiality, DemandState
from models.vocabulary.row import Entity, Operation
from tests.api.conftest import SCENARIO, Running
from tests.api.parties import gather


def body(**changes: object) -> DemandCreate:
    return DemandCreate.model_validate({**examples.DEMAND, **SCENARIO, **changes})


@pytest.fixture
def demands(running: Running) -> DemandIntake:
    return running.service.intake.demands


def test_create_many_answers_each_on_its_own(demands: DemandIntake, running: Running) -> None:
    outcomes = demands.create_many(
        [
            body(source_ref="甲"),
            body(region_code="999999"),
            body(source_ref="甲"),
            body(base_id="bs_01JZX3V8Q4W6T2N9K7M5R1C0BD"),
            body(),
        ]
    )
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds == [Demand, FieldsRejectedError, ConflictError, FieldsRejectedError, Demand]
    assert running.get("/v1/demands")["total"]["value"] == 2
    numbers = [o.demand_no for o in outcomes if isinstance(o, Demand)]
    assert numbers == ["XQ-32-2026-000001", "XQ-32-2026-000002"]


def test_create_many_reads_all_texts_in_one_call(
    demands: DemandIntake, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    annotate_many = running.service.annotator.annotate_many

    def count(texts: Any, known: Any = None) -> Any:
        sizes.append(len(texts))
        return annotate_many(texts, known)

    monkeypatch.setattr(running.service.annotator, "annotate_many", count)
    demands.create_many([body() for _ in range(5)])
    assert sizes == [5]


def test_create_many_of_nothing_is_nothing(demands: DemandIntake) -> None:
    assert demands.create_many([]) == []


def test_annotator_is_told_what_a_person_stated(
    demands: DemandIntake, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[KnownFacts] = []
    annotate_many = running.service.annotator.annotate_many

    def listen(texts: Any, known: Any = None) -> Any:
        told.extend(known)
        return annotate_many(texts, known)

    monkeypatch.setattr(running.service.annotator, "annotate_many", listen)
    demand = demands.create(body(period_days=30, tech_keywords=["碳化硅"]))
    demands.change(demand.id, DemandUpdate(version=1, period_days=None))
    first, second = told
    assert (first.has_period, first.has_industry, first.scenario_code) == (True, True, "ENT.RISK")
    assert first.region_code == "320500"
    assert (second.has_period, second.scenario_code) == (False, "ENT.RISK")


def test_overdue_demands_expire_and_the_rest_stay(demands: DemandIntake, running: Running) -> None:
    overdue, current = demands.create(body()), demands.create(body())
    withdrawn = demands.create(body())
    demands.withdraw(withdrawn.id)
    with running.service.database.write() as session:
        for row_id in (overdue.id, withdrawn.id):
            repository.get(session, Demand, row_id).valid_until = date(2026, 11, 24)
    assert demands.expire_overdue() == 1
    assert demands.expire_overdue() == 0
    with running.service.database.read() as session:
        states = {d.id: d.state for d in repository.page(session, Demand, after=None, limit=9)}
    assert states == {
        overdue.id: DemandState.EXPIRED,
        current.id: DemandState.PUBLISHED,
        withdrawn.id: DemandState.WITHDRAWN,
    }


def test_expired_demand_is_published_again_only_with_new_validity(
    demands: DemandIntake, running: Running
) -> None:
    demand = demands.create(body())
    with running.service.database.write() as session:
        repository.get(session, Demand, demand.id).valid_until = date(2026, 11, 24)
    demands.expire_overdue()
    with pytest.raises(NavmatchError, match="有效期已过"):
        demands.publish(demand.id)
    version = running.get(f"/v1/demands/{demand.id}")["version"]
    change = DemandUpdate(version=version, valid_until=date(2027, 1, 1), respond_by=None)
    demands.change(demand.id, change)
    assert demands.publish(demand.id).state == DemandState.PUBLISHED


def test_every_change_is_one_version_and_one_log_entry(
    demands: DemandIntake, running: Running
) -> None:
    before = running.last_seq()
    demand = demands.create(body())
    change = {"version": 1, "title": "碳化硅模块专利风险排查", "deliverables": ["memo"]}
    assert demands.change(demand.id, DemandUpdate.model_validate(change)).version == 2
    demands.delete(demand.id, "测试")
    with running.service.database.read() as session:
        entries = repository.changes_after(session, before, 10)
    assert [(e.entity, e.operation) for e in entries] == [
        (Entity.DEMAND, Operation.CREATE),
        (Entity.DEMAND, Operation.UPDATE),
        (Entity.DEMAND, Operation.DELETE),
    ]


def test_refused_change_leaves_the_row_as_it_was(demands: DemandIntake, running: Running) -> None:
    demand = demands.create(body())
    bad = DemandUpdate.model_validate({"version": 1, "region_code": "999999", "urgent": True})
    with pytest.raises(FieldsRejectedError):
        demands.change(demand.id, bad)
    kept = running.get(f"/v1/demands/{demand.id}")
    assert (kept["version"], kept["urgent"], kept["region_code"]) == (1, False, "320500")


def test_day_named_in_the_text_becomes_the_period(demands: DemandIntake) -> None:
    text = "需要对碳化硅功率模块出口做专利侵权风险排查，提交分析报告，2026年12月25日前完成。"
    assert demands.create(body(description=text, decision_question=None)).period_days == 30


@pytest.mark.parametrize("field", ["title", "description", "background", "decision_question"])
def test_masked_recipient_is_named_in_no_text(
    demands: DemandIntake, running: Running, field: str
) -> None:
    recipient = running.post("/v1/organisations", examples.ORGANISATION)
    told = f"为 苏州示例功率半导体 有限公司排查出口风险。{examples.DEMAND['description']}"[:78]
    chosen = {"recipient_id": recipient["id"], field: told}
    made = demands.create(body(**chosen, confidentiality="open"))
    with pytest.raises(FieldsRejectedError) as refused:
        demands.create(body(**chosen, confidentiality="masked"))
    assert [(p.field, p.code) for p in refused.value.problems] == [(field, "names_recipient")]
    masking = DemandUpdate(version=made.version, confidentiality=Confidentiality.MASKED)
    with pytest.raises(FieldsRejectedError):
        demands.change(made.id, masking)
    assert running.get(f"/v1/demands/{made.id}")["confidentiality"] == "open"


@pytest.mark.parametrize(("openness", "shown"), [("open", "enterprise"), ("masked", None)])
def test_masked_demand_tells_others_nothing_of_its_recipient(
    running: Running, openness: str, shown: str | None
) -> None:
    parties = gather(running, confidentiality=openness, recipient_type="enterprise")
    path = f"/v1/demands/{parties.demand_id}"

    assert parties.provider.get(path)["recipient_type"] == shown
    assert parties.recipient.get(path)["recipient_type"] == "enterprise"
    assert parties.base.get(path)["recipient_type"] == "enterprise"
