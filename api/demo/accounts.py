"""Accounts to try the demonstration with, one a role; their password changes with every start."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from api.demo.load import source_ref
from api.identity.api_keys import NewKey
from api.identity.passwords import random_password
from api.identity.people import NewPerson
from api.identity.principal import EVERY_SCOPE
from api.schemas.accounts import OrganisationCreate
from api.wiring import Service
from models import repository
from models.base import now_utc
from models.errors import NotFoundError
from models.organisation import Base
from models.provider import Provider
from models.vocabulary.access import Role
from models.vocabulary.organisation import OrganisationType

KEY_NAME: Final = "演示"
BASE_KEY: Final = "B-A01"
PROVIDER_KEY: Final = "P-A001"
RECIPIENT: Final = "演示使用单位（虚构）"
REGION: Final = "320000"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account to sign in with.

    Attributes:
        login: Name to sign in with.
        role: As what it acts.
        organisation: Name of its organisation; empty for operators.
    """

    login: str
    role: Role
    organisation: str


def open_accounts(service: Service) -> tuple[list[DemoAccount], str]:
    """Return the demonstration accounts and the password of all of them, new this time."""
    password = random_password()
    return [_open(service, new, password) for new in _wanted(service)], password


def open_key(service: Service) -> str:
    """Return a key that may do everything but administer; the one of last time ends."""
    keys = service.identity.keys
    for key in keys.list().rows:
        is_live = key.revoked_at is None and key.expires_at > now_utc()
        if key.name == KEY_NAME and is_live:
            keys.revoke(key.id)
    _, secret = keys.create(NewKey(KEY_NAME, Role.OPERATOR, days=1), held=EVERY_SCOPE)
    return secret.text


def _open(service: Service, new: NewPerson, password: str) -> DemoAccount:
    people = service.identity.people
    try:
        account, _ = people.reset_password(people.find(new.login).person.id, password)
    except NotFoundError:
        chosen = NewPerson(
            new.login, new.name, new.role, new.organisation_id, new.region_code, password
        )
        account, _ = people.add(chosen)
    of = account.organisation.name if account.organisation else ""
    return DemoAccount(new.login, new.role, of)


def _wanted(service: Service) -> Iterator[NewPerson]:
    yield NewPerson("operator", "演示管理员", Role.OPERATOR)
    yield NewPerson("region", "演示地方主管", Role.REGIONAL_OPERATOR, region_code=REGION)
    for login, name, role, organisation_id in (
        ("base", "演示基地人员", Role.BASE_ADMIN, _organisation_of(service, Base, BASE_KEY)),
        (
            "provider",
            "演示机构人员",
            Role.PROVIDER_ADMIN,
            _organisation_of(service, Provider, PROVIDER_KEY),
        ),
        ("recipient", "演示使用单位人员", Role.RECIPIENT, _recipient(service)),
    ):
        if organisation_id is not None:
            yield NewPerson(login, name, role, organisation_id)


def _organisation_of(service: Service, table: type[Base] | type[Provider], key: str) -> str | None:
    with service.database.read() as session:
        row: Base | Provider | None = repository.find_by_source(session, table, source_ref(key))
    return row.organisation_id if row is not None and row.deleted_at is None else None


def _recipient(service: Service) -> str:
    with service.database.read() as session:
        found = repository.find_organisation(session, RECIPIENT)
    if found is not None:
        return found.id
    body = OrganisationCreate(
        name=RECIPIENT, org_type=OrganisationType.ENTERPRISE, region_code=REGION
    )
    return service.intake.organisations.create(body).id
