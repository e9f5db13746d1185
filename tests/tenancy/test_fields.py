"""No field is written that is not for writing, none shown that is not for whoever looks."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi.routing import APIRoute

from api.app import ROUTERS
from models.case import Case
from models.demand import Demand
from models.organisation import Base, Organisation
from models.provider import Capability, Provider
from models.vocabulary.access import Visibility
from models.vocabulary.demand import DemandState
from models.vocabulary.organisation import CaseState
from tests.api.conftest import Running
from tests.tenancy.call import Call
from tests.tenancy.caller import Caller
from tests.tenancy.calls import CALLS
from tests.tenancy.declared import LINES
from tests.tenancy.tenants import OTHER, VALID_UNTIL
from tests.tenancy.test_matrix import Asking, asking  # noqa: F401 - the fixture
from tests.tenancy.world import World

PRIVILEGED: Final[dict[str, Any]] = {
    "owner_id": "og_01JZX3V8Q4W6T2N9K7M5R1C0BD",
    "tenant_id": "og_01JZX3V8Q4W6T2N9K7M5R1C0BD",
    "owner_region": "440300",
    "role_label": "operator",
    "is_admin": True,
    "verified": True,
    "verified_at": "2026-01-01T00:00:00Z",
    "verified_by": "me",
    "evidence_level": "verified",
    "state": "active",
    "boost": 10,
    "score": 1.0,
    "reputation": {"shrunk_score": 1.0},
    "created_by": "us_01JZX3V8Q4W6T2N9K7M5R1C0BD",
    "created_at": "2020-01-01T00:00:00Z",
    "deleted_at": None,
    "id": "dm_01JZX3V8Q4W6T2N9K7M5R1C0BD",
    "password_hash": "x",
    "key_hash": "x",
    "human_fields": ["budget"],
    "quality": {"score": 100},
}
"""What somebody might try to give themselves."""

BY_NAME: Final = {"erase": {"id"}}
"""Fields of that name that an operation does take."""

WITH_BODY: Final = [
    route.name
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and route.body_field is not None
]
"""Operations that take a body; each must be called with one."""

PERSONS_ONLY: Final = {"S"}
"""Who somebody that asks with a key is not."""

SNAPSHOT: Final = Path(__file__).parent / "fields.json"
READS: Final = {
    "read_demand": Demand,
    "read_provider": Provider,
    "read_capability": Capability,
    "read_case": Case,
    "read_base": Base,
}
LOOKERS: Final = {"O": "operator", "B": "base", "P": "provider", "R": "recipient", "A": "anonymous"}


def bodies(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a body, itself first."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from bodies(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from bodies(inner)


def operator(world: World) -> Caller:
    return next(caller for caller in world.callers if caller.letter == "O")


@pytest.mark.parametrize("operation", WITH_BODY)
def test_privileged_fields_are_refused_wherever_they_stand(
    world: World,
    asking: Asking,  # noqa: F811 - the fixture
    operation: str,
) -> None:
    caller = operator(world)
    call = CALLS[operation](world, caller, "own" if LINES[operation].of != "none" else "")
    assert call.body is not None
    names = set(PRIVILEGED) - BY_NAME.get(operation, set())
    shapes: set[frozenset[str]] = set()
    for place, inner in enumerate(bodies(call.body)):
        if frozenset(inner) in shapes:
            continue  # one of a list stands for the others
        shapes.add(frozenset(inner))
        for name in sorted(names):
            body = deepcopy(call.body)
            target = list(bodies(body))[place]
            if name in target or ("queries" in call.body and place == 1):
                continue  # the names of questions are free
            target[name] = PRIVILEGED[name]
            reply = asking.ask(caller, Call(call.method, call.path, body, call.query))
            refused = 422 if set(LINES[operation].who) - PERSONS_ONLY else 403
            assert reply.status_code == refused, (operation, place, name, reply.text[:200])


def test_refused_field_changes_nothing(
    world: World,
    asking: Asking,  # noqa: F811
) -> None:
    caller = operator(world)
    key = world.fresh(Demand, 0)
    for name, value in PRIVILEGED.items():
        body = {"version": 1, "urgent": True, name: value}
        asking.ask(caller, Call("PATCH", f"/v1/demands/{key}", body))
    shown = asking.ask(caller, Call("GET", f"/v1/demands/{key}")).json()
    assert (shown["version"], shown["urgent"], shown["state"]) == (1, False, "draft")


@pytest.fixture(scope="module")
def full(application: Running, world: World) -> dict[str, str]:
    """A public row of every kind with all its columns filled, by operation that reads it."""
    public = {"visibility": Visibility.PUBLIC}
    with world.writing() as session:
        organisation = Organisation(
            name="样样齐全的单位",
            short_name="齐全",
            org_type="consultancy",
            uscc="91320500MA1TESTX07",
            region_code="320500",
        )
        provider = Provider(
            organisation=organisation,
            intro="介绍",
            service_regions=["32"],
            team={"total": 9},
            analysts_stability_3y=3,
            credentials=[{"type": "iso"}],
            data_resources=[{"name": "库"}],
            tools=[{"name": "工具"}],
            nda_ready=True,
            on_prem_ok=True,
            languages=["zh"],
            capacity={"open_slots": 1},
            preferences={"scenarios": ["ENT.RISK"]},
            source_ref="src:p",
            **public,
        )
        base = Base(
            organisation=organisation,
            level="national",
            batch="一",
            dept_name="处",
            staff_count=1,
            service_count_total=1,
            has_fund=True,
            has_premises=True,
            has_data=True,
            parent_base_id=world.bases[OTHER].id,
            source_ref="src:b",
            **public,
        )
        session.add_all([organisation, provider, base])
        session.flush()
        keys = {"read_provider": provider.id, "read_base": base.id}
        case = Case(
            title="样样齐全的案例",
            summary="摘要",
            state=CaseState.PUBLISHED,
            provider_id=provider.id,
            base_id=base.id,
            recipient_type="enterprise",
            region_code="320500",
            year=2024,
            deliverables=["report"],
            report_pages=9,
            data_volume=9,
            standard_followed="GB/T 39551.4",
            application=[{"form": "plan_text"}],
            award="奖",
            source_url="https://www.example.org",
            source_ref="src:c",
            **public,
        )
        session.add(case)
        session.flush()
        keys["read_case"] = case.id
        capability = Capability(
            provider_id=provider.id,
            title="样样齐全的能力",
            description="说明",
            tech_keywords=["词"],
            ipc=["H01L"],
            deliverables=["report"],
            methods=["检索"],
            typical_days_min=1,
            typical_days_max=2,
            case_ids=[case.id],
            valid_until=VALID_UNTIL,
            human_fields=["any_industry"],
            source_ref="src:k",
            **public,
        )
        session.add(capability)
        session.flush()
        keys["read_capability"] = capability.id
        demand = Demand(
            demand_no="XQ-32-2026-999999",
            title="样样齐全的需求",
            description="正文",
            state=DemandState.PUBLISHED,
            base_id=base.id,
            recipient_id=world.recipients[1].id,
            recipient_type="enterprise",
            background="背景",
            decision_question="决策",
            audience="enterprise",
            region_code="320500",
            deliverables=["report"],
            application_form=["plan_text"],
            tech_keywords=["词"],
            ipc=["H01L"],
            budget_kind="fixed",
            budget_min_fen=1,
            budget_max_fen=1,
            fund_source="enterprise",
            procurement_route="direct",
            period_days=9,
            respond_by=VALID_UNTIL,
            valid_until=VALID_UNTIL,
            requirements=[{"kind": "staff_count", "strength": "must", "value": 5, "text": "五人"}],
            clarity="clear",
            quality={"score": 1, "grade": "A"},
            human_fields=["budget"],
            source_ref="src:d",
            **public,
        )
        session.add(demand)
        session.flush()
        keys["read_demand"] = demand.id
    return keys


def test_fields_shown_are_those_of_the_snapshot(
    world: World,
    asking: Asking,  # noqa: F811
    full: dict[str, str],
) -> None:
    found: dict[str, dict[str, list[str]]] = {}
    for operation, key in sorted(full.items()):
        path = f"/v1/{operation.removeprefix('read_').replace('capability', 'capabilitie')}s/{key}"
        shown = {}
        for caller in world.callers:
            if caller.letter in LOOKERS and caller.credential in ("good", "none"):
                body = asking.ask(caller, Call("GET", path)).json()
                shown[LOOKERS[caller.letter]] = sorted(n for n, v in body.items() if v)
        found[operation] = shown
    assert found == json.loads(SNAPSHOT.read_text("utf-8")), json.dumps(found, indent=1)
