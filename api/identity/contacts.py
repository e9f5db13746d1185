"""Contacts of rows: set by the owner, shown where interest is mutual, every look recorded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from api.identity.store import reading, writing
from models import invitations, repository
from models.audit_trail import record
from models.base import Row
from models.contact import Contact
from models.database import Database, Session
from models.demand import Demand
from models.errors import ForbiddenError, InvalidInputError, NotFoundError
from models.organisation import Organisation
from models.provider import Provider
from models.sight import own_id, owns
from models.viewer import current_viewer
from models.vocabulary.access import AuditAction

_TABLES: Final[tuple[type[Row], ...]] = (Demand, Provider)


@dataclass(frozen=True, slots=True)
class NewContact:
    """Whom to speak to."""

    name: str
    phone: str | None
    email: str | None


class Contacts:
    """Keeps, shows and removes contacts; each method is one transaction.

    Args:
        database: Where they are kept.
        mark: Notes, in the transaction that removes one, that the files may still hold it; the
            daily round then cleans up. Not at once: every clerk could have the tables rewritten
            again and again.
    """

    def __init__(self, database: Database, mark: Callable[[], None]) -> None:
        self._database = database
        self._mark = mark

    def read(self, row_id: str) -> tuple[Contact, str | None]:
        """Return whom to speak to about a row, and the name of a demand's recipient.

        Raises:
            NotFoundError: there is no such row for whoever acts, or it has no contact.
            ForbiddenError: the row is not theirs, and the interest is not mutual.
        """
        row = self._row(row_id)
        if not self._is_open(row):
            raise ForbiddenError("双方表示有意之前不显示联系人。")
        with writing(self._database) as session:
            found = _contact_of(session, row_id)
            record(session, AuditAction.READ_CONTACT, row.entity.value, row_id)
            recipient_id = row.recipient_id if isinstance(row, Demand) else None
            recipient = session.get(Organisation, recipient_id) if recipient_id else None
            return found, recipient.name if recipient else None

    def write(self, row_id: str, new: NewContact) -> Contact:
        """Set whom to speak to about a row of one's own.

        Raises:
            NotFoundError: there is no such row for whoever acts.
            ForbiddenError: it is not theirs.
        """
        row = self._row_to_change(row_id)
        with writing(self._database) as session:
            found = invitations.contact_of(session, row_id) or Contact(row_id=row_id)
            found.entity, found.owner_id = row.entity, row.owner_id
            found.name, found.phone, found.email = new.name, new.phone, new.email
            session.add(found)
            record(session, AuditAction.UPDATE, "contact", row_id)
        return found

    def remove(self, row_id: str) -> None:
        """Remove whom to speak to about a row of one's own, for good.

        Raises:
            NotFoundError: there is no such row for whoever acts, or it has no contact.
            ForbiddenError: it is not theirs.
        """
        self._row_to_change(row_id)
        with writing(self._database) as session:
            session.delete(_contact_of(session, row_id))
            session.flush()
            record(session, AuditAction.DELETE, "contact", row_id)
            self._mark()

    def _row_to_change(self, row_id: str) -> Row:
        with self._database.read() as session:
            return repository.get_to_change(session, _table_of(row_id), row_id)

    def _row(self, row_id: str) -> Row:
        with self._database.read() as session:
            return repository.get(session, _table_of(row_id), row_id)

    def _is_open(self, row: Row) -> bool:
        viewer = current_viewer()
        if owns(viewer, row.owner_id, row.owner_region):
            return True
        mine = own_id(viewer)
        if isinstance(row, Demand) and row.recipient_id is not None and row.recipient_id == mine:
            return True
        with reading(self._database) as session:
            if invitations.mutual_rows(session, [row.id], mine):
                return True
            # whom a provider names is said to either side; of demands only that one's agreed on
            is_provider = isinstance(row, Provider)
            return is_provider and invitations.have_agreed(session, mine, row.owner_id)


def _contact_of(session: Session, row_id: str) -> Contact:
    found = invitations.contact_of(session, row_id)
    if found is None:
        raise NotFoundError("这条记录没有登记联系人。", id=row_id)
    return found


def _table_of(row_id: str) -> type[Row]:
    for table in _TABLES:
        if row_id.startswith(f"{table.id_prefix}_"):
            return table
    raise InvalidInputError("只有需求和服务机构有联系人。", field="id")
