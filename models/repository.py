"""Every query has a name here."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session, selectinload

from models.acting import viewer_of
from models.base import DEMO_SOURCE, Row
from models.case import Case
from models.change import ChangeLog
from models.demand import EXPIRING_STATES, Demand
from models.errors import ForbiddenError, NotFoundError
from models.lookalikes import skeleton
from models.organisation import Base, Organisation
from models.position import Position
from models.provider import Capability, Provider
from models.sight import may_change, owns
from models.tag import TagAssignment, effective_tags
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import Scheme, TagSource

RowT = TypeVar("RowT", bound=Row)

TABLES: dict[Entity, type[Row]] = {
    table.entity: table for table in (Organisation, Base, Demand, Provider, Capability, Case)
}
IDS_PER_QUERY = 500


def get(session: Session, table: type[RowT], row_id: str) -> RowT:
    """Return a row that is not deleted.

    Raises:
        NotFoundError: there is none with this key.
    """
    row = session.get(table, row_id)
    if row is None or row.deleted_at is not None:
        raise NotFoundError("没有找到这条记录，可能已被删除。", entity=table.entity, id=row_id)
    return row


def get_owned(session: Session, table: type[RowT], row_id: str) -> RowT:
    """Return a row of the viewer's organisation, or of one they answer for.

    Raises:
        NotFoundError: there is none with this key the viewer may see.
        ForbiddenError: they may see it, and it is another's.
    """
    row = get(session, table, row_id)
    if not owns(viewer_of(session), row.owner_id, row.owner_region):
        raise ForbiddenError("这条记录不属于您所在的单位，不能做这项操作。")
    return row


def get_to_change(session: Session, table: type[RowT], row_id: str) -> RowT:
    """Return a row the viewer may change.

    Raises:
        NotFoundError: there is none with this key the viewer may see.
        ForbiddenError: they may see it, but not change it.
    """
    row = get_owned(session, table, row_id)
    if not may_change(viewer_of(session), row.owner_id, row.owner_region):
        raise ForbiddenError("只读的密钥不能改动任何内容。")
    return row


def visible_ids(session: Session, table: type[Row], ids: Iterable[str]) -> set[str]:
    """Return which of these keys belong to rows the viewer may see, deleted ones included."""
    found: set[str] = set()
    for part in parts(sorted(set(ids))):
        found.update(session.scalars(select(table.id).where(table.id.in_(part))))
    return found


def find_by_source(session: Session, table: type[RowT], source_ref: str) -> RowT | None:
    """Return the row that was imported under this key, also when it is deleted."""
    return session.scalars(select(table).where(table.source_ref == source_ref)).one_or_none()


def holds_demo_data(session: Session) -> bool:
    """Return whether invented bases are stored; the demonstration data has some, nothing else."""
    wanted = select(Base.id).where(
        Base.source_ref.startswith(DEMO_SOURCE), Base.deleted_at.is_(None)
    )
    return session.scalar(wanted.limit(1)) is not None


def find_organisation_by_uscc(session: Session, uscc: str) -> Organisation | None:
    """Return the organisation with this unified social credit code."""
    wanted = select(Organisation).where(
        Organisation.uscc == uscc, Organisation.deleted_at.is_(None)
    )
    return session.scalars(wanted).one_or_none()


def find_organisation(session: Session, name: str) -> Organisation | None:
    """Return the organisation of exactly this name, the oldest if several carry it."""
    wanted = select(Organisation).where(
        Organisation.name == name, Organisation.deleted_at.is_(None)
    )
    return session.scalars(wanted.order_by(Organisation.id).limit(1)).one_or_none()


def organisations_like(session: Session, name: str) -> list[Organisation]:
    """Return the organisations whose names look like a name, the oldest first."""
    wanted = select(Organisation).where(
        Organisation.name_skeleton == skeleton(name)[:200], Organisation.deleted_at.is_(None)
    )
    return list(session.scalars(wanted.order_by(Organisation.id)))


def page(
    session: Session,
    table: type[RowT],
    *,
    after: str | None,
    limit: int,
    where: Sequence[ColumnElement[bool]] = (),
    newest_first: bool = False,
) -> list[RowT]:
    """Return up to `limit` rows beyond the key `after`, oldest first unless asked otherwise."""
    order = table.id.desc() if newest_first else table.id
    wanted = select(table).where(table.deleted_at.is_(None), *where).order_by(order).limit(limit)
    if after is not None:
        wanted = wanted.where(table.id < after if newest_first else table.id > after)
    return list(session.scalars(wanted))


def count(session: Session, table: type[Row], where: Sequence[ColumnElement[bool]] = ()) -> int:
    """Return how many rows are not deleted."""
    wanted = select(func.count()).select_from(table).where(table.deleted_at.is_(None), *where)
    return session.scalar(wanted) or 0


def live_ids(session: Session, table: type[Row]) -> list[str]:
    """Return the keys of all rows that are not deleted, oldest first."""
    return list(
        session.scalars(select(table.id).where(table.deleted_at.is_(None)).order_by(table.id))
    )


def rows_by_id(session: Session, table: type[RowT], ids: Iterable[str]) -> dict[str, RowT]:
    """Return the rows with these keys, deleted ones included."""
    found: dict[str, RowT] = {}
    for part in parts(list(ids)):
        found.update(
            (row.id, row) for row in session.scalars(select(table).where(table.id.in_(part)))
        )
    return found


def provider_with_capabilities(session: Session, provider_id: str) -> Provider:
    """Return a provider with its capabilities loaded.

    Raises:
        NotFoundError: there is no such provider.
    """
    wanted = (
        select(Provider)
        .where(Provider.id == provider_id, Provider.deleted_at.is_(None))
        .options(selectinload(Provider.capabilities))
    )
    provider = session.scalars(wanted).one_or_none()
    if provider is None:
        raise NotFoundError(
            "没有找到这家服务机构，可能已被删除。", entity=Entity.PROVIDER, id=provider_id
        )
    return provider


def capabilities_of(session: Session, provider_id: str) -> list[Capability]:
    """Return the capabilities of a provider that are not deleted, oldest first."""
    wanted = select(Capability).where(
        Capability.provider_id == provider_id, Capability.deleted_at.is_(None)
    )
    return list(session.scalars(wanted.order_by(Capability.id)))


def provider_of(session: Session, organisation_id: str) -> Provider | None:
    """Return the provider an organisation is, also when it is deleted."""
    wanted = select(Provider).where(Provider.organisation_id == organisation_id)
    return session.scalars(wanted).one_or_none()


def base_of(session: Session, organisation_id: str) -> Base | None:
    """Return the base an organisation is, also when it is deleted."""
    return session.scalars(
        select(Base).where(Base.organisation_id == organisation_id)
    ).one_or_none()


def count_capabilities(session: Session, provider_ids: Iterable[str]) -> dict[str, int]:
    """Return how many capabilities each provider has; providers without any are absent."""
    found: dict[str, int] = {}
    for part in parts(list(provider_ids)):
        wanted = (
            select(Capability.provider_id, func.count())
            .where(Capability.provider_id.in_(part), Capability.deleted_at.is_(None))
            .group_by(Capability.provider_id)
        )
        found.update((provider_id, n) for provider_id, n in session.execute(wanted))
    return found


def overdue_demands(session: Session, today: date) -> list[Demand]:
    """Return the demands still open whose validity has ended, oldest first."""
    wanted = select(Demand).where(
        Demand.valid_until < today,
        Demand.state.in_(sorted(EXPIRING_STATES)),
        Demand.deleted_at.is_(None),
    )
    return list(session.scalars(wanted.order_by(Demand.id)))


def cases_of(session: Session, provider_id: str) -> list[Case]:
    """Return the cases of a provider that are not deleted, oldest first."""
    wanted = select(Case).where(Case.provider_id == provider_id, Case.deleted_at.is_(None))
    return list(session.scalars(wanted.order_by(Case.id)))


def last_demand_no(session: Session, prefix: str) -> str | None:
    """Return the highest demand number that starts with a prefix."""
    return session.scalar(
        select(func.max(Demand.demand_no)).where(
            Demand.demand_no.startswith(prefix, autoescape=True)
        )
    )


def tags_of(session: Session, entity: Entity, ids: Iterable[str]) -> dict[str, list[TagAssignment]]:
    """Return the effective tags of rows, by key; rows without tags are absent."""
    gathered: dict[str, list[TagAssignment]] = {}
    for assignment in assignments_of(session, entity, ids):
        gathered.setdefault(assignment.entity_id, []).append(assignment)
    found = {row_id: effective_tags(assignments) for row_id, assignments in gathered.items()}
    return {row_id: tags for row_id, tags in found.items() if tags}


def assignments_of(session: Session, entity: Entity, ids: Iterable[str]) -> list[TagAssignment]:
    """Return all tags of rows, whether they count or not."""
    gathered: list[TagAssignment] = []
    for part in parts(list(ids)):
        wanted = select(TagAssignment).where(
            TagAssignment.entity == entity, TagAssignment.entity_id.in_(part)
        )
        gathered.extend(session.scalars(wanted))
    return gathered


def add_tagged(session: Session, row: Row, tags: Iterable[TagAssignment]) -> None:
    """Store a new row, then its tags: whoever may write tags is known by their row."""
    session.add(row)
    session.flush()
    session.add_all(tags)


def replace_tags(
    session: Session,
    row: Row,
    source: TagSource,
    schemes: Iterable[Scheme],
    tags: Iterable[TagAssignment],
) -> None:
    """Put `tags` in the place of what one source had assigned to a row in these schemes."""
    session.execute(
        delete(TagAssignment).where(
            TagAssignment.entity == row.entity,
            TagAssignment.entity_id == row.id,
            TagAssignment.source == source,
            TagAssignment.scheme.in_(list(schemes)),
        )
    )
    session.add_all(tags)


def changes_after(session: Session, seq: int, limit: int) -> list[ChangeLog]:
    """Return the next entries of the change log, oldest first."""
    wanted = select(ChangeLog).where(ChangeLog.seq > seq).order_by(ChangeLog.seq).limit(limit)
    return list(session.scalars(wanted))


def last_seq(session: Session) -> int:
    """Return the number of the newest change, 0 when there was none."""
    return session.scalar(select(func.max(ChangeLog.seq))) or 0


def newest_position(session: Session) -> Position:
    """Return the place of the newest change."""
    newest = session.scalar(select(ChangeLog).order_by(ChangeLog.seq.desc()).limit(1))
    return Position(0, "") if newest is None else Position(newest.seq, newest.mark())


def newest_keys(session: Session) -> list[str]:
    """Return the greatest key of each table, deleted rows included."""
    found = (session.scalar(select(func.max(table.id))) for table in TABLES.values())
    return [key for key in found if key is not None]


def parts(items: list[Any]) -> Iterable[list[Any]]:
    """Cut a list so that no query carries more parameters than a database takes."""
    for start in range(0, len(items), IDS_PER_QUERY):
        yield items[start : start + IDS_PER_QUERY]
