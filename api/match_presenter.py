"""From ranked results to the shapes that go out."""

from collections.abc import Iterable, Sequence

from api.schemas.match import (
    ExplanationRead,
    ItemRead,
    MatchAnswer,
    MatchRead,
    NoMatchRead,
    OrganisationRead,
    PartRead,
    QueryRead,
    RuleRead,
    SentencePairRead,
    SentenceRead,
    SharedTermRead,
    SpanRead,
    StatementRead,
)
from api.schemas.tags import CodeRead
from api.vocabularies import Vocabularies
from indexer.types import Document, Profile, Sentence
from matcher.features import Feature
from matcher.types import Explanation, Match, MatchResult, Part, RuleResult, Span, Statement
from models.provider import Provider
from models.vocabulary.matching import Direction
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import Scheme

_EXTRA_TITLES = {"second_capability": "第二项能力"}
"""Parts of a score that are no features of the list."""


class MatchPresenter:
    """Shows matches with the Chinese names of codes and features."""

    def __init__(self, vocabularies: Vocabularies, features: Iterable[Feature]) -> None:
        self._vocabularies = vocabularies
        self._titles = {**_EXTRA_TITLES, **{f.name: f.title for f in features}}

    def answer(
        self,
        direction: Direction,
        query: QueryRead,
        result: MatchResult,
        no_match: NoMatchRead | None,
        *,
        degraded: bool,
    ) -> MatchAnswer:
        """Return the answer to one question, saying whether the database was away meanwhile."""
        return MatchAnswer(
            version=result.index_version,
            degraded=degraded,
            direction=direction,
            query=query,
            matches=[self.match(match) for match in result.matches],
            has_good_match=result.has_good_match,
            no_good_match=no_match,
            n_candidates=result.n_candidates,
            n_excluded=len(result.excluded),
            weights=dict(result.weights),
            run_id=result.run_id,
        )

    def query(self, document: Document, row_id: str | None) -> QueryRead:
        """Return a question as it was understood."""
        return QueryRead(
            id=row_id,
            kind=document.kind,
            title=document.title,
            body=document.body,
            tags=self.document_tags(document),
            region_code=document.region_code,
        )

    def provider_query(self, provider: Provider) -> QueryRead:
        """Return the question a provider asks with all its capabilities."""
        return QueryRead(
            id=provider.id,
            kind=Entity.PROVIDER,
            title=provider.organisation.name,
            body="",
            tags=[],
            region_code=provider.organisation.region_code,
        )

    def match(self, match: Match) -> MatchRead:
        """Return one ranked result."""
        return MatchRead(
            rank=match.rank,
            band=match.band,
            band_label=self._vocabularies.labels.of(match.band),
            score=match.score,
            coverage=match.coverage,
            asked_by=match.asked_by,
            item=self._item(match.document),
            organisation=self._organisation(match.profile),
            parts=[self._part(part) for part in match.parts],
            rules=[_rule(rule) for rule in match.rules],
            others=list(match.others),
            near_duplicates=list(match.near_duplicates),
            also_offered_by=list(match.also_offered_by),
            cautions=list(match.cautions),
            is_newcomer=match.is_newcomer,
            explanation=_explanation(match.explanation),
        )

    def document_tags(self, document: Document) -> list[CodeRead]:
        """Return the tags of a document, scenarios first."""
        by_scheme = (
            (Scheme.SCENARIO, document.scenarios),
            (Scheme.SEI, document.industries),
            (Scheme.GB4754, document.classes),
        )
        return [
            CodeRead(
                scheme=scheme,
                code=code,
                name=self._vocabularies.name(scheme, code),
                confidence=confidence,
            )
            for scheme, codes in by_scheme
            for code, confidence in codes
        ]

    def _item(self, document: Document) -> ItemRead:
        return ItemRead(
            id=document.id,
            kind=document.kind,
            group_id=document.group_id,
            title=document.title,
            body=document.body,
            region_code=document.region_code,
            region_name=self._vocabularies.region_name(document.region_code),
            tags=self.document_tags(document),
        )

    def _organisation(self, profile: Profile | None) -> OrganisationRead | None:
        if profile is None:
            return None
        return OrganisationRead(
            name=profile.name,
            region_code=profile.region_code,
            region_name=self._vocabularies.region_name(profile.region_code),
        )

    def _part(self, part: Part) -> PartRead:
        return PartRead(
            name=part.name,
            title=self._titles.get(part.name, part.name),
            value=part.value,
            weight=part.weight,
            contribution=part.contribution,
        )


def _rule(rule: RuleResult) -> RuleRead:
    return RuleRead(
        rule_id=rule.rule_id,
        title=rule.title,
        strength=rule.strength,
        outcome=rule.outcome,
        fact=rule.fact,
        source=rule.source,
    )


def _explanation(explanation: Explanation | None) -> ExplanationRead | None:
    if explanation is None:
        return None
    pair = explanation.sentence_pair
    return ExplanationRead(
        summary=explanation.summary,
        reasons_for=_statements(explanation.reasons_for),
        reasons_against=_statements(explanation.reasons_against),
        unknowns=_statements(explanation.unknowns),
        sentence_pair=(
            SentencePairRead(query=_sentence(pair.query), candidate=_sentence(pair.candidate))
            if pair is not None
            else None
        ),
        shared_terms=[
            SharedTermRead(
                text=term.text,
                weight=term.weight,
                query_spans=_spans(term.query_spans),
                candidate_spans=_spans(term.candidate_spans),
            )
            for term in explanation.shared_terms
        ],
    )


def _statements(statements: Iterable[Statement]) -> list[StatementRead]:
    return [
        StatementRead(
            text=s.text, query_span=_span(s.query_span), candidate_span=_span(s.candidate_span)
        )
        for s in statements
    ]


def _sentence(sentence: Sentence) -> SentenceRead:
    return SentenceRead(start=sentence.start, end=sentence.end, text=sentence.text)


def _spans(spans: Sequence[Span]) -> list[SpanRead]:
    return [SpanRead(start=span.start, end=span.end) for span in spans]


def _span(span: Span | None) -> SpanRead | None:
    return None if span is None else SpanRead(start=span.start, end=span.end)
