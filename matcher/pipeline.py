"""How a match is made, from the question to the explained ranking.

    retrieve -> score -> check -> rank -> explain

Read `Matcher.match` top to bottom; each step is one module.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.embed import Embedder
from indexer.types import Document
from indexer.view import IndexView, KindView
from indexer.words import Segmenter
from matcher.asking import make_query
from matcher.bands import BandThresholds, no_match
from matcher.calibrate import Calibrator
from matcher.check import EligibilityChecker, worst_must
from matcher.echoes import Echoes
from matcher.evidence import nearest_sentences, shared_terms
from matcher.explain import Explainer, Names
from matcher.features import Feature, Surroundings, weighted
from matcher.filters import allowed_rows
from matcher.groups import Check, Found, groups
from matcher.kept_bands import KeptBands
from matcher.newcomers import LOOKED_AT, with_newcomer
from matcher.rank import Entry, fold_duplicates, put_in_order
from matcher.ranker import SHIPPED_SCORING, Scoring
from matcher.retrieve import retrieve
from matcher.score import Scores, score
from matcher.types import (
    RANKED_KIND,
    Candidates,
    Caution,
    Exclusion,
    Filters,
    Match,
    MatchResult,
)
from matcher.usual import usual_cosines
from models.checksums import checksum_of
from models.stages import Stage, timed
from models.vocabulary.matching import Band, Direction, RuleOutcome
from models.vocabulary.row import Entity


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
        include_weak: Whether results are given where none is a good match.
        ceiling: Best band a result may get: what asks for something else than patent
            navigation finds no strong match, however far a provider stands above the others.
        seed: Draws the lots among equal scores and among newcomers; without one the key of
            the group decides, and nobody is given a newcomer's place.
    """

    direction: Direction
    k: int = 10
    filters: Filters = field(default_factory=Filters)
    weights: Mapping[str, float] | None = None
    explain: bool = True
    fold: bool = True
    include_weak: bool = True
    ceiling: Band = Band.STRONG
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class BandsPlace:
    """Where bands are kept.

    Attributes:
        folder: Where the generations of the index are.
        program: Version of the program, which may compare otherwise than another.
    """

    folder: Path
    program: str


class Matcher:
    """Ranks documents of an index for a document that asks; holds no state of any request."""

    def __init__(
        self,
        embedder: Embedder,
        segmenter: Segmenter,
        names: Names,
        today: Callable[[], date],
        scoring: Scoring = SHIPPED_SCORING,
        kept: BandsPlace | None = None,
    ) -> None:
        """Make it.

        Args:
            embedder: Vectors of texts.
            segmenter: Words of texts.
            names: What the explanations call things.
            today: Gives the day in force.
            scoring: The features with their weights, and what such scores are worth.
            kept: Where bands are kept for the next start, if they are kept anywhere.
        """
        self._embedder = embedder
        self._segmenter = segmenter
        self._explainer = Explainer(names)
        self._regions = names.regions
        self._today = today
        self._features = scoring.features
        self._around = Surroundings(usual_cosines(embedder), names.regions)
        self._echoes = Echoes()
        on_disk = None
        if kept is not None:
            encoder, words = embedder.encoder.fingerprint, segmenter.version
            on_disk = KeptBands(kept.folder, _basis(encoder, words, scoring, kept.program))
        self._calibrator = Calibrator(scoring, self._around, segmenter, on_disk)

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
        """Return what fits a provider: each candidate by the capability that fits it best.

        Raises:
            ValueError: the request names an unknown feature or impossible weights.
        """
        return self._answer(capabilities, view, request)

    def examine(
        self, document: Document, view: IndexView, request: MatchRequest
    ) -> tuple[Candidates, Scores]:
        """Return the candidates of a document and what every feature says of them, not ranked."""
        kind = view.of(RANKED_KIND[request.direction])
        filters = request.filters.without([document])
        allowed = allowed_rows(kind, filters, self._regions, self._today().isoformat())
        query = make_query(document, self._embedder.embed_query(document), self._segmenter)
        doubted = _doubted_rows(kind, self._echoes_of(kind, view))
        candidates = retrieve(query, kind, allowed, _usual_rows(kind, document), doubted)
        features = weighted(self._features, request.weights or {})
        return candidates, score(query, candidates, features, self._around)

    def thresholds(self, view: IndexView, direction: Direction) -> BandThresholds:
        """Return where the bands lie in this index for one direction.

        The first call for a generation takes as long as some dozens of matches.
        """
        return self._calibrator.thresholds(view, direction)

    def prepare(self, view: IndexView) -> None:
        """Work out what the first question to a new index would have to wait for."""
        self._echoes.found(view)
        self._calibrator.prepare(view)

    def prepare_beside(self, view: IndexView) -> None:
        """Do the same for a newer generation of it, with the bands in a thread of their own."""
        self._echoes.found(view)
        self._calibrator.read_beside(view)

    def _answer(
        self, asking: Sequence[Document], view: IndexView, request: MatchRequest
    ) -> MatchResult:
        features = weighted(self._features, request.weights or {})
        kind = view.of(RANKED_KIND[request.direction])
        filters = request.filters.without(asking)
        allowed = allowed_rows(kind, filters, self._regions, self._today().isoformat())

        best: dict[str, Found] = {}
        for document in sorted(asking, key=lambda d: d.id):
            for found in self._find(document, view, allowed, features, request):
                group = found.entry.document.group_id
                if group not in best or found.entry.score > best[group].entry.score:
                    best[group] = found

        eligible = [f.entry for f in best.values() if f.entry.outcome != RuleOutcome.UNMET]
        weighed = features if request.weights else None
        thresholds = self._calibrator.thresholds(view, request.direction, weighed)
        thresholds = thresholds.under(request.ceiling)
        ordered = self._ordered(eligible, thresholds, kind, request)
        matches = tuple(
            self._present(replace(best[entry.document.group_id], entry=entry), rank, kind, request)
            for rank, entry in enumerate(ordered[: request.k], start=1)
        )
        reason = no_match([m.band for m in matches], len(best), request.ceiling)
        return MatchResult(
            matches=matches if reason is None or request.include_weak else (),
            n_candidates=len(np.unique(kind.group_numbers[allowed])),
            excluded=_exclusions(found.entry for found in best.values()),
            no_match=reason,
            index_version=view.version,
            weights={f.name: f.weight for f in features},
            thresholds=(thresholds.strong, thresholds.good, thresholds.fair),
        )

    def _ordered(
        self,
        eligible: Sequence[Entry],
        thresholds: BandThresholds,
        kind: KindView,
        request: MatchRequest,
    ) -> list[Entry]:
        """Return the groups that may be shown in their order, copies folded."""
        ordered = put_in_order(eligible, thresholds, request.seed)
        if request.fold:
            ordered = fold_duplicates(ordered, kind, request.k + LOOKED_AT)
        return with_newcomer(ordered, request.k, self._today(), request.seed)

    def _find(
        self,
        document: Document,
        view: IndexView,
        allowed: NDArray[np.int64],
        features: tuple[Feature, ...],
        request: MatchRequest,
    ) -> list[Found]:
        """Return scored and checked groups; looks further where rules leave too few."""
        kind = view.of(RANKED_KIND[request.direction])
        echoes = self._echoes_of(kind, view)
        query = make_query(document, self._embedder.embed_query(document), self._segmenter)
        check = self._checker(document, request.direction)
        pool, doubted = _usual_rows(kind, document), _doubted_rows(kind, echoes)
        candidates = retrieve(query, kind, allowed, pool, doubted)
        scores = score(query, candidates, features, self._around)
        found = groups(query, candidates, scores, check, echoes)
        rest = np.setdiff1d(allowed, candidates.rows, assume_unique=True)
        if len(rest) and sum(f.entry.outcome != RuleOutcome.UNMET for f in found) < request.k:
            passes = [worst_must(check(kind.documents[r])) != RuleOutcome.UNMET for r in rest]
            further = retrieve(query, kind, rest[passes], pool, doubted)
            scores = score(query, further, features, self._around)
            found += groups(query, further, scores, check, echoes)
        return found

    def _echoes_of(self, kind: KindView, view: IndexView) -> Mapping[str, Caution]:
        return self._echoes.found(view) if kind is view.of(Entity.CAPABILITY) else {}

    def _checker(self, asking: Document, direction: Direction) -> Check:
        """Return the check of one document: a demand is checked against a provider, or none."""
        checker = EligibilityChecker(self._regions, self._today().isoformat())
        if direction == Direction.DEMAND_TO_PROVIDER:
            return lambda offered: checker.check(asking, offered.profile)
        if direction == Direction.PROVIDER_TO_DEMAND:
            return lambda demand: checker.check(demand, asking.profile)
        return lambda _: ()

    @timed(Stage.EXPLAIN)
    def _present(self, found: Found, rank: int, view: KindView, request: MatchRequest) -> Match:
        entry, query = found.entry, found.query
        match = Match(
            rank=rank,
            score=entry.score,
            band=entry.band,
            coverage=entry.coverage,
            document=entry.document,
            profile=entry.document.profile,
            parts=(*found.scores.parts(found.candidate), found.second),
            rules=entry.rules,
            others=entry.others,
            near_duplicates=entry.near_duplicates,
            also_offered_by=entry.also_offered_by,
            cautions=entry.cautions,
            is_newcomer=entry.is_newcomer,
            asked_by=query.document.id,
        )
        if not request.explain:
            return match
        pair = nearest_sentences(query, view.embedding(entry.row))
        terms = shared_terms(query, entry.document, view, self._segmenter)
        return replace(match, explanation=self._explainer.explain(query, match, pair, terms))


def _basis(encoder: str, words: str, scoring: Scoring, program: str) -> str:
    """Return what bands rest on besides the texts, as a digest."""
    weights = [(feature.name, feature.weight) for feature in scoring.features]
    return checksum_of(repr((encoder, words, weights, scoring.certainty, program)).encode())


def _exclusions(entries: Iterable[Entry]) -> tuple[Exclusion, ...]:
    """Return the groups that rules leave out, best first."""
    left_out = [entry for entry in entries if entry.outcome == RuleOutcome.UNMET]
    left_out.sort(key=lambda entry: (-entry.score, entry.document.group_id))
    return tuple(Exclusion(entry.document, entry.rules) for entry in left_out)


def _doubted_rows(view: KindView, echoes: Mapping[str, Caution]) -> NDArray[np.int64]:
    """Return the rows that repeat older texts, ascending: they say nothing of what is usual."""
    return np.array(sorted(view.row_by_id[key] for key in echoes), np.int64)


def _usual_rows(view: KindView, asking: Document) -> NDArray[np.int64]:
    """Return all rows but the one that asks: what is usual does not depend on the filters.

    So a document scores the same under every filter, and the bands, read from the whole index,
    hold; the lift by a second capability still depends on which siblings are
    allowed (dev nDCG@10 of bdci2019, whose queries rank given candidates: 0.626 -> 0.633).
    """
    own = view.row_by_id.get(asking.id)
    return view.alive_rows if own is None else view.alive_rows[view.alive_rows != own]
