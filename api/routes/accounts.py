"""Organisations and their people, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from api.dependencies import (
    SEARCH,
    Cursor,
    IdPath,
    Limit,
    Parts,
    PartsDep,
    PrincipalDep,
    problem_responses,
)
from api.identity.grants import check_scopes
from api.identity.people import Account, NewPerson
from api.identity.principal import EVERY_SCOPE
from api.listing import list_rows, page_of_slice
from api.routes.session import NO_STORE
from api.schemas import examples
from api.schemas.accounts import (
    OrganisationCreate,
    OrganisationRead,
    OrganisationUpdate,
    PasswordRead,
    PersonCreate,
    PersonRead,
    RecipientRead,
)
from api.schemas.base import Page, Total
from api.schemas.texts import OrganisationName
from api.strict_json import StrictRoute
from models.base import now_utc
from models.database import Session
from models.organisation import Organisation

router = APIRouter(
    prefix="/v1",
    tags=["单位与账号"],
    route_class=StrictRoute,
    responses=problem_responses(404, 422, 503),
)

_WRITES = problem_responses(400, 409, 413, 415)


@router.post("/organisations", status_code=201, summary="登记单位", responses=_WRITES)
def create_organisation(
    body: Annotated[
        OrganisationCreate,
        Body(openapi_examples=examples.body_examples(one=("一家单位", examples.ORGANISATION))),
    ],
    parts: PartsDep,
) -> OrganisationRead:
    """登记后可以为它建立账号；同名或同信用代码的单位已有时答复 409。"""
    organisation = parts.service.intake.organisations.create(body)
    return _organisation(parts, organisation)


@router.get("/organisations", summary="列出单位")
def list_organisations(
    parts: PartsDep, cursor: Cursor = None, limit: Limit = 20
) -> Page[OrganisationRead]:
    """本单位；管理方看到所辖的全部单位，新的在前。"""

    def show(session: Session, rows: list[Organisation]) -> list[OrganisationRead]:
        return [_organisation(parts, row) for row in rows]

    where = parts.service.intake.organisations.looked_after()
    return list_rows(parts.service.database, Organisation, where, (cursor, limit), show)


@router.patch("/organisations/{id}", summary="修改单位", responses=_WRITES)
def change_organisation(
    organisation_id: IdPath,
    body: Annotated[
        OrganisationUpdate,
        Body(openapi_examples=examples.body_examples(some=("更名", examples.ORGANISATION_CHANGE))),
    ],
    parts: PartsDep,
) -> OrganisationRead:
    """只改传来的字段；它的需求、能力、案例、对接和账号都跟着用新的名称和所在地。"""
    organisation = parts.service.intake.organisations.change(organisation_id, body)
    return _organisation(parts, organisation)


@router.get("/recipients", summary="查找成果使用单位")
def find_recipients(
    parts: PartsDep,
    name: Annotated[
        OrganisationName,
        Query(
            description="单位全称或统一社会信用代码，须与登记的一致。",
            examples=["苏州示例功率半导体有限公司"],
        ),
    ],
) -> Page[RecipientRead]:
    """至多一家；只认全称和代码，不能按部分名称查，也不能逐页浏览。"""
    found = parts.service.intake.organisations.named(name)
    items = [] if found is None else [RecipientRead(id=found.id, name=found.name)]
    return Page(items=items, next_cursor=None, total=Total(value=len(items)))


@router.get("/people", summary="列出账号")
def list_people(parts: PartsDep, cursor: Cursor = None, limit: Limit = 20) -> Page[PersonRead]:
    """本单位的账号，新的在前；管理方看到所辖的全部账号。"""
    found, part = parts.service.identity.people.list(cursor, limit)
    return page_of_slice(part, [_person(account) for account in found])


@router.post(
    "/people", status_code=201, summary="建立账号", responses=_WRITES, dependencies=[SEARCH]
)
def add_person(
    body: Annotated[
        PersonCreate,
        Body(openapi_examples=examples.body_examples(one=("一个账号", examples.PERSON))),
    ],
    parts: PartsDep,
    principal: PrincipalDep,
    response: Response,
) -> PasswordRead:
    """返回初始密码，只此一次；本人登录后须先修改。用密钥建立账号，密钥须有全部用途。"""
    check_scopes(EVERY_SCOPE, principal.scopes)
    account, password = parts.service.identity.people.add(
        NewPerson(body.login, body.name, body.role, body.organisation_id, body.region_code)
    )
    response.headers.update(NO_STORE)
    return PasswordRead(person=_person(account), password=password)


@router.post("/people/{id}/lock", summary="停用账号")
def lock_person(person_id: IdPath, parts: PartsDep) -> PersonRead:
    """立即结束其全部登录。"""
    return _person(parts.service.identity.people.lock(person_id))


@router.post("/people/{id}/unlock", summary="恢复账号")
def unlock_person(person_id: IdPath, parts: PartsDep) -> PersonRead:
    """解除停用和因密码不对造成的锁定。"""
    return _person(parts.service.identity.people.unlock(person_id))


@router.post("/people/{id}/password", summary="重置密码", dependencies=[SEARCH])
def reset_password(
    person_id: IdPath, parts: PartsDep, principal: PrincipalDep, response: Response
) -> PasswordRead:
    """返回新的初始密码，只此一次；同时解除身份验证器并结束其全部登录。

    用密钥重置，密钥须有全部用途：登录的人什么用途都有。
    """
    check_scopes(EVERY_SCOPE, principal.scopes)
    account, password = parts.service.identity.people.reset_password(person_id)
    response.headers.update(NO_STORE)
    return PasswordRead(person=_person(account), password=password)


def _organisation(parts: Parts, row: Organisation) -> OrganisationRead:
    return OrganisationRead(
        id=row.id,
        version=row.version,
        name=row.name,
        org_type=row.org_type,
        uscc=row.uscc,
        region_code=row.region_code,
        region_name=parts.service.vocabularies.region_name(row.region_code),
    )


def _person(account: Account) -> PersonRead:
    person, membership, organisation = account.person, account.membership, account.organisation
    return PersonRead(
        id=person.id,
        login=person.login,
        name=person.name,
        role=membership.role if membership else None,
        organisation_id=membership.organisation_id if membership else None,
        organisation_name=organisation.name if organisation else None,
        region_code=membership.region_code if membership else None,
        is_locked=account.is_locked(now_utc()),
        has_authenticator=person.totp_secret is not None,
        must_change_password=person.must_change_password,
        created_at=person.created_at,
    )
