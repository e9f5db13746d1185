"""The row a call is about, by what it is to the caller."""

from typing import Any, Final

from models.case import Case
from models.demand import Demand
from models.provider import Capability
from models.vocabulary.access import Role, Visibility
from models.vocabulary.demand import DemandState
from models.vocabulary.organisation import CaseState, ProviderState
from tests.tenancy.call import NoCellError
from tests.tenancy.caller import Caller
from tests.tenancy.tenants import HIDDEN, OTHER
from tests.tenancy.world import World, absent

ACTS_AS: Final = {
    "P": Role.PROVIDER_ADMIN,
    "p": Role.PROVIDER_STAFF,
    "B": Role.BASE_ADMIN,
    "b": Role.BASE_STAFF,
    "R": Role.RECIPIENT,
}


def demand(world: World, caller: Caller, target: str, state: DemandState) -> str:
    if target == "own":
        if caller.recipient:
            recipient_id = world.recipients[0].id
            return world.fresh(Demand, OTHER, state=state, recipient_id=recipient_id)
        return world.fresh(Demand, own(caller.base), state=state)
    return _other(world, Demand, target, state)


def case(world: World, caller: Caller, target: str, state: CaseState) -> str:
    if target == "own":
        if caller.provider is not None:
            return world.fresh(Case, caller.provider, state=state)
        base = world.bases[own(caller.base)]
        return world.fresh(Case, 0, state=state, provider_id=None, base_id=base.id)
    return _other(world, Case, target, state)


def capability(world: World, caller: Caller, target: str) -> str:
    if target == "own":
        return world.fresh(Capability, own(caller.provider))
    if target == "public":  # a public capability of a provider only the platform sees
        raise NoCellError
    return _other(world, Capability, target, None)


def provider(
    world: World, caller: Caller, target: str, state: ProviderState = ProviderState.ACTIVE
) -> str:
    if target == "own":
        return world.restore_provider(own(caller.provider), state)
    if target == "public":
        raise NoCellError
    if target == "deleted":
        return world.gone_provider.id
    if target == "absent":
        return absent("pv")
    number = OTHER if target == "visible" else HIDDEN
    return world.restore_provider(number, ProviderState.ACTIVE if target == "visible" else state)


def base(world: World, caller: Caller, target: str) -> str:
    if target == "own":
        return world.bases[own(caller.base)].id
    if target in ("public", "deleted"):
        raise NoCellError
    if target == "absent":
        return absent("bs")
    return world.bases[OTHER if target == "visible" else HIDDEN].id


def organisation(world: World, caller: Caller, target: str) -> str | None:
    """The organisation accounts are asked of; None is that of operators."""
    if target in ("own", "beyond"):
        if target == "beyond" and caller.letter == "O":
            raise NoCellError
        if caller.letter == "O":
            return None
        if caller.provider is not None and caller.base is None:
            return world.providers[caller.provider].organisation_id
        return world.bases[own(caller.base)].organisation_id
    return world.bases[HIDDEN].organisation_id


def told(world: World, caller: Caller, target: str) -> str | None:
    """The organisation that is told something; None are the operators."""
    if target == "own":
        if caller.recipient:
            return world.recipients[0].id
        if caller.letter in "GA":
            raise NoCellError
    return organisation(world, caller, target)


def interaction(world: World, caller: Caller, target: str) -> str:
    if target == "absent":
        return absent("in")
    if target == "hidden":
        return world.interaction(world.fresh(Demand, HIDDEN), HIDDEN)
    if caller.provider is not None and caller.base is None:
        return world.interaction(world.fresh(Demand, OTHER), caller.provider)
    return world.interaction(demand(world, caller, target, DemandState.PUBLISHED), OTHER)


def own(number: int | None) -> int:
    if number is None:
        raise NoCellError
    return number


def _other(world: World, table: Any, target: str, state: Any) -> str:
    if target == "absent":
        return absent(table.id_prefix)
    levels = {"visible": Visibility.PLATFORM, "public": Visibility.PUBLIC}
    shown = {Demand: DemandState.PUBLISHED, Case: CaseState.PUBLISHED}.get(table)
    columns: dict[str, Any] = {"visibility": levels.get(target, Visibility.PRIVATE)}
    if state is not None:
        columns["state"] = shown if target in levels else state
    if target == "deleted":
        return world.fresh(table, OTHER, deleted=True, **columns)
    return world.fresh(table, HIDDEN if target == "hidden" else OTHER, **columns)
