"""Calls about organisations, demands, providers, capabilities and cases."""

from collections.abc import Mapping
from typing import Any

from api.schemas import examples
from models.demand import Demand
from models.organisation import Organisation
from models.provider import Provider
from models.vocabulary.demand import DemandState
from models.vocabulary.organisation import CaseState, ProviderState
from models.vocabulary.row import Entity
from tests.tenancy.call import Call, Make
from tests.tenancy.caller import Caller
from tests.tenancy.targets import capability, case, demand, provider
from tests.tenancy.tenants import AREA, HIDDEN
from tests.tenancy.world import World, absent


def demands(method: str, path: str, state: DemandState, body: Any = None) -> Make:
    return lambda world, caller, target: Call(
        method, path.format(demand(world, caller, target, state)), body
    )


def providers(
    method: str, path: str, body: Any = None, state: ProviderState = ProviderState.ACTIVE
) -> Make:
    def make(world: World, caller: Caller, target: str) -> Call:
        row_id = provider(world, caller, target, state)
        sent = body
        if body is not None and "version" in body:
            sent = {**body, "version": world.version(Provider, row_id)}
        return Call(method, path.format(row_id), sent)

    return make


def capabilities(method: str, path: str, body: Any = None) -> Make:
    return lambda world, caller, target: Call(
        method, path.format(capability(world, caller, target)), body
    )


def cases(method: str, path: str, state: CaseState, body: Any = None) -> Make:
    return lambda world, caller, target: Call(
        method, path.format(case(world, caller, target, state)), body
    )


def create_demand(world: World, caller: Caller, target: str) -> Call:
    body = {**examples.DEMAND, "scenario_tags": ["ENT.RISK"], "visibility": "private"}
    return Call("POST", "/v1/demands", {**body, "base_id": world.bases[caller.base or 0].id})


def create_case(world: World, caller: Caller, target: str) -> Call:
    if caller.provider is not None:
        of = {"provider_id": world.providers[caller.provider].id}
    else:
        of = {"base_id": world.bases[caller.base or 0].id}
    return Call("POST", "/v1/cases", {**examples.CASE, **of, "visibility": "private"})


def create_organisation(world: World, caller: Caller, target: str) -> Call:
    body = {**examples.ORGANISATION, "name": f"新{absent('og')[3:]}", "region_code": f"{AREA}0300"}
    return Call("POST", "/v1/organisations", body)


def change_organisation(world: World, caller: Caller, target: str) -> Call:
    key, version = absent("og"), 1
    if target != "absent":
        key = world.bases[0 if target == "own" else HIDDEN].organisation_id
        version = world.version(Organisation, key)
    return Call("PATCH", f"/v1/organisations/{key}", {"version": version, "org_type": "park"})


def create_of_region(path: str, body: Mapping[str, Any]) -> Make:
    """A provider or base: operators register any, members are what they are already."""

    def make(world: World, caller: Caller, target: str) -> Call:
        values = {**body, "name": f"新{absent('og')[3:]}", "region_code": f"{AREA}0300"}
        return Call("POST", path, values)

    return make


def widget(world: World, caller: Caller, target: str) -> Call:
    state = DemandState.PUBLISHED
    key = (
        world.fresh(Demand, 0, state=state)
        if target == "own"
        else demand(world, caller, target, state)
    )
    return Call("GET", "/v1/widget/matches", None, {"demand": key})


def erase(world: World, caller: Caller, target: str) -> Call:
    key = demand(world, caller, target, DemandState.DRAFT)
    return Call("POST", "/v1/erasures", {"kind": "demand", "id": key})


def contact(method: str, body: Any = None) -> Make:
    def make(world: World, caller: Caller, target: str) -> Call:
        if caller.base is None and caller.provider is not None and target == "own":
            row_id = provider(world, caller, target)
            return Call(method, f"/v1/contacts/{world.contact(row_id, Entity.PROVIDER)}", body)
        row_id = demand(world, caller, target, DemandState.PUBLISHED)
        if target != "absent":
            world.contact(row_id, Entity.DEMAND)
        return Call(method, f"/v1/contacts/{row_id}", body)

    return make
