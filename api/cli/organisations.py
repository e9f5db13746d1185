"""Organisations as people write them on the command line: by key or by name."""

from api.cli.checked import checked
from api.schemas.accounts import OrganisationCreate
from api.wiring import Service
from models import repository
from models.errors import NotFoundError
from models.organisation import Organisation
from models.vocabulary.organisation import OrganisationType


def organisation_id_of(service: Service, written: str | None) -> str | None:
    """Return the key of an organisation.

    Raises:
        NotFoundError: there is none of this key or name.
    """
    if written is None:
        return None
    with service.database.read() as session:
        found = session.get(Organisation, written)
        found = found or repository.find_organisation(session, written)
    if found is None or found.deleted_at is not None:
        raise NotFoundError(
            "没有这个单位。请先登记服务机构或服务基地；新单位可用 --org-type 和 --region 一并登记。"
        )
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
    return organisation_id_of(service, written)
