"""Who may sign in, and with what."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec

from api.authentication import PLAIN_COOKIE
from api.identity.passwords import hash_password, login_key
from api.wiring import Service
from models.base import new_id, now_utc
from models.database import Session
from models.identity import ApiKey, Membership, Person, SignIn, WidgetToken
from models.viewer import acting_as, system
from models.vocabulary.access import Role
from tests.credentials import make_key

P = ParamSpec("P")


def kept(make: Callable[P, str]) -> Callable[P, str]:
    """Let a method give what it made before in the same way, where that is kept."""

    @wraps(make)
    def give(*args: P.args, **kwargs: P.kwargs) -> str:
        maker: Any = args[0]
        if maker.kept is None:
            return make(*args, **kwargs)
        way = (make.__name__, args[1:], frozenset(kwargs.items()))
        if way not in maker.kept:
            maker.kept[way] = make(*args, **kwargs)
        key: str = maker.kept[way]
        return key

    return give


class Accounts:
    """Writes accounts, keys and tokens.

    Attributes:
        kept: Rows that were made and not changed since, given again instead of new ones;
            None makes a new one each time.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self.kept: dict[object, str] | None = None

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session of the system."""
        with acting_as(system("test")), self.service.database.write() as session:
            yield session

    @kept
    def person(self, organisation_id: str | None, role: Role, password: str | None = None) -> str:
        """The key of an account."""
        with self.writing() as session:
            login = new_id("us")
            person = Person(
                login=login,
                login_key=login_key(login),
                name="示例",
                password_hash=hash_password(password) if password else "-",
            )
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, organisation_id=organisation_id, role=role))
            return person.id

    def signed_in(self, person_id: str) -> dict[str, str]:
        """The header of a fresh stay of a person, begun with password and code."""
        token = new_id("si")
        with self.writing() as session:
            membership = session.query(Membership).filter_by(person_id=person_id).one()
            session.add(
                SignIn(
                    token_hash=hashlib.sha256(token.encode()).hexdigest(),
                    person_id=person_id,
                    membership_id=membership.id,
                    with_totp=True,
                    expires_at=now_utc() + timedelta(hours=12),
                )
            )
        return {"Cookie": f"{PLAIN_COOKIE}={token}"}

    @kept
    def key(self, organisation_id: str | None, role: Role) -> str:
        """The key of an API key."""
        text = make_key(self.service.database, role, organisation_id, name=new_id("ak"))
        with self.writing() as session:
            found = session.query(ApiKey).filter_by(key_id=text.split("_")[2]).one()
            return found.id

    @kept
    def token(self, organisation_id: str | None) -> str:
        """The key of a widget token."""
        with self.writing() as session:
            row = WidgetToken(token=new_id("dmw"), name="示例", organisation_id=organisation_id)
            session.add(row)
            session.flush()
            return row.id
