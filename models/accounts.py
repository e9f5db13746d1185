"""Queries about who signs in and with what; sessions that ask them act as the system."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, literal, select, union_all, update
from sqlalchemy.orm import Session

from models.identity import ApiKey, Membership, Person, SignIn, WidgetToken
from models.organisation import Organisation
from models.vocabulary import Role


def find_person(session: Session, login_key: str) -> Person | None:
    """Return the person with this login, disabled ones included."""
    return session.scalars(select(Person).where(Person.login_key == login_key)).one_or_none()


def people_of(session: Session, organisation_id: str | None) -> list[Person]:
    """Return the people of an organisation, of all when it is None, oldest first."""
    wanted = select(Person).order_by(Person.id)
    if organisation_id is not None:
        inside = select(Membership.person_id).where(Membership.organisation_id == organisation_id)
        wanted = wanted.where(Person.id.in_(inside))
    return list(session.scalars(wanted))


def people_with_authenticator(session: Session) -> list[Person]:
    """Return the people who are asked for a code, oldest first."""
    wanted = select(Person).where(Person.totp_secret.is_not(None)).order_by(Person.id)
    return list(session.scalars(wanted))


def memberships_of(session: Session, person_ids: Iterable[str]) -> list[Membership]:
    """Return the memberships of people, oldest first."""
    wanted = select(Membership).where(Membership.person_id.in_(list(person_ids)))
    return list(session.scalars(wanted.order_by(Membership.id)))


def has_operator(session: Session) -> bool:
    """Return whether somebody can sign in who may do everything."""
    wanted = (
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.role == Role.OPERATOR, Person.disabled_at.is_(None))
    )
    return session.scalars(wanted.limit(1)).first() is not None


def find_sign_in(session: Session, token_hash: str) -> SignIn | None:
    """Return the stay with this token, ended ones included."""
    return session.scalars(select(SignIn).where(SignIn.token_hash == token_hash)).one_or_none()


def end_sign_ins(session: Session, person_id: str, at: datetime, but: str | None = None) -> None:
    """End all stays of a person, except one."""
    wanted = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    if but is not None:
        wanted = wanted.where(SignIn.id != but)
    session.execute(wanted.values(ended_at=at))


def drop_sign_ins(session: Session, before: datetime) -> None:
    """Remove the stays that could not go on after a moment."""
    session.execute(delete(SignIn).where(SignIn.expires_at < before))


def find_key(session: Session, key_id: str) -> ApiKey | None:
    """Return the key with this public part, revoked ones included."""
    return session.scalars(select(ApiKey).where(ApiKey.key_id == key_id)).one_or_none()


def key_hash(session: Session, key_id: str, otherwise: str) -> str:
    """Return the hash kept of a key, or another value: both are found in the same time."""
    kept = select(ApiKey.key_hash).where(ApiKey.key_id == key_id)
    return session.scalars(union_all(kept, select(literal(otherwise)))).first() or otherwise


def keys_of(session: Session, organisation_id: str | None) -> list[ApiKey]:
    """Return the keys of an organisation, of all when it is None, newest first."""
    wanted = select(ApiKey).order_by(ApiKey.id.desc())
    if organisation_id is not None:
        wanted = wanted.where(ApiKey.organisation_id == organisation_id)
    return list(session.scalars(wanted))


def live_keys(
    session: Session, organisation_id: str | None, name: str, now: datetime
) -> list[ApiKey]:
    """Return the keys of this name that open something now, oldest first."""
    wanted = select(ApiKey).where(
        ApiKey.organisation_id == organisation_id,
        ApiKey.name == name,
        ApiKey.revoked_at.is_(None),
        ApiKey.expires_at > now,
    )
    return list(session.scalars(wanted.order_by(ApiKey.id)))


def find_widget_token(session: Session, token: str) -> WidgetToken | None:
    """Return a widget token, revoked ones included."""
    return session.scalars(select(WidgetToken).where(WidgetToken.token == token)).one_or_none()


def widget_tokens_of(session: Session, organisation_id: str | None) -> list[WidgetToken]:
    """Return the tokens of an organisation, of all when it is None, newest first."""
    wanted = select(WidgetToken).order_by(WidgetToken.id.desc())
    if organisation_id is not None:
        wanted = wanted.where(WidgetToken.organisation_id == organisation_id)
    return list(session.scalars(wanted))


def organisations(session: Session, ids: Iterable[str]) -> dict[str, Organisation]:
    """Return organisations by key, deleted ones included."""
    wanted = select(Organisation).where(Organisation.id.in_(list(ids)))
    return {row.id: row for row in session.scalars(wanted)}
