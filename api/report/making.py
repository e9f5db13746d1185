"""Making the report on a demand: a ranking as of now, and everything said about it."""

from typing import Final

from api.matching import Matching
from api.presenter import Presenter
from api.report.arranging import Gathered, arrange
from api.report.blocks import Report
from api.schemas.match import MatchOptions
from api.wiring import TIME_ZONE, Service
from matcher.record import question_hash
from models import repository
from models.audit_trail import record
from models.demand import Demand
from models.vocabulary.access import AuditAction
from models.vocabulary.matching import Direction

AUDITED: Final = "report"


class Reports:
    """Makes reports for the owners of demands, and for those who answer for them."""

    def __init__(self, service: Service, matching: Matching) -> None:
        self._service = service
        self._matching = matching
        self._presenter = Presenter(service.vocabularies)

    def make(self, demand_id: str, options: MatchOptions) -> Report:
        """Return the report on a demand, from a ranking made and kept for it.

        Raises:
            NotFoundError: there is no such demand for whoever asks.
            ForbiddenError: it is another's.
        """
        direction = Direction.DEMAND_TO_PROVIDER
        question = self._matching.ask_stored(demand_id, direction)
        result = self._matching.rank(question, direction, options)
        with self._service.database.read() as session:
            row = repository.get_owned(session, Demand, demand_id)
            (demand,) = self._presenter.demands(session, [row])
        with self._service.database.write() as session:
            record(session, AuditAction.EXPORT, AUDITED, demand_id)
        gathered = Gathered(
            demand=demand,
            answer=self._matching.present(question, direction, result),
            excluded=result.excluded,
            basis=self._service.basis(result.index_version, question_hash(question.documents)),
            options=options,
            made_at=self._service.now().astimezone(TIME_ZONE),
        )
        return arrange(gathered, self._service.vocabularies)
