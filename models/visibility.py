"""Which rows a viewer may see, in SQL, put into every query of every session.

A query cannot forget it: `watch_sight` adds it to all that a session asks, be it rows, counts,
keys or rows of a relationship. PostgreSQL holds the same rule a second time as row-level
security (migration `0003_identity`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Protocol

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    case,
    event,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from models.acting import viewer_of
from models.asker import Asker, binding
from models.base import Row, Table
from models.case import Case
from models.demand import SHOWN_STATES, Demand
from models.import_job import ImportFile, ImportJob, ImportRefusal
from models.interaction import Interaction, InteractionEvent
from models.invitation import Invitation
from models.match_run import MatchRun
from models.notification import Notification
from models.organisation import SHOWN_BASE_STATES, Base, Organisation
from models.provider import OFFERED_STATES, Capability, Provider
from models.sight import SEES_ALL, open_levels
from models.subscription import Subscription, SubscriptionHit
from models.tag import TagAssignment
from models.viewer import ANONYMOUS, Viewer
from models.vocabulary.access import Role, Visibility
from models.vocabulary.interaction import InteractionState
from models.vocabulary.organisation import CaseState

__all__ = ["sees", "visible", "watch_sight"]

Condition = ColumnElement[bool]


class _Columns(Protocol):
    """Something with columns: a mapped class, or a second look at its table."""

    @property
    def c(self) -> Any:  # noqa: ANN401 - columns by name
        """The columns."""


_Rule = Callable[[_Columns, Asker], Condition]

_NARROWED: Final = "navmatch_narrowed"
"""Key under which a session keeps the viewer its conditions are for."""

_SOMEBODY: Final = "og"
_SOMEWHERE: Final = "110000"
"""Stand for any organisation and any region where only their being there matters."""

_SHOWN: Final[dict[type[Row], frozenset[Any]]] = {
    Demand: SHOWN_STATES,
    Provider: OFFERED_STATES,
    Base: SHOWN_BASE_STATES,
    Case: frozenset({CaseState.PUBLISHED}),
}
"""States in which others than the owner may see a row."""


def watch_sight(sessions: sessionmaker[Session]) -> None:
    """Make sessions look at nothing their viewer may not see."""
    event.listen(sessions, "do_orm_execute", _narrow)


def visible(table: type[Table], viewer: Viewer) -> Condition:
    """Return the condition that a viewer may see a row."""
    if viewer.role in SEES_ALL:
        return true()
    return _RULES[table](_Mapped(table), Asker(viewer))


def sees(session: Session, viewer: Viewer, table: type[Row], key: str) -> bool:
    """Return whether somebody may see a row, asked by a session that sees all."""
    wanted = select(table.id).where(table.id == key, visible(table, viewer))
    return session.scalar(wanted) is not None


def _narrow(state: ORMExecuteState) -> None:
    if state.is_select or state.is_update or state.is_delete:
        viewer = viewer_of(state.session)
        if viewer.role not in SEES_ALL:
            state.session.info[_NARROWED] = viewer
            state.statement = state.statement.options(*_criteria(_alike(viewer)))
        # A row loaded before may bring its conditions along while all is looked at.
        binding.viewer = state.session.info.get(_NARROWED, ANONYMOUS)


def _alike(viewer: Viewer) -> Viewer:
    """Return one viewer for all whose conditions differ in bound values alone."""
    return Viewer(
        viewer.role,
        organisation_id=viewer.organisation_id and _SOMEBODY,
        region_code=viewer.region_code and _SOMEWHERE,
    )


@cache
def _criteria(alike: Viewer) -> tuple[ExecutableOption, ...]:
    asker = Asker(alike, is_bound=True)
    return tuple(
        with_loader_criteria(table, rule(_Mapped(table), asker), include_aliases=True)
        for table, rule in _RULES.items()
    )


@dataclass(frozen=True)
class _Mapped:
    """The columns of a mapped class: SQLAlchemy puts those of its aliases in their place."""

    c: Any


def _exists(table: type[Any], condition: Callable[[_Columns], Condition]) -> Condition:
    """Return the condition that there is a row in another table, whatever surrounds it.

    The table gets a name of its own: the statement around may well ask for it too.
    """
    inner: FromClause = table.__table__.alias()
    return select(inner.c.id).where(condition(inner)).correlate_except(inner).exists()


def _published_row(table: type[Row]) -> _Rule:
    """Return the rule of rows that are shown in some of their states."""

    def rule(plain: _Columns, asker: Asker) -> Condition:
        shown = plain.c.state.in_(sorted(_SHOWN[table]))
        return or_(_owned(plain, asker), and_(shown, _admitted(plain, asker)))

    return rule


def _demand(plain: _Columns, asker: Asker) -> Condition:
    """A recipient sees what is done for it like the owner."""
    return or_(_published_row(Demand)(plain, asker), _is_own(plain.c.recipient_id, asker))


def _capability(plain: _Columns, asker: Asker) -> Condition:
    """What a hidden provider can do is hidden with it."""
    shown = _published_row(Provider)
    is_seen = _exists(Provider, lambda p: and_(p.c.id == plain.c.provider_id, shown(p, asker)))
    return or_(_owned(plain, asker), and_(_admitted(plain, asker), is_seen))


def _organisation(plain: _Columns, asker: Asker) -> Condition:
    """An organisation is seen through the provider or base it is."""
    return or_(
        _owned(plain, asker),
        *(_exists(table, _of_organisation(table, plain, asker)) for table in (Provider, Base)),
    )


def _of_organisation(
    table: type[Row], organisation: _Columns, asker: Asker
) -> Callable[[_Columns], Condition]:
    shown = _published_row(table)
    return lambda row: and_(row.c.organisation_id == organisation.c.id, shown(row, asker))


def _tag(plain: _Columns, asker: Asker) -> Condition:
    """A tag is seen with its row."""
    return case(
        *(
            (plain.c.entity == table.entity, _exists(table, _tagged(table, plain, asker)))
            for table in (Demand, Provider, Capability, Case)
        ),
        else_=false(),
    )


def _tagged(table: type[Row], tag: _Columns, asker: Asker) -> Callable[[_Columns], Condition]:
    seen = _RULES[table]
    return lambda row: and_(row.c.id == tag.c.entity_id, seen(row, asker))


def _invitation(plain: _Columns, asker: Asker) -> Condition:
    """An invitation is seen by who invites and who is invited."""
    return or_(_owned(plain, asker), _is_own(plain.c.organisation_id, asker))


def _interaction(plain: _Columns, asker: Asker) -> Condition:
    """An interaction is seen by the demand's owner, and by both others once they are told of it."""
    is_told = plain.c.state != InteractionState.NOTED
    others = or_(_is_own(plain.c.provider_org_id, asker), _is_recipient(plain, asker))
    return or_(_owned(plain, asker), and_(is_told, others))


def _interaction_event(plain: _Columns, asker: Asker) -> Condition:
    """An act is seen by the sides it is for; those who answer for a region see every one."""
    is_overseer = asker.role == Role.REGIONAL_OPERATOR

    def of_event(interaction: _Columns) -> Condition:
        return and_(
            interaction.c.id == plain.c.interaction_id,
            or_(
                and_(_owned(interaction, asker), true() if is_overseer else plain.c.for_base),
                and_(plain.c.for_provider, _is_own(interaction.c.provider_org_id, asker)),
                and_(plain.c.for_recipient, _is_recipient(interaction, asker)),
            ),
        )

    return _exists(Interaction, of_event)


def _is_recipient(interaction: _Columns, asker: Asker) -> Condition:
    return _exists(
        Demand,
        lambda d: and_(d.c.id == interaction.c.demand_id, _is_own(d.c.recipient_id, asker)),
    )


def _of_own_organisation(plain: _Columns, asker: Asker) -> Condition:
    return _is_own(plain.c.organisation_id, asker)


def _hit(plain: _Columns, asker: Asker) -> Condition:
    """What a subscription found is seen with it."""
    return _exists(
        Subscription,
        lambda s: and_(s.c.id == plain.c.subscription_id, _is_own(s.c.organisation_id, asker)),
    )


def _of_import(plain: _Columns, asker: Asker) -> Condition:
    """What belongs to an uploaded sheet is seen with it."""
    return _exists(ImportJob, lambda j: and_(j.c.id == plain.c.job_id, _owned(j, asker)))


def _owned(plain: _Columns, asker: Asker) -> Condition:
    area = asker.area()
    if area is not None:
        inside: Condition = plain.c.owner_region.like(area)
        return inside
    return _is_own(plain.c.owner_id, asker)


def _is_own(column: ColumnElement[Any], asker: Asker) -> Condition:
    organisation = asker.organisation()
    return false() if organisation is None else column == organisation


def _admitted(plain: _Columns, asker: Asker) -> Condition:
    """The levels that admit a asker, wherever the row is or by where it is."""
    conditions: list[Condition] = [plain.c.visibility.in_(sorted(open_levels(asker.viewer)))]
    province = asker.province()
    if province is not None:
        near = plain.c.owner_region.like(province)
        conditions.append(and_(plain.c.visibility == Visibility.REGION, near))
    organisation = asker.organisation()
    if organisation is not None:
        invited = _exists(
            Invitation,
            lambda i: and_(i.c.row_id == plain.c.id, i.c.organisation_id == organisation),
        )
        conditions.append(and_(plain.c.visibility == Visibility.INVITED, invited))
    return or_(*conditions)


_RULES: Final[dict[type[Any], _Rule]] = {
    Organisation: _organisation,
    Base: _published_row(Base),
    Demand: _demand,
    Provider: _published_row(Provider),
    Capability: _capability,
    Case: _published_row(Case),
    TagAssignment: _tag,
    Invitation: _invitation,
    MatchRun: _owned,
    ImportJob: _owned,
    ImportFile: _of_import,
    ImportRefusal: _of_import,
    Interaction: _interaction,
    InteractionEvent: _interaction_event,
    Notification: _of_own_organisation,
    Subscription: _of_own_organisation,
    SubscriptionHit: _hit,
}
