"""Demands: posting, changing, publishing, withdrawing, deleting."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from api.intake.base import (
    IntakeParts,
    check_source_ref,
    check_version,
    given,
    reference_problems,
    try_row,
)
from api.intake.codes import (
    DEFAULT_VALIDITY,
    region_problems,
    validity_problems,
)
from api.intake.demand_fields import (
    READ_FIELDS,
    apply_reading,
    columns_of,
)
from api.intake.numbers import DemandNumbers
from api.intake.openness import masking_problems, openness_problems, recipient_problems
from api.intake.problems import FieldsRejectedError, NotNavigationError
from api.intake.reading import SourceText, demand_source
from api.intake.scope import Scope, advise, first_state, scope_of, settle
from api.intake.tagging import (
    automatic_tags,
    chosen_tags,
    codes_in,
    codes_problems,
    store_automatic,
)
from api.schemas.demand import DemandCreate, DemandUpdate
from indexer.annotate.types import Annotations
from models import repository
from models.acting import viewer_of
from models.base import now_utc
from models.database import Session
from models.demand import Demand, may_step
from models.errors import NavmatchError, StateError
from models.failpoints import Failpoint, hit
from models.organisation import Base
from models.sight import own_id
from models.vocabulary.demand import DemandState
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import Scheme, TagSource

_STATE_WORDS: Final = {
    DemandState.PUBLISHED: "发布",
    DemandState.WITHDRAWN: "撤回",
    DemandState.PAUSED: "暂停",
}


class DemandIntake:
    """Takes demands in; every method is one transaction."""

    def __init__(self, parts: IntakeParts) -> None:
        self._parts = parts

    def create(self, body: DemandCreate, by: str | None = None) -> Demand:
        """Store a demand with its tags, published if asked for and in scope.

        Raises:
            FieldsRejectedError: codes, dates or references do not fit.
            ConflictError: the source key is taken.
        """
        (outcome,) = self.create_many([body], by)
        if isinstance(outcome, NavmatchError):
            raise outcome
        return outcome

    def create_many(
        self, bodies: Sequence[DemandCreate], by: str | None = None
    ) -> list[Demand | NavmatchError]:
        """Store many demands in one transaction; each is stored or refused on its own.

        Returns:
            The stored row, or why it was refused, in the order of `bodies`.
        """
        outcomes = [self.refusal(body) or self._new(body, by) for body in bodies]
        todo = [
            (place, bodies[place], outcome)
            for place, outcome in enumerate(outcomes)
            if isinstance(outcome, Demand)
        ]
        readings = self._parts.reader.read([_source(body, demand) for _, body, demand in todo])
        with self._parts.database.write() as session:
            numbers = DemandNumbers(session, self._parts.today())
            for (place, body, demand), found in zip(todo, readings, strict=True):
                add = partial(self._add, session, numbers, body, demand, found)
                outcomes[place] = try_row(session, add)
        self._parts.committed()
        return outcomes

    def change(self, demand_id: str, body: DemandUpdate) -> Demand:
        """Change the fields sent and read the text again; what a person set stays.

        Raises:
            NotFoundError: there is no such demand.
            ConflictError: it was changed since it was read.
            FieldsRejectedError: codes, dates or references do not fit.
        """
        changes = body.changes()
        with self._parts.database.read() as session:
            demand = repository.get_to_change(session, Demand, demand_id)
            check_version(demand, body.version)
            self._assign(session, demand, changes)
            source = _stored_source(session, demand)
        (found,) = self._parts.reader.read([source])
        with self._parts.database.write() as session, session.no_autoflush:
            demand = repository.get_to_change(session, Demand, demand_id)
            check_version(demand, body.version)
            self._assign(session, demand, changes)
            demand.updated_at = now_utc()
            apply_reading(demand, found, self._parts.vocabularies, self._parts.today())
            automatic = store_automatic(session, demand, found, rejects=True)
            kept = repository.assignments_of(session, Entity.DEMAND, [demand.id])
            settle(demand, scope_of([*kept, *automatic]))
        self._parts.committed()
        return demand

    def publish(self, demand_id: str) -> Demand:
        """Offer a demand to providers.

        Raises:
            NotNavigationError: it is tagged as something else than patent navigation.
            StateError: it cannot be published from its state, or its validity has ended.
        """
        with self._parts.database.write() as session:
            demand = repository.get_to_change(session, Demand, demand_id)
            if _is_out_of_scope(session, demand):
                hint = demand.quality.get("routing_hint") or "请人工指定应用场景后再发布。"
                raise NotNavigationError(str(hint))
            if demand.valid_until < self._parts.today():
                raise StateError("有效期已过，请先修改有效期再发布。", state=demand.state)
            if demand.state == DemandState.REJECTED:
                demand.state = DemandState.DRAFT
            _step(demand, DemandState.PUBLISHED)
        self._parts.committed()
        return demand

    def pause(self, demand_id: str) -> Demand:
        """Stop offering a demand for a while."""
        return self._move(demand_id, DemandState.PAUSED)

    def withdraw(self, demand_id: str) -> Demand:
        """Take a demand back for good."""
        return self._move(demand_id, DemandState.WITHDRAWN)

    def delete(self, demand_id: str, reason: str | None = None) -> None:
        """Delete a demand; it is found no more, the change log keeps that it was."""
        with self._parts.database.write() as session:
            demand = repository.get_to_change(session, Demand, demand_id)
            demand.deleted_at = now_utc()
            demand.deleted_reason = reason
        self._parts.committed()

    def expire_overdue(self) -> int:
        """Mark demands whose validity has ended; returns how many there were."""
        with self._parts.database.write() as session:
            overdue = repository.overdue_demands(session, self._parts.today())
            for demand in overdue:
                hit(Failpoint.MID_EXPIRY)
                _step(demand, DemandState.EXPIRED)
        if overdue:
            self._parts.committed()
        return len(overdue)

    def _move(self, demand_id: str, to: DemandState) -> Demand:
        with self._parts.database.write() as session:
            demand = repository.get_to_change(session, Demand, demand_id)
            _step(demand, to)
        self._parts.committed()
        return demand

    def refusal(self, body: DemandCreate) -> NavmatchError | None:
        """Return what is wrong with a new demand that needs no database to see."""
        tables = self._parts.vocabularies
        valid_until = body.valid_until or self._parts.today() + DEFAULT_VALIDITY
        problems = [
            *region_problems(tables, "region_code", [body.region_code]),
            *codes_problems(tables, body),
            *validity_problems(self._parts.today(), body.respond_by, valid_until),
            *openness_problems(body.visibility, body.confidentiality),
        ]
        return FieldsRejectedError(problems) if problems else None

    def _new(self, body: DemandCreate, by: str | None) -> Demand:
        """Return the row of a new demand as far as a person has filled it."""
        values = body.model_dump()
        demand = Demand(**columns_of(values, self._parts.vocabularies), created_by=by)
        demand.valid_until = body.valid_until or self._parts.today() + DEFAULT_VALIDITY
        demand.respond_by = body.respond_by or demand.valid_until
        demand.human_fields = given(values, READ_FIELDS)
        return demand

    def _add(
        self,
        session: Session,
        numbers: DemandNumbers,
        body: DemandCreate,
        demand: Demand,
        found: Annotations,
    ) -> Demand:
        problems = [
            *reference_problems(session, [("base_id", Base, body.base_id)]),
            *recipient_problems(session, body.recipient_id),
            *masking_problems(session, demand),
        ]
        if problems:
            raise FieldsRejectedError(problems)
        check_source_ref(session, Demand, body.source_ref)
        demand.base_id = body.base_id or _own_base_id(session)
        tables = self._parts.vocabularies
        apply_reading(demand, found, tables, self._parts.today())
        demand.demand_no = numbers.take(demand.region_code)
        tags = automatic_tags(demand, found, rejects=True)
        tags += chosen_tags(demand, codes_in(body), tables, by=demand.created_by)
        scope = scope_of(tags)
        demand.state = first_state(scope, publish=body.publish)
        advise(demand, scope)
        repository.add_tagged(session, demand, tags)
        return demand

    def _assign(self, session: Session, demand: Demand, changes: dict[str, Any]) -> None:
        """Set the fields sent; a field given back to reading is no longer a person's."""
        for name in READ_FIELDS:
            if name in changes:
                others = [field for field in demand.human_fields if field != name]
                demand.human_fields = others if changes[name] is None else [*others, name]
        for column, value in columns_of(changes, self._parts.vocabularies).items():
            setattr(demand, column, value)
        if changes.get("respond_by", demand.respond_by) is None:
            demand.respond_by = demand.valid_until
        problems = [
            *region_problems(self._parts.vocabularies, "region_code", [changes.get("region_code")]),
            *reference_problems(session, [("base_id", Base, changes.get("base_id"))]),
            *recipient_problems(session, changes.get("recipient_id")),
            *openness_problems(demand.visibility, demand.confidentiality),
            *masking_problems(session, demand),
        ]
        if {"respond_by", "valid_until"} & set(changes):
            today = self._parts.today()
            problems += validity_problems(today, demand.respond_by, demand.valid_until)
        if problems:
            raise FieldsRejectedError(problems)


def _own_base_id(session: Session) -> str | None:
    """Return the base of whoever posts: what they do not say is theirs."""
    own = own_id(viewer_of(session))
    base = repository.base_of(session, own) if own is not None else None
    return base.id if base is not None and base.deleted_at is None else None


def _source(body: DemandCreate, demand: Demand) -> SourceText:
    main = body.scenario_tags[0] if body.scenario_tags else None
    return demand_source(demand, main, has_industry=bool(body.industry_tags or body.class_tags))


def _stored_source(session: Session, demand: Demand) -> SourceText:
    tags = repository.tags_of(session, Entity.DEMAND, [demand.id]).get(demand.id, [])
    chosen = [tag for tag in tags if tag.source != TagSource.AUTO]
    scenarios = [tag.code for tag in chosen if tag.scheme == Scheme.SCENARIO]
    has_industry = any(tag.scheme in (Scheme.SEI, Scheme.GB4754) for tag in chosen)
    return demand_source(demand, scenarios[0] if scenarios else None, has_industry=has_industry)


def _step(demand: Demand, to: DemandState) -> None:
    if not may_step(demand.state, to):
        word = _STATE_WORDS.get(to, "改变状态")
        raise StateError(f"需求现在的状态不能{word}。", state=demand.state.value, to=to.value)
    demand.state = to


def _is_out_of_scope(session: Session, demand: Demand) -> bool:
    tags = repository.assignments_of(session, Entity.DEMAND, [demand.id])
    return scope_of(tags) != Scope.IN
