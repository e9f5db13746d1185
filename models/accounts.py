"""Queries about who signs in and with what; sessions that ask them act as the system."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import (
    ColumnElement,
    delete,
    false,
    func,
    literal,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.identity import ApiKey, Membership, Person, SignIn, WidgetToken
from models.organisation import Organisation
from models.sight import MEMBER_ROLES, SEES_ALL, area_of
from models.viewer import Viewer
from models.vocabulary.access import Role

HeldT = TypeVar("HeldT", Person, ApiKey, WidgetToken)


@dataclass(frozen=True)
class Slice(Generic[HeldT]):
    """A page of a list, or all of it.

    Attributes:
        rows: Those of the page.
        next_cursor: Key after which the next page begins; None after the last.
        n: How many there are on all pages.
    """

    rows: list[HeldT]
    next_cursor: str | None
    n: int


def find_person(session: Session, login_key: str) -> Person | None:
    """Return the person with this login, disabled ones included."""
    return session.scalars(select(Person).where(Person.login_key == login_key)).one_or_none()


def people_of(
    session: Session, viewer: Viewer, after: str | None, limit: int | None
) -> Slice[Person]:
    """Return people somebody looks after, newest first: the first place of each decides."""
    if viewer.role in SEES_ALL:
        return _slice(session, Person, true(), after, limit)
    first = select(func.min(Membership.id)).group_by(Membership.person_id)
    inside = select(Membership.person_id).where(
        Membership.id.in_(first), _looked_after(viewer, Membership.organisation_id)
    )
    return _slice(session, Person, Person.id.in_(inside), after, limit)


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


def keys_of(
    session: Session, viewer: Viewer, after: str | None, limit: int | None
) -> Slice[ApiKey]:
    """Return keys somebody looks after, newest first."""
    where = _looked_after(viewer, ApiKey.organisation_id)
    return _slice(session, ApiKey, where, after, limit)


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


def widget_tokens_of(
    session: Session, viewer: Viewer, after: str | None, limit: int | None
) -> Slice[WidgetToken]:
    """Return tokens somebody looks after, newest first."""
    where = _looked_after(viewer, WidgetToken.organisation_id)
    return _slice(session, WidgetToken, where, after, limit)


def names_of(session: Session, ids: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of people and of API keys by key, closed and revoked ones included."""
    wanted = list(ids)
    people = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    keys = session.execute(select(ApiKey.id, ApiKey.name).where(ApiKey.id.in_(wanted)))
    return {key: name for key, name in people}, {key: name for key, name in keys}


def organisations(session: Session, ids: Iterable[str]) -> dict[str, Organisation]:
    """Return organisations by key, deleted ones included."""
    wanted = select(Organisation).where(Organisation.id.in_(list(ids)))
    return {row.id: row for row in session.scalars(wanted)}


def _looked_after(
    viewer: Viewer, organisation_id: InstrumentedAttribute[str | None]
) -> ColumnElement[bool]:
    """Return the condition that somebody answers for an organisation; see `grants.answers_for`."""
    if viewer.role in SEES_ALL:
        return true()
    if viewer.role is Role.REGIONAL_OPERATOR and viewer.region_code:
        area = area_of(viewer.region_code)
        inside = select(Organisation.id).where(Organisation.owner_region.startswith(area))
        return organisation_id.in_(inside)
    if viewer.role in MEMBER_ROLES and viewer.organisation_id:
        return organisation_id == viewer.organisation_id
    return false()


def _slice(
    session: Session,
    table: type[HeldT],
    where: ColumnElement[bool],
    after: str | None,
    limit: int | None,
) -> Slice[HeldT]:
    n = session.scalar(select(func.count()).select_from(table).where(where)) or 0
    wanted = select(table).where(where).order_by(table.id.desc())
    if after is not None:
        wanted = wanted.where(table.id < after)
    if limit is None:
        return Slice(list(session.scalars(wanted)), None, n)
    rows = list(session.scalars(wanted.limit(limit + 1)))
    more = len(rows) > limit
    return Slice(rows[:limit], rows[limit - 1].id if more else None, n)
