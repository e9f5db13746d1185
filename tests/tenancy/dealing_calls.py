"""Calls about invitations, rankings and what follows from them."""

from models.demand import Demand
from models.vocabulary.access import Role, Visibility
from models.vocabulary.demand import DemandState
from models.vocabulary.organisation import CaseState, ProviderState
from tests.tenancy.call import Call, Make, NoCellError
from tests.tenancy.caller import Caller
from tests.tenancy.targets import ACTS_AS, case, demand, interaction, own, provider, told
from tests.tenancy.tenants import HIDDEN, OTHER
from tests.tenancy.world import World, absent


def invite(world: World, caller: Caller, target: str) -> Call:
    if caller.provider is not None and caller.base is None:
        row_id = case(world, caller, target, CaseState.PUBLISHED)
    else:
        row_id = demand(world, caller, target, DemandState.PUBLISHED)
    invitee = world.providers[1 if caller.provider != 1 else 0].id
    return Call("POST", "/v1/invitations", {"row_id": row_id, "invitee_id": invitee})


def accept(world: World, caller: Caller, target: str) -> Call:
    return Call("POST", f"/v1/invitations/{_received(world, caller, target)}/accept")


def _received(world: World, caller: Caller, target: str) -> str:
    if target == "absent":
        return absent("iv")
    if target == "hidden":
        return world.invitation(HIDDEN, world.providers[OTHER].organisation_id)
    if caller.letter in "Pp":
        of = world.providers[own(caller.provider)].organisation_id
    elif caller.letter in "Bb":
        of = world.bases[own(caller.base)].organisation_id
    else:
        raise NoCellError
    return world.invitation(OTHER, of)


def withdraw(world: World, caller: Caller, target: str) -> Call:
    if target == "absent":
        key = absent("iv")
    elif target == "hidden":
        key = world.invitation(HIDDEN, world.providers[OTHER].organisation_id)
    else:
        key = world.invitation(own(caller.base), world.providers[OTHER].organisation_id)
    return Call("DELETE", f"/v1/invitations/{key}")


def fit(world: World, caller: Caller, target: str) -> Call:
    shown = {"state": DemandState.PUBLISHED, "visibility": Visibility.PLATFORM}
    asked = {"demand": world.fresh(Demand, OTHER, **shown)}
    return Call("GET", f"/v1/providers/{provider(world, caller, target)}/fit", None, asked)


def compare(world: World, caller: Caller, target: str) -> Call:
    key = demand(world, caller, target, DemandState.PUBLISHED)
    asked = {"provider": world.restore_provider(OTHER, ProviderState.ACTIVE)}
    return Call("GET", f"/v1/demands/{key}/comparison", None, asked)


def begin(world: World, caller: Caller, target: str) -> Call:
    """A base acts on a demand and a provider it sees, a provider the other way round."""
    if caller.provider is not None and caller.base is None:
        provider_id = provider(world, caller, target)
        seen = {"state": DemandState.PUBLISHED, "visibility": Visibility.PLATFORM}
        demand_id = world.fresh(Demand, OTHER, **seen)
    else:
        provider_id = world.restore_provider(OTHER, ProviderState.ACTIVE)
        demand_id = demand(world, caller, target, DemandState.PUBLISHED)
    body = {"demand_id": demand_id, "provider_id": provider_id, "act": "ask", "body": "请问？"}
    return Call("POST", "/v1/interactions", body)


def act(world: World, caller: Caller, target: str) -> Call:
    body = {"act": "answer", "version": 1, "body": "可以。"}
    return Call("POST", f"/v1/interactions/{interaction(world, caller, target)}/acts", body)


def run(suffix: str) -> Make:
    """A ranking that was shown to somebody of an organisation."""

    def call(world: World, caller: Caller, target: str) -> Call:
        if target == "absent":
            return Call("GET", f"/v1/match-runs/{absent('mr')}{suffix}")
        role = ACTS_AS.get(caller.letter, Role.OPERATOR)
        key = world.run(told(world, caller, target), role)
        return Call("GET", f"/v1/match-runs/{key}{suffix}")

    return call
