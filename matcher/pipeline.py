"""How a match is made, from the question to the explained ranking.

    retrieve -> score -> check -> rank -> explain

Read `Matcher.match` top to bottom; each step is one module.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock

import numpy as np

from indexer.embed import Embedder
from indexer.types import Document
from indexer.view import IndexView, KindView
from indexer.words import Segmenter
from matcher.bands import BandThresholds, thresholds_from
from matcher.check import EligibilityChecker, worst_must
from matcher.evidence import nearest_sentences, shared_terms
from matcher.explain import Explainer, Names
from matcher.features import FEATURES, Feature, Surroundings, weighted
from matcher.filters import allowed_rows
from matcher.rank import Entry, fold_duplicates, group_rows, lift_by_second, put_in_order
from matcher.retrieve import retrieve
from matcher.score import Scores, score
from matcher.types import (
    RANKED_KIND,
    Candidates,
    Filters,
    Match,
    MatchResult,
    Query,
    RuleResult,
    make_query,
)
from matcher.usual import usual_cosines
from models.vocabulary import Band, Direction, Entity, RuleOutcome

BAND_QUERIES = 40
"""Documents of the index that play the query when the bands are read."""


@dataclass(frozen=True, slots=True)
class MatchRequest:
    """What is wanted of a match.

    Attributes:
        direction: What is ranked.
        k: How many results at most.
        filters: What candidates must have.
        weights: Weights to use instead of those shipped, by feature.
        explain: Whether to say why.
        fold: Whether near copies are folded into one result.
    """

    direction: Direction
    k: int = 10
    filters: Filters = field(default_factory=Filters)
    weights: Mapping[str, float] | None = None
    explain: bool = True
    fold: bool = True


class Matcher:
    """Ranks documents of an index for a document that asks; holds no state of any request."""

    def __init__(
        self,
        embedder: Embedder,
        segmenter: Segmenter,
        names: Names,
        today: Callable[[], date],
        features: tuple[Feature, ...] = FEATURES,
    ) -> None:
        self._embedder = embedder
        self._segmenter = segmenter
        self._explainer = Explainer(names)
        self._names = names
        self._today = today
        self._features = features
        self._around = Surroundings(usual_cosines(embedder), names.regions)
        self._bands: dict[tuple[str, Direction], BandThresholds] = {}
        self._bands_lock = Lock()

    def features(self) -> tuple[Feature, ...]:
        """Return every feature with its weight and documentation."""
        return self._features

    def match(self, document: Document, view: IndexView, request: MatchRequest) -> MatchResult:
        """Return the ranked and explained answer to one document.

        Raises:
            ValueError: the request names an unknown feature or impossible weights.
        """
        return self._answer([document], view, request)

    def match_provider(
        self, capabilities: Sequence[Document], view: IndexView, request: MatchRequest
    ) -> MatchResult:
        """Return what fits a provider: each candidate by the capability that fits it best."""
        return self._answer(capabilities, view, request)

    def thresholds(self, view: IndexView, direction: Direction) -> BandThresholds:
        """Return where the bands lie in this index for one direction."""
        key = (view.generation, direction)
        with self._bands_lock:
            if key not in self._bands:
                self._bands[key] = self._read_bands(view, direction)
            return self._bands[key]

    def _answer(
        self, asking: Sequence[Document], view: IndexView, request: MatchRequest
    ) -> MatchResult:
        features = weighted(self._features, request.weights or {})
        kind = view.of(RANKED_KIND[request.direction])
        filters = _without_own(request.filters, asking)
        allowed = allowed_rows(kind, filters, self._names.regions, self._today().isoformat())

        best: dict[str, tuple[Query, Entry]] = {}
        n_groups = 0
        for document in asking:
            query = make_query(document, self._embedder.embed_query(document), self._segmenter)
            candidates = retrieve(query, kind, allowed)
            scores = score(query, candidates, features, self._around)
            entries = self._entries(query, candidates, scores, request.direction)
            n_groups = max(n_groups, len(entries))
            for entry in entries:
                group = entry.document.group_id
                if group not in best or entry.score > best[group][1].score:
                    best[group] = query, entry

        eligible = [e for _, e in best.values() if e.outcome != RuleOutcome.UNMET]
        ordered = put_in_order(eligible, self.thresholds(view, request.direction))
        if request.fold:
            ordered = fold_duplicates(ordered, kind, request.k)
        matches = tuple(
            self._match(rank, best[entry.document.group_id][0], entry, kind, request)
            for rank, entry in enumerate(ordered[: request.k], start=1)
        )
        return MatchResult(
            matches=matches,
            n_candidates=len({kind.document(int(r)).group_id for r in allowed}),
            n_excluded=len(best) - len(eligible),
            has_good_match=any(m.band != Band.WEAK for m in matches),
            index_version=view.version,
            weights={f.name: f.weight for f in features},
        )

    def _entries(
        self, query: Query, candidates: Candidates, scores: Scores, direction: Direction
    ) -> list[Entry]:
        """Return one checked entry a group."""
        documents = candidates.documents
        checker = EligibilityChecker(self._names.regions, self._today().isoformat())
        entries: list[Entry] = []
        for members in group_rows(documents, scores.totals.tolist()).values():
            first = members[0]
            second = float(scores.totals[members[1]]) if len(members) > 1 else None
            lift = lift_by_second(float(scores.totals[first]), second)
            parts = (*scores.parts(first), lift)
            rules = _rules_for(checker, query.document, documents[first], direction)
            entries.append(
                Entry(
                    row=int(candidates.rows[first]),
                    document=documents[first],
                    score=sum(part.contribution for part in parts),
                    coverage=float(scores.coverage[first]),
                    parts=parts,
                    others=tuple(documents[m].id for m in members[1:]),
                    rules=rules,
                    outcome=worst_must(rules),
                )
            )
        return entries

    def _match(
        self, rank: int, query: Query, entry: Entry, view: KindView, request: MatchRequest
    ) -> Match:
        explanation = None
        if request.explain:
            pair = nearest_sentences(query, view.embedding(entry.row))
            terms = shared_terms(query, entry.document, view, self._segmenter)
            explanation = self._explainer.explain(query, entry, pair, terms)
        return Match(
            rank=rank,
            score=entry.score,
            band=entry.band,
            coverage=entry.coverage,
            document=entry.document,
            profile=entry.document.profile,
            parts=entry.parts,
            rules=entry.rules,
            others=entry.others,
            near_duplicates=entry.near_duplicates,
            explanation=explanation,
            asked_by=query.document.id,
        )

    def _read_bands(self, view: IndexView, direction: Direction) -> BandThresholds:
        """Score documents of the index, evenly spread, against all groups: random pairs."""
        ranked = view.of(RANKED_KIND[direction])
        asking = view.of(_asking_kind(direction))
        if asking.n_alive < BAND_QUERIES:
            asking = ranked
        rows = asking.segments[0].n_rows if asking.segments else 0
        scores: list[float] = []
        for row in np.linspace(0, rows - 1, min(BAND_QUERIES, rows), dtype=int):
            document = asking.document(int(row))
            query = make_query(document, asking.embedding(int(row)), self._segmenter)
            pool = np.array(
                [r for r in ranked.alive_rows if ranked.document(int(r)).id != document.id],
                np.int64,
            )
            if len(pool):
                candidates = Candidates(ranked, pool, pool)
                totals = score(query, candidates, self._features, self._around).totals
                groups = group_rows(candidates.documents, totals.tolist())
                scores.extend(float(totals[members[0]]) for members in groups.values())
        return thresholds_from(scores)


def _asking_kind(direction: Direction) -> Entity:
    by_provider = (Direction.PROVIDER_TO_DEMAND, Direction.PROVIDER_TO_CASE)
    return Entity.CAPABILITY if direction in by_provider else Entity.DEMAND


def _without_own(filters: Filters, asking: Sequence[Document]) -> Filters:
    """Leave out the documents that ask: nothing is its own match."""
    own = {d.id for d in asking}
    return replace(filters, exclude_ids=filters.exclude_ids | own)


def _rules_for(
    checker: EligibilityChecker, asking: Document, offered: Document, direction: Direction
) -> tuple[RuleResult, ...]:
    if direction == Direction.DEMAND_TO_PROVIDER:
        return checker.check(asking, offered.profile)
    if direction == Direction.PROVIDER_TO_DEMAND:
        return checker.check(offered, asking.profile)
    return ()
