"""Cases: registering, changing, publishing, hiding, deleting."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from api.intake.base import (
    IntakeParts,
    check_source_ref,
    check_version,
    plain,
    reference_problems,
    try_row,
)
from api.intake.codes import region_problems
from api.intake.demand_fields import read_columns
from api.intake.problems import FieldsRejectedError
from api.intake.reading import SourceText
from api.intake.tagging import (
    TAG_FIELDS,
    automatic_tags,
    chosen_tags,
    codes_in,
    codes_problems,
    store_automatic,
)
from api.schemas.case import CaseCreate, CaseUpdate
from indexer.annotate.types import Annotations
from models import repository
from models.base import now_utc
from models.case import CASE_STEPS, Case
from models.database import Session
from models.errors import NavmatchError, StateError
from models.organisation import Base
from models.provider import Provider
from models.vocabulary.organisation import CaseState

READ_FIELDS: Final = ("region_code", "deliverables")
"""Fields filled from the text when they are left out; a case has no record of who filled them."""


class CaseIntake:
    """Takes cases in; every public method is one transaction."""

    def __init__(self, parts: IntakeParts) -> None:
        self._parts = parts

    def create(self, body: CaseCreate, by: str | None = None) -> Case:
        """Store a case with its tags, published if asked for.

        Raises:
            FieldsRejectedError: codes or references do not fit.
            ConflictError: the source key is taken.
        """
        (outcome,) = self.create_many([body], by)
        if isinstance(outcome, NavmatchError):
            raise outcome
        return outcome

    def create_many(
        self, bodies: Sequence[CaseCreate], by: str | None = None
    ) -> list[Case | NavmatchError]:
        """Store many cases in one transaction; each is stored or refused on its own."""
        outcomes: list[Case | NavmatchError | None] = [self.refusal(body) for body in bodies]
        todo = [place for place, refused in enumerate(outcomes) if refused is None]
        texts = [SourceText(bodies[place].title, bodies[place].summary) for place in todo]
        readings = self._parts.reader.read(texts)
        with self._parts.database.write() as session:
            for place, found in zip(todo, readings, strict=True):
                add = partial(self._add, session, bodies[place], found, by)
                outcomes[place] = try_row(session, add)
        self._parts.committed()
        return [outcome for outcome in outcomes if outcome is not None]

    def change(self, case_id: str, body: CaseUpdate) -> Case:
        """Change the fields sent and tag the text again.

        Raises:
            NotFoundError: there is no such case.
            ConflictError: it was changed since it was read.
            FieldsRejectedError: codes or references do not fit.
        """
        changes = body.changes()
        with self._parts.database.read() as session:
            case = repository.get_to_change(session, Case, case_id)
            check_version(case, body.version)
            source = SourceText(
                changes.get("title", case.title), changes.get("summary", case.summary)
            )
        (found,) = self._parts.reader.read([source])
        with self._parts.database.write() as session, session.no_autoflush:
            case = repository.get_to_change(session, Case, case_id)
            check_version(case, body.version)
            self._check_references(session, changes)
            self._assign(case, changes, found)
            store_automatic(session, case, found, rejects=False)
            case.updated_at = now_utc()
        self._parts.committed()
        return case

    def publish(self, case_id: str) -> Case:
        """Show a case."""
        return self._move(case_id, CaseState.PUBLISHED, "发布")

    def hide(self, case_id: str) -> Case:
        """Stop showing a case."""
        return self._move(case_id, CaseState.HIDDEN, "隐藏")

    def delete(self, case_id: str, reason: str | None = None) -> None:
        """Delete a case; it is found no more."""
        with self._parts.database.write() as session:
            case = repository.get_to_change(session, Case, case_id)
            case.deleted_at = now_utc()
            case.deleted_reason = reason
        self._parts.committed()

    def refusal(self, body: CaseCreate) -> NavmatchError | None:
        """Return what is wrong with a new case that needs no database to see."""
        tables = self._parts.vocabularies
        problems = [
            *region_problems(tables, "region_code", [body.region_code]),
            *codes_problems(tables, body),
        ]
        return FieldsRejectedError(problems) if problems else None

    def _add(self, session: Session, body: CaseCreate, found: Annotations, by: str | None) -> Case:
        values = body.model_dump(exclude={*TAG_FIELDS, "publish"})
        self._check_references(session, values)
        check_source_ref(session, Case, body.source_ref)
        case = Case(created_by=by)
        self._assign(case, values, found)
        case.state = CaseState.PUBLISHED if body.publish else CaseState.DRAFT
        tags = automatic_tags(case, found, rejects=False)
        tags += chosen_tags(case, codes_in(body), self._parts.vocabularies, by=by)
        repository.add_tagged(session, case, tags)
        return case

    def _assign(self, case: Case, values: dict[str, Any], found: Annotations) -> None:
        """Set the fields sent; region and deliverables sent empty are read from the text."""
        tables = self._parts.vocabularies
        read = read_columns(found, tables, self._parts.today())
        for name, value in values.items():
            column = plain(value)
            if name in READ_FIELDS and value is None:
                column = read[name][name]
            elif name == "region_code":
                column = tables.division(value)
            setattr(case, name, column)

    def _check_references(self, session: Session, values: dict[str, Any]) -> None:
        problems = [
            *region_problems(self._parts.vocabularies, "region_code", [values.get("region_code")]),
            *reference_problems(
                session,
                [
                    ("provider_id", Provider, values.get("provider_id")),
                    ("base_id", Base, values.get("base_id")),
                ],
            ),
        ]
        if problems:
            raise FieldsRejectedError(problems)

    def _move(self, case_id: str, to: CaseState, word: str) -> Case:
        with self._parts.database.write() as session:
            case = repository.get_to_change(session, Case, case_id)
            if to not in CASE_STEPS[case.state]:
                raise StateError(f"案例现在的状态不能{word}。", state=case.state.value, to=to.value)
            case.state = to
        self._parts.committed()
        return case
