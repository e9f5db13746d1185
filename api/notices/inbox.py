"""What somebody is told inside the console."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.identity.store import reading, writing
from models import notifications
from models.audit_trail import record
from models.database import Database
from models.notification import Notification
from models.viewer import current_viewer
from models.vocabulary.access import AuditAction

ENTITY = "notification"


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of notifications.

    Attributes:
        found: Each with when whoever looks read it.
        total: How many there are.
        n_unread: How many of them are not read.
        has_more: Whether another page follows.
    """

    found: Sequence[tuple[Notification, datetime | None]]
    total: int
    n_unread: int
    has_more: bool


class Inbox:
    """The notifications of whoever acts; everybody reads for themselves."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        """Set where they are, and what gives the present moment."""
        self._database = database
        self._now = now

    def page(self, *, unread: bool, after: str | None, limit: int) -> InboxPage:
        """Return a page, newest first."""
        viewer = current_viewer()
        with reading(self._database) as session:  # who read what is the service's own knowledge
            found = notifications.notifications_page(
                session, viewer, unread=unread, after=after, limit=limit + 1
            )
            n_unread = notifications.count_unread(session, viewer)
            total = notifications.count_addressed(session, viewer)
        return InboxPage(found[:limit], n_unread if unread else total, n_unread, len(found) > limit)

    def mark_read(self, ids: Sequence[str] | None) -> int:
        """Note that whoever acts has read some, or all; returns how many are left."""
        viewer = current_viewer()
        with writing(self._database) as session:
            if notifications.mark_read(session, viewer, ids, self._now()):
                record(session, AuditAction.UPDATE, ENTITY)
            session.flush()
            return notifications.count_unread(session, viewer)
