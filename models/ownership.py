"""Whose rows are: set when they are written, and nobody writes another's."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from sqlalchemy import event, update
from sqlalchemy import inspect as inspect_row
from sqlalchemy.orm import Session, UOWTransaction, sessionmaker

from models.acting import elevated, viewer_of
from models.base import Row
from models.case import Case
from models.demand import Demand
from models.errors import ForbiddenError
from models.import_job import ImportJob
from models.interaction import Interaction
from models.invitation import Invitation
from models.match_run import MatchRun
from models.organisation import Base, Organisation
from models.provider import Capability, Provider
from models.sight import may_change, own_id
from models.subscription import Subscription
from models.viewer import Viewer
from models.vocabulary.access import Role

__all__ = ["watch_owners"]

_OWNED: Final = (Base, Demand, Provider, Capability, Case)
_DEALINGS: Final = (Interaction, Invitation, MatchRun, ImportJob)
"""What else keeps whose it is, and where that organisation is."""


def watch_owners(sessions: sessionmaker[Session]) -> None:
    """Make sessions keep the owner of every row, and refuse to write what is not theirs."""
    event.listen(sessions, "before_flush", _before_flush)


def _before_flush(session: Session, flush: UOWTransaction, instances: Any) -> None:  # noqa: ANN401
    viewer = viewer_of(session)
    changed = [row for row in session.dirty if session.is_modified(row)]
    for row in _rows([*session.deleted, *changed]):
        _check(viewer, _before(row, "owner_id"), _before(row, "owner_region"))
    for row in _in_order([*session.new, *changed]):
        if row in session.new and row.created_by is None:
            row.created_by = viewer.actor
        _settle(session, row)
        _check(viewer, row.owner_id, row.owner_region)
    for row in _rows(changed):
        if isinstance(row, Organisation) and inspect_row(row).attrs.region_code.history.deleted:
            _move(session, row)


def _check(viewer: Viewer, owner_id: str | None, owner_region: str | None) -> None:
    if not may_change(viewer, owner_id, owner_region):
        raise ForbiddenError("这条记录不属于您所在的单位，不能改动。")


def _before(row: Row, column: str) -> str | None:
    """Return the value a column has in the database."""
    history = inspect_row(row).attrs[column].history
    values = history.deleted or history.unchanged
    return values[0] if values else None


def _settle(session: Session, row: Row) -> None:
    """Set owner and region from the organisation behind a row."""
    if isinstance(row, Organisation):
        row.owner_id, row.owner_region = row.id, row.region_code
        return
    owner = _OWNERS[type(row)](session, row)
    if owner is not None:
        row.owner_id, row.owner_region = owner.id, owner.region_code
    elif row not in session.new and row.owner_id is not None:
        return  # it keeps the owner it was stored with
    else:
        viewer = viewer_of(session)
        row.owner_id, row.owner_region = own_id(viewer), viewer.region_code
        if row.owner_id is None and viewer.role != Role.REGIONAL_OPERATOR:
            row.owner_region = None


def _organisation_of(session: Session, row: Any) -> Organisation | None:  # noqa: ANN401
    known = inspect_row(row).dict.get("organisation")
    return known or session.get(Organisation, row.organisation_id)


def _of_provider(session: Session, key: str | None) -> Organisation | None:
    provider = session.get(Provider, key) if key is not None else None
    return _organisation_of(session, provider) if provider is not None else None


def _of_base(session: Session, key: str | None) -> Organisation | None:
    base = session.get(Base, key) if key is not None else None
    return _organisation_of(session, base) if base is not None else None


def _of_capability(session: Session, row: Any) -> Organisation | None:  # noqa: ANN401
    known = inspect_row(row).dict.get("provider")
    return _organisation_of(session, known) if known else _of_provider(session, row.provider_id)


_OWNERS: Final[dict[type[Row], Callable[[Session, Any], Organisation | None]]] = {
    Base: _organisation_of,
    Provider: _organisation_of,
    Capability: _of_capability,
    Case: lambda session, row: (
        _of_provider(session, row.provider_id) or _of_base(session, row.base_id)
    ),
    Demand: lambda session, row: _of_base(session, row.base_id),
}


def _rows(instances: Iterable[object]) -> list[Row]:
    return [row for row in instances if isinstance(row, Row)]


def _in_order(instances: Iterable[object]) -> list[Row]:
    """Return rows with organisations first: the others take their region from them."""
    return sorted(_rows(instances), key=lambda row: not isinstance(row, Organisation))


def _move(session: Session, organisation: Organisation) -> None:
    """Let all rows of an organisation follow it into another region."""
    key, region = organisation.id, organisation.region_code
    owned = [
        update(table)
        .where(table.owner_id == key)
        .values(owner_region=region, updated_at=table.updated_at)
        for table in _OWNED
    ]
    dealings = [
        update(table).where(table.owner_id == key).values(owner_region=region)
        for table in _DEALINGS
    ]
    looks = (
        update(Subscription).where(Subscription.organisation_id == key).values(region_code=region)
    )
    with elevated(session, "owners"):  # only the service itself writes dealings
        for statement in (*owned, *dealings, looks):
            session.execute(statement.execution_options(synchronize_session=False))
