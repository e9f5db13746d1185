"""Answering questions: from a stored row or a text to a ranked answer ready to be sent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar

from api.intake.advice import reject_confidence
from api.intake.demand_fields import apply_reading
from api.intake.problems import FieldsRejectedError
from api.intake.scope import reject_of
from api.intake.tagging import automatic_tags
from api.listing import filter_problems
from api.match_presenter import MatchPresenter
from api.no_match import ceiling_of, explain_no_match
from api.runs import run_of, seed_of
from api.schemas.match import FreeText, MatchAnswer, MatchOptions, MatchQuery, QueryRead
from api.wiring import Service
from indexer.annotate.types import Annotations
from indexer.documents import capability_document, demand_document
from indexer.text import canonicalise
from indexer.types import Document, Profile
from matcher.pipeline import MatchRequest
from matcher.record import question_hash
from matcher.types import Filters, MatchResult
from models import repository
from models.base import Row
from models.database import Session
from models.demand import Demand
from models.errors import InvalidInputError, StateError
from models.provider import Capability, Provider
from models.sight import may_see, owns
from models.viewer import current_viewer
from models.vocabulary.access import Visibility
from models.vocabulary.demand import ServiceRegion
from models.vocabulary.matching import Direction
from models.vocabulary.row import Entity

RowT = TypeVar("RowT", bound=Row)

DEMAND_SIDE = frozenset(
    {Direction.DEMAND_TO_PROVIDER, Direction.DEMAND_TO_DEMAND, Direction.DEMAND_TO_CASE}
)
"""Directions in which a demand asks; in the others a provider does."""


OPEN_TO_ALL: Final = frozenset({Direction.DEMAND_TO_CASE, Direction.PROVIDER_TO_CASE})
"""Directions in which also those may ask who only see the row."""

ASKING_ID: Final = "query"
"""Key of a document that is not stored."""


class Get(Protocol):
    """Reads a row, or says why not."""

    def __call__(self, session: Session, table: type[RowT], row_id: str) -> RowT:
        """Return the row."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks.

    Attributes:
        documents: One for a demand or text, one a capability for a provider.
        shown: The question as it is sent back.
        reject: How surely it asks for something else than patent navigation, 0..1.
        questions: What it does not say, as questions, most important first.
    """

    documents: tuple[Document, ...]
    shown: QueryRead
    reject: float = 0.0
    questions: tuple[str, ...] = ()


class Matching:
    """Asks the matcher and presents its answers."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._presenter = MatchPresenter(service.vocabularies, service.matcher.features())

    @property
    def is_degraded(self) -> bool:
        """Whether answers come from memory alone, because the database does not answer."""
        return not self._service.database.is_answering

    @property
    def version(self) -> str:
        """State of the index a question asked now is answered from."""
        return self._service.synchroniser.view.version

    def answer(self, query: MatchQuery) -> MatchAnswer:
        """Answer one question.

        Raises:
            NotFoundError: the row does not exist.
            InvalidInputError: the row cannot ask in this direction, or weights do not fit.
            StateError: the provider has nothing on offer to ask with.
        """
        if query.text is not None:
            question = self.ask_text(query.text, query.direction)
        else:
            question = self.ask_stored(query.id or "", query.direction)
        return self.answer_question(question, query.direction, query)

    def ask_stored(self, row_id: str, direction: Direction) -> Question:
        """Return the question a stored demand or provider asks.

        Raises:
            NotFoundError: there is no such row for whoever asks.
            ForbiddenError: it is another's, and what fits it is for its owner.
        """
        get = repository.get if direction in OPEN_TO_ALL else repository.get_owned
        if direction in DEMAND_SIDE:
            return self._ask_demand(row_id, get)
        return self._ask_provider(row_id, get)

    def ask_public(self, row_id: str, direction: Direction) -> Question:
        """Return the question of a row everybody sees, asked by a page anywhere."""
        if direction in DEMAND_SIDE:
            return self._ask_demand(row_id, repository.get)
        return self._ask_provider(row_id, repository.get)

    def ask_remembered(self, row_id: str, direction: Direction) -> Question | None:
        """Return the question of a row as the index has it; None if it has none for who asks."""
        kind = Entity.DEMAND if direction in DEMAND_SIDE else Entity.CAPABILITY
        view = self._service.synchroniser.view.kinds[kind]
        found = (view.documents[row] for row in view.alive_rows.tolist())
        documents = tuple(
            d for d in found if d.group_id == row_id and may_see(current_viewer(), d.placement)
        )
        if not documents:
            return None
        return Question(documents, self._presenter.query(documents[0], row_id))

    def ask_text(self, text: FreeText, direction: Direction) -> Question:
        """Return the question a text asks; nothing of it is stored."""
        title = canonicalise(text.title or "")
        body = canonicalise(text.text)
        (found,) = self._service.annotator.annotate_many([(title, body)])
        if direction in DEMAND_SIDE:
            return self.ask_demand_text(title, body, found)
        document = _capability_of(title, body, found)
        return Question((document,), self._presenter.query(document, None))

    def ask_demand_text(self, title: str, body: str, found: Annotations) -> Question:
        """Return the question a demand asks that was read and is not stored."""
        document = self._demand_of(title, body, found)
        missing = tuple(fact.question for fact in found.completeness.missing)
        shown = self._presenter.query(document, None)
        return Question((document,), shown, reject_confidence(found), missing)

    def answer_question(
        self,
        question: Question,
        direction: Direction,
        options: MatchOptions,
    ) -> MatchAnswer:
        """Rank for a question what whoever asks may see, and present the result."""
        return self.present(question, direction, self.rank(question, direction, options))

    def present(self, question: Question, direction: Direction, result: MatchResult) -> MatchAnswer:
        """Return a ranking as it is sent."""
        told = explain_no_match(result.no_match, direction, question.questions)
        return self._presenter.answer(
            direction, question.shown, result, told, degraded=self.is_degraded
        )

    def _demand_of(self, title: str, body: str, found: Annotations) -> Document:
        """Return the document of a demand that is not stored."""
        demand = Demand(
            id=ASKING_ID,
            title=title,
            description=body,
            service_region=ServiceRegion.ANY,
            visibility=Visibility.PRIVATE,
            human_fields=[],
        )
        apply_reading(demand, found, self._service.vocabularies, self._service.today())
        return demand_document(demand, automatic_tags(demand, found, rejects=False))

    def _ask_demand(self, demand_id: str, get: Get) -> Question:
        if not demand_id.startswith(f"{Demand.id_prefix}_"):
            raise InvalidInputError("这个方向要用需求编号（dm_ 开头）提问。", field="id")
        with self._service.database.read() as session:
            demand = get(session, Demand, demand_id)
            tags = repository.tags_of(session, Entity.DEMAND, [demand.id])
        own = tags.get(demand.id, [])
        document = demand_document(demand, own)
        missing: tuple[str, ...] = ()
        if owns(current_viewer(), demand.owner_id, demand.owner_region):
            missing = tuple(str(fact["question"]) for fact in demand.quality.get("missing", ()))
        shown = self._presenter.query(document, demand.id)
        return Question((document,), shown, reject_of(own), missing)

    def _ask_provider(self, provider_id: str, get: Get) -> Question:
        if not provider_id.startswith(f"{Provider.id_prefix}_"):
            raise InvalidInputError("这个方向要用服务机构编号（pv_ 开头）提问。", field="id")
        with self._service.database.read() as session:
            provider = get(session, Provider, provider_id)
            owned = [row.id for row in repository.capabilities_of(session, provider_id)]
        documents = tuple(self._service.source.load(Entity.CAPABILITY, owned))
        if not documents:
            raise StateError(
                "这家机构没有在服务状态的能力，无法匹配。请先登记能力或恢复服务。",
                state=provider.state.value,
            )
        return Question(documents, self._presenter.provider_query(provider))

    def rank(
        self,
        question: Question,
        direction: Direction,
        options: MatchOptions,
    ) -> MatchResult:
        """Rank for a question what whoever asks may see; the ranking is kept as shown to them.

        Raises:
            FieldsRejectedError: a filter names a code nothing has.
            InvalidInputError: the weights do not fit.
        """
        wanted = options.filters
        problems = list(filter_problems(self._service.vocabularies, wanted))
        if problems:
            raise FieldsRejectedError(problems)
        known = {feature.name for feature in self._service.matcher.features()}
        weights = dict(options.weights or {})
        if set(weights) - known or (options.weights is not None and not _counts(weights, known)):
            raise InvalidInputError(
                "权重中有不认识的特征，或没有留下任何起作用的特征，请对照 GET /v1/algorithms。",
                field="weights",
            )
        request = MatchRequest(
            direction=direction,
            k=options.k,
            filters=Filters(
                regions=tuple(wanted.regions),
                serves=tuple(wanted.serves),
                industries=tuple(wanted.industries),
                scenarios=tuple(wanted.scenarios),
                credentials=tuple(wanted.credentials),
                text=canonicalise(wanted.text),
                viewer=current_viewer(),
                exclude_ids=frozenset(wanted.exclude_ids),
            ),
            weights=weights or None,
            explain=options.explain,
            fold=options.fold,
            include_weak=options.include_weak,
            seed=seed_of(self._service.today().isoformat(), question.documents),
            ceiling=ceiling_of(question.reject),
        )
        result = self.ask_matcher(question.documents, request)
        self._service.metrics.note_answer(direction, result)
        return replace(result, run_id=self._note_run(question.documents, request, result))

    def ask_matcher(self, documents: Sequence[Document], request: MatchRequest) -> MatchResult:
        """Rank for documents that ask, one for a demand or text, one a capability."""
        view = self._service.synchroniser.view
        if len(documents) == 1:
            return self._service.matcher.match(documents[0], view, request)
        return self._service.matcher.match_provider(documents, view, request)

    def _note_run(
        self, documents: Sequence[Document], request: MatchRequest, result: MatchResult
    ) -> str | None:
        """Have a ranking kept that is about to be shown; returns the key of its run."""
        first = documents[0]
        row_id = first.id if request.direction in DEMAND_SIDE else first.group_id
        asked_id = None if first.id == ASKING_ID else row_id
        basis = self._service.basis(result.index_version, question_hash(documents))
        return self._service.runs.note(run_of(asked_id, request, result, basis))


def _counts(weights: dict[str, float], known: set[str]) -> bool:
    """Whether something is left that weighs more than nothing."""
    return any(weights.get(name, 1.0) > 0 for name in known)


def _capability_of(title: str, body: str, found: Annotations) -> Document:
    """Return the document of a capability that is not stored."""
    capability = Capability(
        id=ASKING_ID,
        title=title,
        description=body,
        provider_id="",
        any_industry=found.any_industry,
        deliverables=[d.deliverable.value for d in found.deliverables],
        visibility=Visibility.PRIVATE,
    )
    tags = automatic_tags(capability, found, rejects=False)
    return capability_document(capability, tags, Profile(name=""))
