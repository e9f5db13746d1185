"""What goes into a match and what comes out of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.types import Document, Embedding, Profile, Sentence
from models.viewer import Viewer
from models.vocabulary.demand import RequirementStrength
from models.vocabulary.matching import Band, Direction, NoMatch, RuleOutcome
from models.vocabulary.row import Entity

if TYPE_CHECKING:  # clients read these types, and need no FAISS
    from indexer.view import KindView

Values = NDArray[np.float32]
"""One value a candidate, 0..1, NaN for unknown; float32 (n_candidates,)."""

RANKED_KIND: Mapping[Direction, Entity] = {
    Direction.DEMAND_TO_PROVIDER: Entity.CAPABILITY,
    Direction.PROVIDER_TO_DEMAND: Entity.DEMAND,
    Direction.DEMAND_TO_DEMAND: Entity.DEMAND,
    Direction.DEMAND_TO_CASE: Entity.CASE,
    Direction.PROVIDER_TO_CASE: Entity.CASE,
}
"""Which documents each direction ranks."""


@dataclass(frozen=True)
class Query:
    """A document that asks, with its vectors under the query role and its words.

    Attributes:
        document: Texts and facts.
        embedding: Vectors, sentences and their offsets.
        words: Weight of each word of title and body (`asked_terms`).
        grams: Weight of each character bigram of title and body.
        title_grams: Weight of each character bigram of the title.
    """

    document: Document
    embedding: Embedding
    words: Mapping[str, float]
    grams: Mapping[str, float]
    title_grams: Mapping[str, float]


@dataclass(frozen=True)
class Candidates:
    """The rows of a view that are scored for one query.

    Attributes:
        view: The documents they belong to.
        rows: Row numbers, int64 (n_candidates,), ascending.
        pool: Rows the query was compared with; int64, ascending.
        usual: Those of the pool that tell what is usual; int64, ascending.
    """

    view: "KindView"
    rows: NDArray[np.int64]
    pool: NDArray[np.int64]
    usual: NDArray[np.int64]

    @cached_property
    def documents(self) -> list[Document]:
        """The documents, in the order of `rows`."""
        return [self.view.documents[row] for row in self.rows.tolist()]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a candidate must have to be looked at; empty means no condition.

    Attributes:
        regions: GB/T 2260 codes, their two- or four-digit prefixes, or macro regions; the
            candidate lies in one of them.
        serves: Codes likewise; the provider works in one of them.
        industries: Strategic-industry codes or fields; candidates open to any industry pass.
        scenarios: Scenario codes or level-1 codes.
        credentials: Credential types the provider holds and that have not expired.
        text: Words that all stand in title or body.
        viewer: Who must be allowed to see it; whoever asks at that moment when None.
        exclude_ids: Documents and groups left out.
        only_ids: Documents to look at; all when None.
    """

    regions: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    text: str = ""
    viewer: Viewer | None = None
    exclude_ids: frozenset[str] = frozenset()
    only_ids: frozenset[str] | None = None

    def without(self, asking: Iterable[Document]) -> "Filters":
        """Return filters that leave out the documents that ask: nothing is its own match."""
        return replace(self, exclude_ids=self.exclude_ids | {d.id for d in asking})


@dataclass(frozen=True, slots=True)
class Part:
    """The share of one feature in a score.

    Attributes:
        name: Name of the feature.
        value: 0..1, None when the evidence is missing.
        weight: Share of this feature among those known, 0..1.
        contribution: `value * weight`; the contributions of a match sum to its score.
    """

    name: str
    value: float | None
    weight: float
    contribution: float


class Caution(StrEnum):
    """Why the text of a capability is not taken at its word."""

    LISTS_TERMS = "lists_terms"
    """It is a list of words more than a text."""
    REPEATS_ITSELF = "repeats_itself"
    """Large parts of it stand in it more than once."""
    ASKS = "asks"
    """It asks, like a demand, where it should offer."""
    REPEATS_DEMAND = "repeats_demand"
    """Large parts of it stand in the demand word for word."""
    REPEATS_OTHERS = "repeats_others"
    """Large parts of it stand in older capabilities of others."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """Outcome of one eligibility rule for one pair.

    Attributes:
        rule_id: Stable name of the rule.
        title: What the rule asks, in Chinese.
        strength: Whether an unmet rule excludes or only speaks against.
        outcome: Met, unmet or unknown.
        fact: What was found, in Chinese.
        source: Where rule and fact come from, in Chinese.
    """

    rule_id: str
    title: str
    strength: RequirementStrength
    outcome: RuleOutcome
    fact: str
    source: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of `title + "\\n" + body` in canonical form, counted in code points."""  # noqa: D301

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SharedTerm:
    """A word both sides use, most telling first in a list of them.

    Attributes:
        text: The word.
        weight: Its inverse document frequency in the index, >= 0.
        query_spans: Where it stands in the query.
        candidate_spans: Where it stands in the candidate.
    """

    text: str
    weight: float
    query_spans: tuple[Span, ...]
    candidate_spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class SentencePair:
    """The two sentences that are nearest in meaning."""

    query: Sentence
    candidate: Sentence


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an explanation, with the stretches it rests on."""

    text: str
    query_span: Span | None = None
    candidate_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a candidate stands where it stands.

    Attributes:
        summary: One Chinese sentence.
        reasons_for: What speaks for it, by kind: tags, words, meaning, record, rules.
        reasons_against: What speaks against it.
        unknowns: What nobody has said and somebody should ask.
        sentence_pair: The sentences nearest in meaning; None when a side has none.
        shared_terms: Words both sides use, most telling first.
    """

    summary: str
    reasons_for: tuple[Statement, ...]
    reasons_against: tuple[Statement, ...]
    unknowns: tuple[Statement, ...]
    sentence_pair: SentencePair | None
    shared_terms: tuple[SharedTerm, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """One ranked result.

    Attributes:
        rank: 1 for the best.
        score: 0..1, the sum of the contributions of `parts`; comparable within one index
            and never shown as a percentage.
        band: Where the score stands among random pairs of this index.
        coverage: Weight of the features whose evidence is known, 0..1.
        document: The best document of the group.
        profile: The organisation behind it, if any.
        parts: Contribution of every feature.
        rules: Outcome of every eligibility rule that applies.
        others: Further documents of the same group that were scored, best first.
        near_duplicates: Keys of documents folded into this one as nearly the same text.
        also_offered_by: Names of the other organisations behind those documents.
        cautions: Why its text is not taken at its word; such a result stands behind others.
        is_newcomer: Whether it was given its place as one who joined lately.
        explanation: Why; None when it was not asked for.
        asked_by: Key of the asking document it was scored for: a provider asks with several.
    """

    rank: int
    score: float
    band: Band
    coverage: float
    document: Document
    profile: Profile | None
    parts: tuple[Part, ...]
    rules: tuple[RuleResult, ...]
    others: tuple[str, ...] = ()
    near_duplicates: tuple[str, ...] = ()
    also_offered_by: tuple[str, ...] = ()
    cautions: tuple[Caution, ...] = ()
    is_newcomer: bool = False
    explanation: Explanation | None = None
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A group left out because a rule that must hold does not: its best document, every rule."""

    document: Document
    rules: tuple[RuleResult, ...]


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The answer to one query.

    Attributes:
        matches: Best first.
        n_candidates: Groups that passed the filters.
        excluded: Groups left out because a rule that must hold does not, best first.
        no_match: Why no match is better than weak; None when one is.
        index_version: State of the index that answered.
        weights: Weight of each feature before unknown ones left the average.
        thresholds: Lowest score of the bands strong, good and fair in this answer.
        run_id: Key under which this ranking is kept; None when it is not.
    """

    matches: tuple[Match, ...]
    n_candidates: int
    excluded: tuple[Exclusion, ...]
    no_match: NoMatch | None
    index_version: str
    weights: Mapping[str, float] = field(default_factory=dict)
    thresholds: tuple[float, float, float] = (1.0, 1.0, 1.0)
    run_id: str | None = None

    @property
    def has_good_match(self) -> bool:
        """Whether any match is better than weak."""
        return self.no_match is None
