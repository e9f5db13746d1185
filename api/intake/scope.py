"""Whether a demand is one of patent navigation, by the tags that count, and what follows."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from api.intake.advice import CONFIRM_ADVICE, CONFIRM_CODE, ROUTING_HINT, SURELY_OUT
from indexer.documents import REJECT_CODE
from models.demand import Demand, may_step
from models.tag import TagAssignment, effective_tags
from models.vocabulary.demand import DemandState
from models.vocabulary.taxonomy import Scheme, TagSource


class Scope(StrEnum):
    """What the scenario tags of a demand say."""

    IN = "in"
    UNSURE = "unsure"
    OUT = "out"


def scope_of(assignments: Iterable[TagAssignment]) -> Scope:
    """Return what the tags that count say; an automatic reject has to be sure to decide."""
    reject = reject_of(effective_tags(assignments))
    if reject >= SURELY_OUT:
        return Scope.OUT
    return Scope.UNSURE if reject > 0 else Scope.IN


def reject_of(effective: Iterable[TagAssignment]) -> float:
    """Return how surely the tags that count say that a demand is none of navigation, 0..1.

    Whoever gave the reject class by hand is sure of it.
    """
    for tag in effective:
        if tag.scheme == Scheme.SCENARIO and tag.code == REJECT_CODE:
            return tag.confidence if tag.source == TagSource.AUTO else 1.0
    return 0.0


def first_state(scope: Scope, *, publish: bool) -> DemandState:
    """Return the state a new demand begins in."""
    if not publish or scope == Scope.UNSURE:
        return DemandState.DRAFT
    return DemandState.REJECTED if scope == Scope.OUT else DemandState.PUBLISHED


def settle(demand: Demand, scope: Scope) -> None:
    """Bring state and advice of a stored demand in line with its tags."""
    if scope == Scope.OUT and demand.state != DemandState.DRAFT:
        if may_step(demand.state, DemandState.REJECTED):
            demand.state = DemandState.REJECTED
    elif scope != Scope.OUT and demand.state == DemandState.REJECTED:
        demand.state = DemandState.DRAFT
    advise(demand, scope)


def advise(demand: Demand, scope: Scope) -> None:
    """Write into the advice on a demand what its tags say about its scope."""
    quality: Mapping[str, Any] = demand.quality
    others = [a for a in quality.get("advice", []) if a["code"] != CONFIRM_CODE]
    unsure = scope == Scope.UNSURE
    renewed = {
        **quality,
        "advice": [*others, CONFIRM_ADVICE] if unsure else others,
        "routing_hint": ROUTING_HINT if scope == Scope.OUT else None,
        "needs_confirmation": unsure or quality.get("needs_confirmation", False),
    }
    if renewed != quality:
        demand.quality = renewed
