"""Authenticators set on the machine itself, and secrets an older version kept in clear."""

from api.identity.people import ENTITY, Account, People
from api.identity.secret_seal import SecretSeal, is_clear
from api.identity.store import reading, writing
from api.identity.totp import address_of, new_secret
from models import accounts
from models.audit_trail import record
from models.base import now_utc
from models.database import Database, Session
from models.identity import Person
from models.vocabulary.access import AuditAction


class Authenticators:
    """Looks after the secrets of authenticators."""

    def __init__(self, database: Database, people: People, seal: SecretSeal) -> None:
        self._database = database
        self._people = people
        self._seal = seal

    def enrol(self, login: str) -> tuple[Account, str]:
        """Give somebody a new authenticator; return them and the address it reads.

        The one before is forgotten, and all their stays end: the next signing in asks for a code.

        Raises:
            NotFoundError: there is nobody of this login whoever acts looks after.
        """
        account = self._people.find(login)
        secret = new_secret()
        with writing(self._database) as session:
            person = session.get_one(Person, account.person.id)
            person.totp_secret, person.totp_step = self._seal.seal(secret, person.id), None
            accounts.end_sign_ins(session, person.id, now_utc())
            record(session, AuditAction.CHANGE_LOGIN, ENTITY, person.id)
        return account, address_of(secret, account.person.login)

    def seal_clear_ones(self) -> int:
        """Seal the secrets an older version kept in clear; return how many there were."""
        with reading(self._database) as session:
            clear = {person.id for person in _kept_clear(session)}
        if clear:
            with writing(self._database) as session:
                for person in _kept_clear(session):
                    person.totp_secret = self._seal.seal(person.totp_secret or "", person.id)
        return len(clear)


def take_off_sealed(session: Session) -> int:
    """Take off the authenticators whose secrets nobody can open any more; return how many.

    Their people sign in with the password alone and bind a new one; stays they have end. A
    secret an older version kept in clear is still good.
    """
    found = [p for p in accounts.people_with_authenticator(session) if not _is_clear(p)]
    for person in found:
        person.totp_secret = person.totp_step = None
        accounts.end_sign_ins(session, person.id, now_utc())
        record(session, AuditAction.CHANGE_LOGIN, ENTITY, person.id)
    return len(found)


def _kept_clear(session: Session) -> list[Person]:
    return [p for p in accounts.people_with_authenticator(session) if _is_clear(p)]


def _is_clear(person: Person) -> bool:
    return person.totp_secret is not None and is_clear(person.totp_secret)
