"""Invitations: showing a row to one organisation, and finding that the interest is mutual."""

from collections.abc import Callable, Sequence
from typing import Final

from api.identity.store import writing
from models import invitations, repository
from models.audit_trail import record
from models.base import Row, now_utc
from models.change import note_update
from models.database import Database, Session
from models.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from models.invitation import Invitation
from models.organisation import Base
from models.provider import Provider
from models.sight import own_id, owns
from models.viewer import current_viewer
from models.vocabulary.access import AuditAction
from models.vocabulary.row import Entity

ENTITY: Final = "invitation"
MAX_SHOWN: Final = 200

_INVITING: Final = frozenset({Entity.DEMAND, Entity.PROVIDER, Entity.CAPABILITY, Entity.CASE})
_NOT_FOUND: Final = "没有找到这条邀请，可能已被撤回。"


class Invitations:
    """Sends, accepts and withdraws invitations; each method is one transaction."""

    def __init__(self, database: Database, committed: Callable[[], None]) -> None:
        """Set where they are kept.

        Args:
            database: Where rows and invitations are.
            committed: Called after every commit: who is invited stands in the index.
        """
        self._database = database
        self._committed = committed

    def invite(self, row_id: str, invitee_id: str) -> Invitation:
        """Show a row of one's own to an organisation.

        Raises:
            NotFoundError: the row or the organisation is not there for whoever acts.
            ForbiddenError: the row is not theirs.
            ConflictError: it was invited before.
        """
        with self._database.read() as session:
            row = repository.get_owned(session, _table_of(row_id), row_id)
            organisation_id = _organisation_of(session, invitee_id)
        if organisation_id == row.owner_id:
            raise InvalidInputError("不必邀请记录所属的单位。", field="invitee_id")
        with writing(self._database) as session:
            if invitations.find_invitation(session, row_id, organisation_id) is not None:
                raise ConflictError("已经邀请过这个单位。", reason="invited")
            invitation = Invitation(
                entity=row.entity,
                row_id=row_id,
                owner_id=row.owner_id,
                owner_region=row.owner_region,
                organisation_id=organisation_id,
                invited_by=current_viewer().actor,
            )
            session.add(invitation)
            session.flush()
            self._note(session, invitation, AuditAction.CREATE)
        self._committed()
        return invitation

    def list(self) -> Sequence[Invitation]:
        """Return the newest invitations whoever acts sent or received."""
        with self._database.read() as session:
            return invitations.invitations(session, MAX_SHOWN)

    def accept(self, invitation_id: str) -> Invitation:
        """Say that the interest is mutual.

        Raises:
            NotFoundError: there is no such invitation for whoever acts.
            ForbiddenError: another organisation is invited.
        """
        viewer = current_viewer()
        found = self._get(invitation_id)
        if found.organisation_id != own_id(viewer):
            raise ForbiddenError("只有受邀的单位可以接受邀请。")
        with writing(self._database) as session:
            invitation = session.get(Invitation, invitation_id)
            if invitation is None:
                raise NotFoundError(_NOT_FOUND, id=invitation_id)
            invitation.accepted_at = invitation.accepted_at or now_utc()
            self._note(session, invitation, AuditAction.UPDATE)
        return invitation

    def withdraw(self, invitation_id: str) -> None:
        """Take an invitation back; the row is shown no more from the next request on.

        Raises:
            NotFoundError: there is no such invitation for whoever acts.
            ForbiddenError: another organisation sent it.
        """
        found = self._get(invitation_id)
        if not owns(current_viewer(), found.owner_id, found.owner_region):
            raise ForbiddenError("只有发出邀请的单位可以撤回。")
        with writing(self._database) as session:
            invitation = session.get(Invitation, invitation_id)
            if invitation is not None:
                self._note(session, invitation, AuditAction.DELETE)
                session.delete(invitation)
        self._committed()

    def _get(self, invitation_id: str) -> Invitation:
        with self._database.read() as session:
            found = session.get(Invitation, invitation_id)
        if found is None:
            raise NotFoundError(_NOT_FOUND, id=invitation_id)
        return found

    def _note(self, session: Session, invitation: Invitation, action: AuditAction) -> None:
        """Put the act into the audit chain, and the row into the change log."""
        record(session, action, ENTITY, invitation.id)
        row = session.get(repository.TABLES[invitation.entity], invitation.row_id)
        if row is not None:
            note_update(session, row)


def _table_of(row_id: str) -> type[Row]:
    for table in repository.TABLES.values():
        if row_id.startswith(f"{table.id_prefix}_") and table.entity in _INVITING:
            return table
    raise InvalidInputError("只能邀请对方查看需求、服务机构、能力或案例。", field="row_id")


def _organisation_of(session: Session, invitee_id: str) -> str:
    if invitee_id.startswith(f"{Provider.id_prefix}_"):
        return repository.get(session, Provider, invitee_id).organisation_id
    if invitee_id.startswith(f"{Base.id_prefix}_"):
        return repository.get(session, Base, invitee_id).organisation_id
    raise InvalidInputError("受邀的应是服务机构或服务基地。", field="invitee_id")
