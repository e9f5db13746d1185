"""Answers for public pages: only what everybody may see, and no weak matches to fill up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from api.identity.principal import Principal
from api.matching import Matching, Question
from api.schemas.match import FreeText, MatchOptions, MatchRead
from api.schemas.widget import WidgetAnswer, WidgetItem
from api.wiring import TIME_ZONE, Service
from models import repository
from models.base import Row
from models.case import Case
from models.conditions import equals, is_one_of
from models.database import Session
from models.demand import MATCHABLE_STATES, Demand
from models.errors import ForbiddenError, InvalidInputError, NotFoundError, UnavailableError
from models.provider import OFFERED_STATES, Provider
from models.viewer import ANONYMOUS, acting_as
from models.vocabulary.access import Visibility, WidgetKind
from models.vocabulary.matching import Band, Direction
from models.vocabulary.organisation import CaseState
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import Scheme


class KindRefusedError(ForbiddenError):
    """The widget token was not made to show this."""

    code: ClassVar[str] = "widget_kind_refused"


@dataclass(frozen=True, slots=True)
class WidgetQuestion:
    """What a page asks: exactly one of demand, provider and text.

    Attributes:
        demand: Key of a public demand; providers are sought.
        provider: Key of a public provider; demands are sought.
        text: A text; providers are sought.
        limit: How many results at most.
    """

    demand: str | None
    provider: str | None
    text: str | None
    limit: int

    @property
    def shows(self) -> WidgetKind:
        """What the answer is made of."""
        return WidgetKind.DEMANDS if self.provider else WidgetKind.PROVIDERS


class Widget:
    """Answers public pages."""

    def __init__(self, service: Service, matching: Matching) -> None:
        self._service = service
        self._matching = matching

    def answer(self, asked: WidgetQuestion) -> WidgetAnswer:
        """Return the public results for a question.

        Raises:
            InvalidInputError: not exactly one question.
            NotFoundError: the row does not exist or is not public; nobody can tell which.
        """
        direction = Direction.PROVIDER_TO_DEMAND if asked.provider else Direction.DEMAND_TO_PROVIDER
        with acting_as(ANONYMOUS):  # a page shows everybody the same, whoever looks at it
            question = self._question(asked, direction)
            options = MatchOptions(k=asked.limit)
            answer = self._matching.answer_question(question, direction, options)
        shown = [match for match in answer.matches if match.band != Band.WEAK]
        return WidgetAnswer(
            version=answer.version,
            degraded=answer.degraded,
            items=[_item(rank, match) for rank, match in enumerate(shown, start=1)],
            message=None if shown else "暂无达到“一般”以上的匹配。",
        )

    def latest_demands(self, limit: int) -> WidgetAnswer:
        """Return the demands everybody may see that were posted last and are still open."""
        with acting_as(ANONYMOUS), self._service.database.read() as session:
            open_ones = is_one_of(Demand.state, MATCHABLE_STATES)
            rows = repository.page(
                session, Demand, after=None, limit=limit, where=(open_ones,), newest_first=True
            )
            items = self._listed(session, rows)
        return self._list(items, "暂无公开的需求。")

    def latest_cases(self, limit: int) -> WidgetAnswer:
        """Return the cases everybody may see that were posted last."""
        with acting_as(ANONYMOUS), self._service.database.read() as session:
            published = equals(Case.state, CaseState.PUBLISHED)
            rows = repository.page(
                session, Case, after=None, limit=limit, where=(published,), newest_first=True
            )
            items = self._listed(session, rows)
        return self._list(items, "暂无公开的案例。")

    def _list(self, items: list[WidgetItem], nothing: str) -> WidgetAnswer:
        return WidgetAnswer(
            version=self._matching.version,
            degraded=self._matching.is_degraded,
            items=items,
            message=None if items else nothing,
        )

    def _listed(self, session: Session, rows: Sequence[Demand | Case]) -> list[WidgetItem]:
        tables = self._service.vocabularies
        entity = rows[0].entity if rows else Entity.DEMAND
        tags = repository.tags_of(session, entity, [row.id for row in rows])
        return [
            WidgetItem(
                rank=rank,
                kind=row.entity,
                id=row.id,
                band=None,
                band_label=None,
                title=row.title,
                organisation=None,
                region_name=tables.region_name(row.region_code),
                scenarios=[
                    tables.name(tag.scheme, tag.code)
                    for tag in tags.get(row.id, [])
                    if tag.scheme == Scheme.SCENARIO
                ],
                reason=None,
                posted_on=row.created_at.astimezone(TIME_ZONE).date(),
            )
            for rank, row in enumerate(rows, start=1)
        ]

    def _question(self, asked: WidgetQuestion, direction: Direction) -> Question:
        given = [value for value in (asked.demand, asked.provider, asked.text) if value]
        if len(given) != 1:
            raise InvalidInputError("demand、provider、text 必须且只能填一个。")
        if asked.text:
            return self._matching.ask_text(FreeText(text=asked.text), direction)
        if self._matching.is_degraded:
            remembered = self._matching.ask_remembered(given[0], direction)
            if remembered is not None:
                return remembered
        try:
            self._check_public(Provider if asked.provider else Demand, given[0])
            return self._matching.ask_public(given[0], direction)
        except UnavailableError:
            remembered = self._matching.ask_remembered(given[0], direction)
            if remembered is None:
                raise
            return remembered

    def _check_public(self, table: type[Demand | Provider], row_id: str) -> None:
        with self._service.database.read() as session:
            row: Row = repository.get(session, table, row_id)
        offered = (
            row.state in MATCHABLE_STATES
            if isinstance(row, Demand)
            else isinstance(row, Provider) and row.state in OFFERED_STATES
        )
        if row.visibility != Visibility.PUBLIC or not offered:
            raise NotFoundError("没有找到这条记录，可能已被删除。", id=row_id)


def check_kind(principal: Principal, kind: WidgetKind) -> None:
    """Refuse what the token of a page was not made for.

    Raises:
        KindRefusedError: it was made for something else.
    """
    if principal.terms is not None and kind not in principal.terms.kinds:
        raise KindRefusedError("这个嵌入令牌没有许可显示这类内容。", kind=kind.value)


def _item(rank: int, match: MatchRead) -> WidgetItem:
    is_demand = match.item.kind == Entity.DEMAND
    reasons = match.explanation.reasons_for if match.explanation else []
    return WidgetItem(
        rank=rank,
        kind=Entity.DEMAND if is_demand else Entity.PROVIDER,
        id=match.item.group_id,
        band=match.band,
        band_label=match.band_label,
        title=match.item.title,
        organisation=match.organisation.name if match.organisation and not is_demand else None,
        region_name=match.item.region_name,
        scenarios=[tag.name for tag in match.item.tags if tag.scheme == Scheme.SCENARIO],
        reason=reasons[0].text if reasons else None,
        posted_on=None,
    )
