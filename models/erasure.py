"""Erasing: rows that are gone for good, with everything that hangs on them.

Soft deletion keeps a row for those who look back; erasing keeps its key and nothing else, in the
change log and in the audit chain.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import CursorResult, Delete, delete, or_, select, update
from sqlalchemy.orm import Session

from models.audit_trail import record
from models.base import Row, Table, now_utc
from models.case import Case
from models.change import ChangeLog
from models.contact import Contact
from models.demand import Demand
from models.errors import NotFoundError
from models.identity import ApiKey, Membership, Person, SignIn, WidgetToken
from models.import_jobs import forget_imports, forget_imports_of
from models.interaction import Interaction, InteractionEvent
from models.invitation import Invitation
from models.match_run import forget_runs
from models.notification import Delivery, Mailbox, Notification, NotificationRead, Webhook
from models.organisation import Base, Organisation
from models.provider import Capability, Provider
from models.reply import forget_replies
from models.repository import parts
from models.subscription import Subscription, SubscriptionHit
from models.tag import TagAssignment
from models.vocabulary.access import AuditAction
from models.vocabulary.row import Operation


class Erasable(StrEnum):
    """What can be erased by its key."""

    ORGANISATION = "organisation"
    PERSON = "person"
    BASE = "base"
    DEMAND = "demand"
    PROVIDER = "provider"
    CAPABILITY = "capability"
    CASE = "case"


_TABLES: Final[dict[Erasable, type[Row]]] = {
    Erasable.ORGANISATION: Organisation,
    Erasable.BASE: Base,
    Erasable.DEMAND: Demand,
    Erasable.PROVIDER: Provider,
    Erasable.CAPABILITY: Capability,
    Erasable.CASE: Case,
}
_CHILDREN_FIRST: Final = (Capability, Case, Demand, Provider, Base, Organisation)
"""The order in which rows go, so that none is left without what it belongs to."""


@dataclass(slots=True)
class Erased:
    """What was erased.

    Attributes:
        ids: Keys of rows and people.
        counts: How many rows of each kind went, by name of the table.
    """

    ids: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, table: str, n_rows: int) -> None:
        """Count rows of a table."""
        if n_rows:
            self.counts[table] = self.counts.get(table, 0) + n_rows


def erase(session: Session, kind: Erasable, key: str) -> Erased:
    """Erase something by its key, deleted or not, in a session that writes.

    An organisation takes with it what belongs to it, its people who belong nowhere else and
    their credentials; a provider its capabilities and cases; a base its demands and cases.

    Raises:
        NotFoundError: there is nothing with this key.
    """
    erased = Erased()
    if kind is Erasable.PERSON:
        _erase_people(session, [_person(session, key).id], erased)
    else:
        row = session.get(_TABLES[kind], key)
        if row is None:
            raise NotFoundError("没有这个编号的记录，可能早已彻底删除。", id=key)
        _erase_rows(session, _with_dependents(session, [row]), erased)
    record(session, AuditAction.ERASE, kind.value, key)
    return erased


def erase_deleted(session: Session, before: datetime) -> Erased:
    """Erase the rows that were deleted before a moment."""
    erased = Erased()
    found: list[Row] = []
    for table in _CHILDREN_FIRST:
        found += session.scalars(select(table).where(table.deleted_at < before))
    if found:
        _erase_rows(session, _with_dependents(session, found), erased)
        for row in found:
            record(session, AuditAction.ERASE, row.entity.value, row.id)
    return erased


def _person(session: Session, key: str) -> Person:
    person = session.get(Person, key)
    if person is None:
        raise NotFoundError("没有这个编号的人员，可能早已彻底删除。", id=key)
    return person


def _with_dependents(session: Session, rows: Iterable[Row]) -> list[Row]:
    """Return rows with all that hang on them, children first."""
    found = {row.id: row for row in rows}
    waiting = list(found.values())
    while waiting:
        row = waiting.pop()
        for child in _children(session, row):
            if child.id not in found:
                found[child.id] = child
                waiting.append(child)
    return sorted(found.values(), key=lambda row: _CHILDREN_FIRST.index(type(row)))


def _children(session: Session, row: Row) -> list[Row]:
    match row:
        case Organisation():
            owned: list[Row] = []
            for table in (Provider, Base):
                owned += session.scalars(select(table).where(table.organisation_id == row.id))
            for loose in (Demand, Case, Capability):
                owned += session.scalars(select(loose).where(loose.owner_id == row.id))
            return owned
        case Provider():
            capabilities = session.scalars(
                select(Capability).where(Capability.provider_id == row.id)
            )
            cases = session.scalars(select(Case).where(Case.provider_id == row.id))
            return [*capabilities, *cases]
        case Base():
            demands = session.scalars(select(Demand).where(Demand.base_id == row.id))
            cases = session.scalars(select(Case).where(Case.base_id == row.id))
            return [*demands, *cases]
        case _:
            return []


def _erase_rows(session: Session, rows: Sequence[Row], erased: Erased) -> None:
    ids = [row.id for row in rows]
    organisations = [row.id for row in rows if isinstance(row, Organisation)]
    _let_go(session, ids, organisations)
    _erase_people(session, _people_only_of(session, organisations), erased)
    for part in parts(organisations):
        for table in (Membership, ApiKey, WidgetToken):
            _delete(session, table, table.organisation_id.in_(part), erased)
    for part in parts(ids):
        _delete(session, TagAssignment, TagAssignment.entity_id.in_(part), erased)
        _delete(session, Contact, Contact.row_id.in_(part), erased)
        touching = or_(Invitation.row_id.in_(part), Invitation.organisation_id.in_(part))
        _delete(session, Invitation, touching, erased)
        forget_replies(session, ids=part)
        forget_runs(session, part)
        _erase_told(session, part, erased)
    for owner_id, gone_at in {(row.owner_id, row.deleted_at or now_utc()) for row in rows}:
        forget_imports(session, [owner_id], gone_at)
    for row in rows:
        session.delete(row)
        session.flush()  # in our order, which is not that of the keys
        erased.add(row.__tablename__, 1)
    _empty_change_log(session, rows)
    erased.ids += ids


def _erase_told(session: Session, ids: list[str], erased: Erased) -> None:
    """Erase what was said about rows, and what organisations among them were told or wanted."""
    begun = select(Interaction.id).where(
        or_(
            *(
                column.in_(ids)
                for column in (
                    *(Interaction.demand_id, Interaction.provider_id),
                    *(Interaction.owner_id, Interaction.provider_org_id),
                )
            )
        )
    )
    wanted = select(Subscription.id).where(Subscription.organisation_id.in_(ids))
    named = select(SubscriptionHit.subscription_id).where(SubscriptionHit.row_id.in_(ids))
    told = select(Notification.id).where(
        or_(
            Notification.organisation_id.in_(ids),
            Notification.demand_id.in_(ids),
            Notification.provider_id.in_(ids),
            Notification.interaction_id.in_(begun),
            Notification.subscription_id.in_(named),
        )
    )
    hooks = select(Webhook.id).where(Webhook.organisation_id.in_(ids))
    hit = or_(SubscriptionHit.row_id.in_(ids), SubscriptionHit.subscription_id.in_(wanted))
    for table, condition in (
        (NotificationRead, NotificationRead.notification_id.in_(told)),
        (Notification, Notification.id.in_(told)),
        (InteractionEvent, InteractionEvent.interaction_id.in_(begun)),
        (Interaction, Interaction.id.in_(begun)),
        (SubscriptionHit, hit),
        (Subscription, Subscription.organisation_id.in_(ids)),
        (Delivery, Delivery.target_id.in_(hooks)),
        (Webhook, Webhook.organisation_id.in_(ids)),
    ):
        _delete(session, table, condition, erased)


def _let_go(session: Session, ids: list[str], organisations: list[str]) -> None:
    """Take what goes out of the rows that stay."""
    for part in parts(organisations):
        for demand in session.scalars(select(Demand).where(Demand.recipient_id.in_(part))):
            if demand.id not in ids:
                demand.recipient_id = None
    for part in parts(ids):
        for base in session.scalars(select(Base).where(Base.parent_base_id.in_(part))):
            if base.id not in ids:
                base.parent_base_id = None
    session.flush()


def _empty_change_log(session: Session, rows: Sequence[Row]) -> None:
    """Leave only keys in the change log, and say that whoever follows must forget them too."""
    for part in parts([row.id for row in rows]):
        session.execute(
            update(ChangeLog).where(ChangeLog.entity_id.in_(part)).values(content_hash="")
        )
    session.add_all(
        ChangeLog(entity=row.entity, entity_id=row.id, operation=Operation.ERASE, content_hash="")
        for row in rows
    )
    session.flush()


def _people_only_of(session: Session, organisations: list[str]) -> list[str]:
    """Return the people who belong to these organisations and nowhere else."""
    if not organisations:
        return []
    inside = select(Membership.person_id).where(Membership.organisation_id.in_(organisations))
    elsewhere = select(Membership.person_id).where(
        or_(
            Membership.organisation_id.is_(None),
            Membership.organisation_id.not_in(organisations),
        )
    )
    wanted = select(Person.id).where(Person.id.in_(inside), Person.id.not_in(elsewhere))
    return list(session.scalars(wanted))


def _erase_people(session: Session, ids: list[str], erased: Erased) -> None:
    for part in parts(ids):
        for table in (SignIn, Membership):
            _delete(session, table, table.person_id.in_(part), erased)
        _delete(session, Mailbox, Mailbox.person_id.in_(part), erased)
        _delete(session, Delivery, Delivery.target_id.in_(part), erased)
        _delete(session, NotificationRead, NotificationRead.reader.in_(part), erased)
        _delete(session, Person, Person.id.in_(part), erased)
        forget_replies(session, actors=part, ids=part)
        forget_imports_of(session, part)
        for person_id in part:
            record(session, AuditAction.ERASE, "person", person_id)
    erased.ids += ids


def _delete(session: Session, table: type[Table], condition: Any, erased: Erased) -> None:  # noqa: ANN401
    statement: Delete = delete(table).where(condition)
    result = session.execute(statement, execution_options={"synchronize_session": False})
    if isinstance(result, CursorResult):
        erased.add(table.__tablename__, result.rowcount)
