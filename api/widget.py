"""Answers for public pages: only what everybody may see, and no weak matches to fill up."""

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints

from api.matching import Matching, Question
from api.schemas.match import FreeText, MatchOptions, MatchRead
from api.schemas.texts import Sanitised
from api.schemas.widget import WidgetAnswer, WidgetItem
from api.wiring import Service
from models import repository
from models.base import Row
from models.demand import MATCHABLE_STATES, Demand
from models.errors import InvalidInputError, NotFoundError, UnavailableError
from models.provider import OFFERED_STATES, Provider
from models.viewer import ANONYMOUS, acting_as
from models.vocabulary import Band, Direction, Entity, Scheme, Visibility

TEXT_CHARS: Final = 500
MAX_RESULTS: Final = 10

WidgetText = Annotated[
    str,
    StringConstraints(min_length=2, max_length=TEXT_CHARS),
    AfterValidator(Sanitised(2, TEXT_CHARS)),
]


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


def _item(rank: int, match: MatchRead) -> WidgetItem:
    is_demand = match.item.kind == Entity.DEMAND
    reasons = match.explanation.reasons_for if match.explanation else []
    return WidgetItem(
        rank=rank,
        band=match.band,
        band_label=match.band_label,
        title=match.item.title,
        organisation=match.organisation.name if match.organisation and not is_demand else None,
        region_name=match.item.region_name,
        scenarios=[tag.name for tag in match.item.tags if tag.scheme == Scheme.SCENARIO],
        reason=reasons[0].text if reasons else None,
    )
