"""Service bases: registering."""

from collections.abc import Sequence

from api.intake.base import IntakeParts, check_source_ref, reference_problems
from api.intake.codes import region_problems
from api.intake.organisations import (
    ORGANISATION_FIELDS,
    organisation_for,
    uscc_problems,
)
from api.intake.problems import FieldsRejectedError
from api.schemas.service_base import BaseCreate
from models import repository
from models.database import Session
from models.errors import ConflictError, NavmatchError
from models.organisation import Base


class BaseIntake:
    """Takes service bases in; every public method is one transaction."""

    def __init__(self, parts: IntakeParts) -> None:
        self._parts = parts

    def create(self, body: BaseCreate, by: str | None = None) -> Base:
        """Register a base.

        Raises:
            FieldsRejectedError: codes or references do not fit.
            ConflictError: the organisation is registered already.
        """
        (outcome,) = self.create_many([body], by)
        if isinstance(outcome, NavmatchError):
            raise outcome
        return outcome

    def create_many(
        self, bodies: Sequence[BaseCreate], by: str | None = None
    ) -> list[Base | NavmatchError]:
        """Register many bases in one transaction; each is stored or refused on its own."""
        outcomes: list[Base | NavmatchError] = []
        with self._parts.database.write() as session:
            for body in bodies:
                try:
                    with session.begin_nested():
                        outcomes.append(self._add(session, body, by))
                except NavmatchError as error:
                    outcomes.append(error)
        self._parts.committed()
        return outcomes

    def _add(self, session: Session, body: BaseCreate, by: str | None) -> Base:
        tables = self._parts.vocabularies
        parents = [("parent_base_id", Base, body.parent_base_id)]
        problems = [
            *region_problems(tables, "region_code", [body.region_code]),
            *uscc_problems(body.uscc),
            *reference_problems(session, parents),
        ]
        if problems:
            raise FieldsRejectedError(problems)
        check_source_ref(session, Base, body.source_ref)
        values = body.model_dump()
        organisation = organisation_for(session, values, tables, by)
        known = repository.base_of(session, organisation.id)
        if known is not None:
            raise ConflictError("这家机构已经登记为服务基地。", reason="registered", id=known.id)
        columns = {k: v for k, v in values.items() if k not in ORGANISATION_FIELDS}
        base = Base(organisation=organisation, created_by=by, **columns)
        session.add(base)
        return base
