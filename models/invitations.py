"""Queries about invitations and contacts."""

from collections.abc import Iterable

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.contact import Contact
from models.invitation import Invitation


def find_invitation(session: Session, row_id: str, organisation_id: str) -> Invitation | None:
    """Return the invitation of an organisation to a row."""
    wanted = select(Invitation).where(
        Invitation.row_id == row_id, Invitation.organisation_id == organisation_id
    )
    return session.scalars(wanted).one_or_none()


def invitations(session: Session, limit: int) -> list[Invitation]:
    """Return the newest invitations a session may see, sent and received."""
    return list(session.scalars(select(Invitation).order_by(Invitation.id.desc()).limit(limit)))


def invited_to(session: Session, row_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the organisations invited to rows, in order; rows without any are absent."""
    wanted = select(Invitation.row_id, Invitation.organisation_id).where(
        Invitation.row_id.in_(list(row_ids))
    )
    found: dict[str, list[str]] = {}
    for row_id, organisation_id in session.execute(wanted):
        found.setdefault(row_id, []).append(organisation_id)
    return {row_id: tuple(sorted(ids)) for row_id, ids in found.items()}


def mutual_rows(session: Session, row_ids: Iterable[str], organisation_id: str | None) -> set[str]:
    """Return those of the rows an organisation was invited to and accepted."""
    if organisation_id is None:
        return set()
    wanted = select(Invitation.row_id).where(
        Invitation.row_id.in_(list(row_ids)),
        Invitation.organisation_id == organisation_id,
        Invitation.accepted_at.is_not(None),
    )
    return set(session.scalars(wanted))


def have_agreed(session: Session, one: str | None, other: str | None) -> bool:
    """Return whether one of two organisations accepted an invitation of the other."""
    if one is None or other is None:
        return False
    wanted = select(Invitation.id).where(
        or_(
            and_(Invitation.owner_id == one, Invitation.organisation_id == other),
            and_(Invitation.owner_id == other, Invitation.organisation_id == one),
        ),
        Invitation.accepted_at.is_not(None),
    )
    return session.scalars(wanted.limit(1)).first() is not None


def contact_of(session: Session, row_id: str) -> Contact | None:
    """Return the contact of a row."""
    return session.get(Contact, row_id)
