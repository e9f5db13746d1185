"""Where people want their digests sent: each sets their own."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from api.identity.store import reading, writing
from models.audit_trail import record
from models.database import Database
from models.mailboxes import newest_notification
from models.notification import Mailbox
from models.viewer import current_viewer
from models.vocabulary.access import AuditAction
from models.vocabulary.notification import Cadence

ENTITY: Final = "mailbox"


class Mailboxes:
    """The mailbox of whoever has signed in."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        """Set where it is kept, and what gives the present moment."""
        self._database = database
        self._now = now

    def read(self) -> Mailbox | None:
        """Return it; None when they want no digest."""
        with reading(self._database) as session:
            return session.get(Mailbox, current_viewer().actor or "")

    def set(self, address: str, cadence: Cadence) -> Mailbox:
        """Send digests to an address from now on; what came before is not told again."""
        person_id = current_viewer().actor or ""
        with writing(self._database) as session:
            found = session.get(Mailbox, person_id)
            if found is None:
                newest = newest_notification(session)
                found = Mailbox(person_id=person_id, told_up_to=newest)
            found.address, found.cadence, found.next_at = address, cadence, self._now()
            session.add(found)
            record(session, AuditAction.UPDATE, ENTITY, person_id)
        return found

    def remove(self) -> None:
        """Send no digests any more."""
        person_id = current_viewer().actor or ""
        with writing(self._database) as session:
            found = session.get(Mailbox, person_id)
            if found is not None:
                session.delete(found)
            record(session, AuditAction.DELETE, ENTITY, person_id)
