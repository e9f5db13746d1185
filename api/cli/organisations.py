"""Organisations as people write them on the command line: by key or by name."""

from typing import Final

from api.cli.checked import checked
from api.schemas.accounts import OrganisationCreate
from api.wiring import Service
from models import repository
from models.errors import NotFoundError
from models.organisation import Organisation
from models.vocabulary.organisation import OrganisationType

_REGISTERED_BEFORE: Final = (
    "请先在控制台的“单位名录”里登记，或为它建立第一个账号，一并登记："
    "navmatch people add 登录名 --role 角色 --organisation 名称 --org-type 类型 --region 代码。"
)
_REGISTERED_NOW: Final = "新单位请加上 --org-type 和 --region，一并登记。"


def organisation_id_of(
    service: Service, written: str | None, cure: str = _REGISTERED_BEFORE
) -> str | None:
    """Return the key of an organisation.

    Args:
        service: The wired installation.
        written: Its key or name; None for none.
        cure: How the command that asks gets one that is not there yet.

    Raises:
        NotFoundError: there is none of this key or name.
    """
    if written is None:
        return None
    with service.database.read() as session:
        found = session.get(Organisation, written)
        found = found or repository.find_organisation(session, written)
    if found is None or found.deleted_at is not None:
        raise NotFoundError(f"没有这个单位。{cure}")
    return found.id


def organisation_for(
    service: Service, written: str | None, org_type: OrganisationType | None, region: str | None
) -> str | None:
    """Return the key of an organisation, registered now if its type is given and it is new.

    Raises:
        NotFoundError: there is none, and no type was given.
    """
    if written is not None and org_type is not None:
        with service.database.read() as session:
            known = repository.find_organisation(session, written)
        if known is None:
            body = checked(OrganisationCreate, name=written, org_type=org_type, region_code=region)
            return service.intake.organisations.create(body).id
    return organisation_id_of(service, written, _REGISTERED_NOW)
