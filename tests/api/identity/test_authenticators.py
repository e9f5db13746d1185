"""Authenticators: enrolled on the machine, kept sealed, sealed when an older version did not."""

from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from api.identity.people import NewPerson
from api.identity.sign_ins import CodeNeededError, Credentials, SignInFailedError
from models.base import now_utc
from models.errors import NotFoundError, SetupError
from models.identity import Person
from models.vocabulary.access import Role
from tests.api.conftest import Running

LOGIN = "zhang.san"
PASSWORD = "correct-horse-7"  # noqa: S105 - opens nothing but the test's own application


@pytest.fixture
def person(running: Running) -> str:
    new = NewPerson(LOGIN, "张三", Role.OPERATOR, password=PASSWORD)
    return running.service.identity.people.add(new)[0].person.id


def kept(running: Running) -> str:
    with running.service.database.read() as session:
        return str(session.query(Person).one().totp_secret)


def put(running: Running, person_id: str, secret: str) -> None:
    with running.service.database.write() as session:
        session.get_one(Person, person_id).totp_secret = secret


def credentials(secret: str) -> Credentials:
    return Credentials(LOGIN, PASSWORD, pyotp.TOTP(secret).at(now_utc()))


@pytest.mark.usefixtures("person")
def test_enrolled_authenticator_is_asked_for_and_kept_sealed(
    running: Running,
) -> None:
    identity = running.service.identity
    _, before = identity.sign_ins.begin(Credentials(LOGIN, PASSWORD))
    _, address = identity.authenticators.enrol(LOGIN)

    assert identity.sign_ins.recognise(before) is None
    assert address.startswith(f"otpauth://totp/navmatch:{LOGIN}?")
    (secret,) = parse_qs(urlsplit(address).query)["secret"]
    assert secret not in kept(running)
    with pytest.raises(CodeNeededError):
        identity.sign_ins.begin(Credentials(LOGIN, PASSWORD))
    stay, _ = identity.sign_ins.begin(credentials(secret))
    assert stay.principal.with_totp


def test_nobody_is_enrolled_who_is_not_there(running: Running) -> None:
    with pytest.raises(NotFoundError):
        running.service.identity.authenticators.enrol("nobody")


def test_secret_kept_in_clear_is_sealed_at_the_start(
    running: Running,
    person: str,
) -> None:
    secret = pyotp.random_base32()
    put(running, person, secret)
    authenticators = running.service.identity.authenticators

    assert authenticators.seal_clear_ones() == 1
    assert secret not in kept(running)
    assert authenticators.seal_clear_ones() == 0
    assert running.service.identity.sign_ins.begin(credentials(secret))


def test_secret_moved_to_another_account_opens_nothing(
    running: Running,
    person: str,
) -> None:
    identity = running.service.identity
    other = identity.people.add(NewPerson("li.si", "李四", Role.OPERATOR, password=PASSWORD))
    _, address = identity.authenticators.enrol("li.si")
    (secret,) = parse_qs(urlsplit(address).query)["secret"]
    with running.service.database.read() as session:
        stolen = str(session.get_one(Person, other[0].person.id).totp_secret)
    put(running, person, stolen)
    with pytest.raises((SetupError, SignInFailedError)):
        identity.sign_ins.begin(credentials(secret))
