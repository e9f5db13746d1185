"""What the index holds: documents with their facts, and documents with their vectors."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.sight import ON_PLATFORM, Placement
from models.vocabulary.demand import BudgetKind, RequirementKind, RequirementStrength, ServiceRegion
from models.vocabulary.row import Entity

NATION = "nation"
"""Service region of a provider that works everywhere."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A requirement of a demand, in the form rules compare.

    Attributes:
        kind: What is asked for.
        strength: Whether it must or should be met.
        value: Number, code or None when the text names none.
        text: The clause in the demand's own words.
    """

    kind: RequirementKind
    strength: RequirementStrength
    value: str | int | None
    text: str


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential a provider holds; dates in ISO form, None when not said."""

    type: str
    level: str | None = None
    scope: str | None = None
    valid_to: str | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of the organisation behind a document; None and empty mean never said.

    Attributes:
        name: Display name.
        region_code: Where it sits, GB/T 2260.
        service_regions: Where it works: code prefixes, or `nation`.
        analysts_stability_3y: Analysts with 3+ years in stability and infringement risk.
        team_total: Head count of the navigation team.
        team_at_least: Heads in the roles it named, where it stated no total.
        case_scenarios: Scenario codes of its published cases, one set of codes a case.
        open_slots: Projects it can still take.
        reputation: Shrunk rating 0..1 from accepted projects.
        joined: Day it was registered, ISO.
    """

    name: str
    region_code: str | None = None
    service_regions: tuple[str, ...] = ()
    analysts_stability_3y: int | None = None
    team_total: int | None = None
    team_at_least: int | None = None
    credentials: tuple[Credential, ...] | None = None
    data_resources: tuple[str, ...] | None = None
    tools: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    nda_ready: bool | None = None
    case_scenarios: tuple[tuple[str, ...], ...] = ()
    open_slots: int | None = None
    reputation: float | None = None
    joined: str | None = None
    preferred_scenarios: tuple[str, ...] = ()
    preferred_regions: tuple[str, ...] = ()
    budget_min_fen: int | None = None

    def count_cases(self, codes: Set[str]) -> int:
        """Return how many published cases carry at least one of these scenario codes."""
        return sum(not codes.isdisjoint(case) for case in self.case_scenarios)


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found, or that asks: canonical texts and facts.

    Attributes:
        id: Key of the row it was made from.
        kind: Which noun it is: capability, demand or case.
        group_id: What results are ranked by: the provider of a capability, else `id`.
        title: Canonical title.
        body: Canonical text without the title.
        scenarios: Scenario codes with confidence 0..1, surest first, never `OTH`.
        industries: Strategic-industry codes with confidence 0..1.
        classes: GB/T 4754 codes with confidence 0..1.
        any_industry: True when it says that the industry does not matter.
        region_code: GB/T 2260 code of where it belongs; None when not known.
        service_region: How near the provider should be; demands only.
        conditions: What it requires of a provider; demands only.
        valid_until: Last ISO day on which it is offered; None for no end.
        placement: What decides who may see it.
        profile: The organisation behind it; capabilities and cases.
    """

    id: str
    kind: Entity
    group_id: str
    title: str
    body: str
    scenarios: tuple[tuple[str, float], ...] = ()
    industries: tuple[tuple[str, float], ...] = ()
    classes: tuple[tuple[str, float], ...] = ()
    any_industry: bool = False
    region_code: str | None = None
    service_region: ServiceRegion = ServiceRegion.ANY
    deliverables: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    budget_kind: BudgetKind | None = None
    budget_min_fen: int | None = None
    budget_max_fen: int | None = None
    period_days: int | None = None
    typical_days_min: int | None = None
    verified: bool = False
    valid_until: str | None = None
    placement: Placement = ON_PLATFORM
    profile: Profile | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """Documents that changed, as all of them stood at one moment.

    Attributes:
        seq: Newest change looked at.
        mark: What the change log says there; empty where there were no changes.
        is_all: Whether there were no further changes at that moment.
        touched: Keys of the documents the changes touch, by kind.
        documents: Those of them that may be found, by kind, in the order of keys.
        erased_seq: Newest change that erased rows, of which nothing may be left anywhere; 0 for
            none.
    """

    seq: int
    mark: str
    is_all: bool
    touched: Mapping[Entity, set[str]]
    documents: Mapping[Entity, list[Document]]
    erased_seq: int = 0


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document: offsets count code points of `title + "\\n" + body`."""  # noqa: D301

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Embedding:
    """The vectors of one document under one encoder and role.

    Zeros stand where the encoder failed: what is not known is near to nothing.

    Attributes:
        title: Title alone; float32 (dim,), unit length.
        full: Title and body together; float32 (dim,), unit length.
        sentences: One row a sentence, the title first; float32 (n, dim), unit length.
        spans: The sentences, in the same order.
    """

    title: NDArray[np.float32]
    full: NDArray[np.float32]
    sentences: NDArray[np.float32]
    spans: tuple[Sentence, ...] = field(default=())

    @property
    def is_whole(self) -> bool:
        """Whether every vector is known."""
        return bool(self.title.any() and self.full.any() and self.sentences.any(axis=1).all())
