"""Service bases over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from api.dependencies import Cursor, IdPath, Limit, PartsDep, problem_responses
from api.listing import Conditions, list_rows
from api.schemas import examples
from api.schemas.base import Page
from api.schemas.service_base import BaseCreate, BaseRead
from api.schemas.texts import FilterText, RegionFilter
from api.strict_json import StrictRoute
from models import repository
from models.organisation import Base

router = APIRouter(
    prefix="/v1/bases",
    tags=["服务基地"],
    route_class=StrictRoute,
    responses=problem_responses(404, 422, 503),
)


@router.post(
    "",
    status_code=201,
    summary="登记服务基地",
    responses=problem_responses(400, 409, 413, 415, 507),
)
def create_base(
    body: Annotated[
        BaseCreate,
        Body(openapi_examples=examples.body_examples(one=("一个基地", examples.BASE))),
    ],
    parts: PartsDep,
    response: Response,
) -> BaseRead:
    """登记专利导航服务基地，供需求和案例引用。"""
    base = parts.service.intake.bases.create(body)
    response.headers["Location"] = f"/v1/bases/{base.id}"
    with parts.service.database.read() as session:
        return parts.presenter.bases(session, [base])[0]


@router.get("", summary="列出服务基地")
def list_bases(
    parts: PartsDep,
    region: Annotated[RegionFilter | None, Query(description="所在地代码。")] = None,
    text: Annotated[FilterText | None, Query(description="名称中的词。")] = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Page[BaseRead]:
    """新的在前；各条件须同时满足。"""
    conditions = Conditions(parts.service.vocabularies)
    conditions.region(Base, region)
    conditions.text(Base, text)
    return list_rows(
        parts.service.database, Base, conditions.found, (cursor, limit), parts.presenter.bases
    )


@router.get("/{id}", summary="读取服务基地")
def read_base(base_id: IdPath, parts: PartsDep) -> BaseRead:
    """返回基地信息。"""
    with parts.service.database.read() as session:
        base = repository.get(session, Base, base_id)
        return parts.presenter.bases(session, [base])[0]
