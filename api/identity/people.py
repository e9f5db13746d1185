"""People: adding, listing, locking, unlocking, new passwords."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from api.identity.grants import (
    answers_for,
    may_change,
    organisation_for_grant,
    region_for_grant,
)
from api.identity.passwords import check_password, hash_password, login_key, random_password
from api.identity.principal import Means, Principal
from api.identity.store import organisation_of, reading, writing
from models import accounts
from models.accounts import Slice
from models.audit_trail import record
from models.base import now_utc
from models.database import Database, Session
from models.errors import ConflictError, NotFoundError
from models.identity import Membership, Person, SignIn
from models.organisation import Organisation
from models.viewer import Viewer, current_viewer
from models.vocabulary.access import AuditAction, Role

ENTITY = "person"
COMMAND_LINE: Final = "cli"
"""Who acts where a command is run on the machine itself."""

MAX_FAILURES: Final = 5
FAILURES_WITHIN: Final = timedelta(minutes=15)
LOCKED_FOR: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added.

    Attributes:
        login: Name to sign in with.
        name: Name to be shown.
        role: As what they act.
        organisation_id: For whom; that of whoever adds them when None.
        region_code: Region a regional operator answers for.
        password: First password; a random one that must be changed when None.
    """

    login: str
    name: str
    role: Role
    organisation_id: str | None = None
    region_code: str | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A person as administrators see them.

    Attributes:
        person: The person.
        membership: As what they act; None when that was taken away.
        organisation: Their organisation; None for operators.
    """

    person: Person
    membership: Membership | None
    organisation: Organisation | None

    def is_locked(self, now: datetime) -> bool:
        """Return whether they are kept out, by somebody or by wrong passwords."""
        return self.person.disabled_at is not None or is_locked_out(self.person, now)


class People:
    """Looks after the people; each method is one transaction, checked against who acts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewPerson) -> tuple[Account, str]:
        """Add somebody and return them with their first password.

        Raises:
            ForbiddenError: whoever acts may not give this role.
            ConflictError: the login is taken.
        """
        viewer = current_viewer()
        password = new.password or random_password()
        check_password(password, new.login)
        kept = hash_password(password)
        with writing(self._database) as session:
            organisation = organisation_for_grant(session, viewer, new.role, new.organisation_id)
            region = region_for_grant(new.role, new.region_code)
            if accounts.find_person(session, login_key(new.login)) is not None:
                raise ConflictError("这个登录名已被使用。", reason="login")
            person = Person(
                login=new.login,
                login_key=login_key(new.login),
                name=new.name,
                password_hash=kept,
                must_change_password=new.password is None,
                created_by=viewer.actor,
            )
            session.add(person)
            session.flush()
            membership = Membership(
                person_id=person.id,
                organisation_id=organisation.id if organisation else None,
                role=new.role,
                region_code=region,
            )
            session.add(membership)
            record(session, AuditAction.CREATE, ENTITY, person.id)
        return Account(person, membership, organisation), password

    def list(
        self, after: str | None = None, limit: int | None = None
    ) -> tuple[Sequence[Account], Slice[Person]]:
        """Return the people whoever acts looks after, newest first: a page of them, or all."""
        with reading(self._database) as session:
            found = accounts.people_of(session, current_viewer(), after, limit)
            return tuple(_accounts(session, found.rows)), found

    def get(self, person_id: str) -> Account:
        """Return one of them.

        Raises:
            NotFoundError: there is nobody of this key whoever acts looks after.
        """
        with reading(self._database) as session:
            return _find(session, person_id)

    def find(self, login: str) -> Account:
        """Return the person of a login.

        Raises:
            NotFoundError: there is nobody of this login whoever acts looks after.
        """
        with reading(self._database) as session:
            person = accounts.find_person(session, login_key(login))
            return _find(session, person.id if person else "")

    def lock(self, person_id: str) -> Account:
        """Keep somebody out, from the next request on.

        Raises:
            NotFoundError: there is nobody of this key whose role whoever acts may give.
        """
        with writing(self._database) as session:
            account = _find_to_change(session, person_id)
            account.person.disabled_at = now_utc()
            accounts.end_sign_ins(session, person_id, now_utc())
            record(session, AuditAction.CHANGE_LOGIN, ENTITY, person_id)
        return account

    def unlock(self, person_id: str) -> Account:
        """Let somebody in again.

        Raises:
            NotFoundError: as for locking.
        """
        with writing(self._database) as session:
            account = _find_to_change(session, person_id)
            account.person.disabled_at = None
            forget_failures(account.person)
            record(session, AuditAction.CHANGE_LOGIN, ENTITY, person_id)
        return account

    def reset_password(self, person_id: str, given: str | None = None) -> tuple[Account, str]:
        """Give somebody another password, and end all their stays.

        Their authenticator is forgotten too: whoever lost both must get in again.

        Args:
            person_id: Who.
            given: The password; a random one that must be changed when None.

        Raises:
            NotFoundError: as for locking.
        """
        password = given or random_password()
        kept = hash_password(password)
        with writing(self._database) as session:
            account = _find_to_change(session, person_id)
            account.person.password_hash = kept
            account.person.must_change_password = given is None
            account.person.totp_secret = account.person.totp_step = None
            forget_failures(account.person)
            accounts.end_sign_ins(session, person_id, now_utc())
            record(session, AuditAction.CHANGE_LOGIN, ENTITY, person_id)
        return account, password

    def places_of(self, person_id: str) -> Sequence[Principal]:
        """Return as what somebody may act now, whether or not they are signed in."""
        with reading(self._database) as session:
            person = session.get(Person, person_id)
            if person is None or person.disabled_at is not None:
                return ()
            return tuple(
                principal_of(session, person, membership)
                for membership in accounts.memberships_of(session, [person_id])
                if is_open(session, membership)
            )

    def called(self, actors: Iterable[str | None]) -> Mapping[str, str]:
        """Return how people and keys that acted are called, by their keys.

        Parts of the service are not in it. Names are read whoever they belong to: whoever asks
        must be somebody who may know them.
        """
        with reading(self._database) as session:
            people, keys = accounts.names_of(session, {a for a in actors if a is not None})
        of_keys = {key: f"密钥“{name}”" for key, name in keys.items()}
        return {COMMAND_LINE: "服务器上的命令行", **of_keys, **people}

    def has_operator(self) -> bool:
        """Return whether somebody can sign in who may do everything."""
        with reading(self._database) as session:
            return accounts.has_operator(session)


def is_open(session: Session, membership: Membership) -> bool:
    """Return whether the organisation somebody acts for is still there, if they act for one."""
    of = membership.organisation_id
    return of is None or organisation_of(session, of) is not None


def principal_of(
    session: Session, person: Person, membership: Membership, sign_in: SignIn | None = None
) -> Principal:
    """Return somebody as they act in one of their places, in a stay if there is one."""
    organisation = organisation_of(session, membership.organisation_id)
    region = organisation.region_code if organisation else membership.region_code
    return Principal(
        viewer=Viewer(membership.role, person.id, membership.organisation_id, region),
        means=Means.SIGN_IN,
        credential_id=sign_in.id if sign_in else None,
        with_totp=sign_in is not None and sign_in.with_totp,
        must_change_password=person.must_change_password,
    )


def is_locked_out(person: Person, now: datetime) -> bool:
    """Return whether wrong passwords keep somebody out now."""
    return person.locked_until is not None and person.locked_until > now


def count_failure(person: Person, now: datetime) -> None:
    """Count a wrong password or code; too many of them lock the account for a while."""
    if person.failing_since is None or now - person.failing_since > FAILURES_WITHIN:
        person.failing_since, person.n_failed = now, 0
    person.n_failed += 1
    if person.n_failed >= MAX_FAILURES:
        person.locked_until = now + LOCKED_FOR
        person.failing_since, person.n_failed = None, 0


def forget_failures(person: Person) -> None:
    """Begin to count wrong passwords anew."""
    person.n_failed = 0
    person.failing_since = person.locked_until = None


def _find(session: Session, person_id: str) -> Account:
    person = session.get(Person, person_id)
    if person is not None:
        (account,) = _accounts(session, [person])
        if answers_for(current_viewer(), account.organisation):
            return account
    raise _absent(person_id)


def _find_to_change(session: Session, person_id: str) -> Account:
    account = _find(session, person_id)
    role = account.membership.role if account.membership else None
    if not may_change(current_viewer(), account.organisation, role):
        raise _absent(person_id)
    return account


def _absent(person_id: str) -> NotFoundError:
    return NotFoundError("没有找到这个账号。", id=person_id)


def _accounts(session: Session, people: Iterable[Person]) -> Iterator[Account]:
    """Yield people with the first of their memberships."""
    people = list(people)
    memberships = accounts.memberships_of(session, [person.id for person in people])
    first = {membership.person_id: membership for membership in reversed(memberships)}
    wanted = {m.organisation_id for m in first.values() if m.organisation_id}
    organisations = accounts.organisations(session, wanted)
    for person in people:
        membership = first.get(person.id)
        of = membership.organisation_id if membership else None
        yield Account(person, membership, organisations.get(of) if of else None)
