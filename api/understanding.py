"""Understanding a text without storing it: tags, facts, what is missing, what would match."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from api.intake.advice import quality_of
from api.ipc_advice import IpcAdvice
from api.matching import Matching
from api.presenter import quality_read
from api.schemas.match import MatchOptions, MatchRead
from api.schemas.preview import (
    ApplicationFound,
    AudienceFound,
    BudgetFound,
    DeadlineFound,
    DeliverableFound,
    FactEffectRead,
    NearDuplicate,
    PeriodFound,
    PreviewAnswer,
    PreviewIn,
    RequirementFound,
    TagsAnswer,
    TextIn,
)
from api.schemas.tags import EvidenceRead, IpcRead, TagRead
from api.wiring import Service
from indexer.annotate.facts import FactName, KnownFacts
from indexer.annotate.types import (
    Annotations,
    AudienceFinding,
    Budget,
    Deadline,
    Evidence,
    Period,
    Tag,
)
from indexer.text import canonicalise
from indexer.types import Document
from indexer.view import IndexView
from matcher.duplicates import near_copies
from matcher.filters import seen_rows
from models import repository
from models.demand import Demand
from models.viewer import current_viewer
from models.vocabulary.matching import Direction
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import TagSource

_HAS_COUNTERPART: Final[Mapping[FactName, Callable[[Document], bool]]] = {
    FactName.BUDGET: lambda offered: bool(offered.profile and offered.profile.budget_min_fen),
    FactName.PERIOD: lambda offered: offered.typical_days_min is not None,
    FactName.REGION: lambda offered: bool(offered.profile and offered.profile.region_code),
    FactName.INDUSTRY: lambda offered: bool(offered.industries or offered.any_industry),
}
"""Facts of a demand that are compared with one of a provider, and whether that one is there."""


class Understanding:
    """Reads texts nobody stores."""

    def __init__(self, service: Service, matching: Matching) -> None:
        self._service = service
        self._matching = matching
        self._ipc = IpcAdvice(service.settings.ipc_file, service.embedder)

    def tags(self, body: TextIn) -> TagsAnswer:
        """Return everything read from a text."""
        title, text = canonicalise(body.title or ""), canonicalise(body.text)
        (found,) = self._service.annotator.annotate_many([(title, text)])
        fields = {"title": body.title, "text": body.text}
        return _understood(title, text, found, self._ipc.on(title, text), fields)

    def demand_ipc(self, demand_id: str) -> IpcRead:
        """Return the IPC subclass suggested for a stored demand of whoever asks."""
        with self._service.database.read() as session:
            demand = repository.get_owned(session, Demand, demand_id)
            title, text = canonicalise(demand.title), canonicalise(demand.body())
        return self._ipc.on(title, text)

    def preview(self, body: PreviewIn) -> PreviewAnswer:
        """Return what would become of a demand if it were posted now."""
        parts = (body.description, body.decision_question, body.background)
        title = canonicalise(body.title or "")
        text = canonicalise("\n".join(filter(None, parts)))
        known = KnownFacts(decision_question=body.decision_question)
        (found,) = self._service.annotator.annotate_many([(title, text)], [known])
        view = self._service.synchroniser.view
        question = self._matching.ask_demand_text(title, text, found)
        (document,) = question.documents
        answer = None
        if body.k:
            options = MatchOptions(k=body.k, include_weak=body.include_weak)
            answer = self._matching.answer_question(question, Direction.DEMAND_TO_PROVIDER, options)
        embedding = self._service.embedder.embed_query(document)
        demands = view.of(Entity.DEMAND)
        seen = seen_rows(demands, current_viewer())
        copies = near_copies(document, embedding, demands, seen)
        fields = body.model_dump(exclude={"k", "include_weak"})
        return PreviewAnswer(
            version=answer.version if answer else view.version,
            understanding=_understood(title, text, found, self._ipc.on(title, text), fields),
            matches=answer.matches if answer else [],
            has_good_match=bool(answer and answer.has_good_match),
            no_good_match=answer.no_good_match if answer else None,
            effects=_effects(found, answer.matches if answer else [], view),
            near_duplicates=[
                NearDuplicate(
                    id=copy.document.id, title=copy.document.title, similarity=copy.similarity
                )
                for copy in copies
            ],
        )


def _effects(
    found: Annotations, matches: Iterable[MatchRead], view: IndexView
) -> list[FactEffectRead]:
    """Return for each missing fact how many of the providers listed it could be checked against."""
    offers = view.of(Entity.CAPABILITY)
    rows = offers.row_by_id  # without what was published since the view was taken
    offered = [offers.document(rows[m.item.id]) for m in matches if m.item.id in rows]
    missing = [fact.name for fact in found.completeness.missing]
    counts = {
        name: sum(map(has_counterpart, offered))
        for name, has_counterpart in _HAS_COUNTERPART.items()
        if name in missing
    }
    return [FactEffectRead(name=name, n_providers=n) for name, n in counts.items() if n]


def _understood(
    title: str, text: str, found: Annotations, ipc: IpcRead, fields: dict[str, str | None]
) -> TagsAnswer:
    return TagsAnswer(
        title=title,
        body=text,
        scenarios=_tags(found.scenarios),
        needs_confirmation=found.needs_confirmation,
        industries=_tags(found.industries),
        any_industry=found.any_industry,
        regions=_tags(found.regions),
        ipc=ipc,
        budget=_budget(found.budget),
        period=_period(found.period),
        deadline=_deadline(found.deadline),
        deliverables=[
            DeliverableFound(deliverable=d.deliverable, evidence=_evidence(d.evidence))
            for d in found.deliverables
        ],
        applications=[
            ApplicationFound(application=a.application, evidence=_evidence(a.evidence))
            for a in found.applications
        ],
        audience=_audience(found.audience),
        requirements=[
            RequirementFound(
                kind=r.kind,
                strength=r.strength,
                value=r.value,
                text=r.text,
                evidence=_evidence(r.evidence),
            )
            for r in found.requirements
        ],
        quality=quality_read(quality_of(found, fields), found.clarity),
    )


def _tags(tags: Iterable[Tag]) -> list[TagRead]:
    return [
        TagRead(
            scheme=tag.scheme,
            version=tag.version,
            code=tag.code,
            name=tag.name,
            confidence=tag.confidence,
            source=TagSource.AUTO,
            evidence=[_evidence(e) for e in tag.evidence],
        )
        for tag in tags
    ]


def _budget(budget: Budget | None) -> BudgetFound | None:
    if budget is None:
        return None
    return BudgetFound(
        kind=budget.kind,
        min_fen=budget.min_fen,
        max_fen=budget.max_fen,
        raw=budget.evidence.text,
        evidence=_evidence(budget.evidence),
    )


def _period(period: Period | None) -> PeriodFound | None:
    if period is None:
        return None
    evidence = _evidence(period.evidence)
    return PeriodFound(min_days=period.min_days, max_days=period.max_days, evidence=evidence)


def _deadline(deadline: Deadline | None) -> DeadlineFound | None:
    if deadline is None:
        return None
    return DeadlineFound(due=deadline.due, evidence=_evidence(deadline.evidence))


def _audience(finding: AudienceFinding | None) -> AudienceFound | None:
    if finding is None:
        return None
    return AudienceFound(
        audience=finding.audience,
        confidence=finding.confidence,
        evidence=[_evidence(e) for e in finding.evidence],
    )


def _evidence(evidence: Evidence) -> EvidenceRead:
    return EvidenceRead(start=evidence.start, end=evidence.end, text=evidence.text)
