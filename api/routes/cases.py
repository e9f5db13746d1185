"""Cases over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from api.dependencies import (
    SEARCH,
    Cursor,
    DeleteReason,
    IdPath,
    Limit,
    Parts,
    PartsDep,
    problem_responses,
)
from api.listing import list_rows
from api.routes.filters import CaseFilters
from api.routes.paths import BY_KEY
from api.schemas import examples
from api.schemas.base import Page
from api.schemas.case import CaseCreate, CaseRead, CaseUpdate
from api.schemas.tags import TagsRead, TagsUpdate
from api.strict_json import StrictRoute
from models import repository
from models.case import Case

router = APIRouter(
    prefix="/v1/cases",
    tags=["案例"],
    route_class=StrictRoute,
    responses=problem_responses(404, 422, 503),
)

_WRITES = problem_responses(400, 409, 413, 415, 507)


@router.post("", status_code=201, summary="登记案例", responses=_WRITES, dependencies=[SEARCH])
def create_case(
    body: Annotated[
        CaseCreate,
        Body(openapi_examples=examples.body_examples(one=("一个案例", examples.CASE))),
    ],
    parts: PartsDep,
    response: Response,
) -> CaseRead:
    """存入案例；标签、地区和成果形式没有填写的由摘要自动识别。"""
    case = parts.service.intake.cases.create(body)
    response.headers["Location"] = f"/v1/cases/{case.id}"
    return _show(parts, case.id)


@router.get("", summary="列出案例")
def list_cases(
    parts: PartsDep, where: CaseFilters, cursor: Cursor = None, limit: Limit = 20
) -> Page[CaseRead]:
    """新的在前；各条件须同时满足。"""
    return list_rows(parts.service.database, Case, where, (cursor, limit), parts.presenter.cases)


@router.get(BY_KEY, summary="读取案例")
def read_case(case_id: IdPath, parts: PartsDep) -> CaseRead:
    """返回案例和现行标签。"""
    return _show(parts, case_id)


@router.patch(BY_KEY, summary="修改案例", responses=_WRITES, dependencies=[SEARCH])
def change_case(
    case_id: IdPath,
    body: Annotated[
        CaseUpdate,
        Body(openapi_examples=examples.body_examples(some=("改页数", examples.CASE_CHANGE))),
    ],
    parts: PartsDep,
) -> CaseRead:
    """只改传来的字段；版本号不符时答复 409。"""
    parts.service.intake.cases.change(case_id, body)
    return _show(parts, case_id)


@router.post("/{id}/publish", summary="发布案例", responses=_WRITES)
def publish_case(case_id: IdPath, parts: PartsDep) -> CaseRead:
    """发布后可被检索。"""
    parts.service.intake.cases.publish(case_id)
    return _show(parts, case_id)


@router.post("/{id}/withdraw", summary="隐藏案例", responses=_WRITES)
def withdraw_case(case_id: IdPath, parts: PartsDep) -> CaseRead:
    """隐藏后不再被检索；再次发布即恢复。"""
    parts.service.intake.cases.hide(case_id)
    return _show(parts, case_id)


@router.delete(BY_KEY, status_code=204, summary="删除案例")
def delete_case(case_id: IdPath, parts: PartsDep, reason: DeleteReason = None) -> None:
    """删除后不再出现。"""
    parts.service.intake.cases.delete(case_id, reason)


@router.put("/{id}/tags", summary="人工指定案例的标签", responses=_WRITES)
def decide_case_tags(
    case_id: IdPath,
    body: Annotated[
        TagsUpdate, Body(openapi_examples=examples.body_examples(codes=("指定", examples.TAGS)))
    ],
    parts: PartsDep,
) -> TagsRead:
    """按词表替换；人工指定的优先于自动识别。空列表表示交回自动识别。"""
    row = parts.service.intake.tags.decide(Case, case_id, body)
    with parts.service.database.read() as session:
        return parts.presenter.tags(session, row)


def _show(parts: Parts, case_id: str) -> CaseRead:
    with parts.service.database.read() as session:
        case = repository.get(session, Case, case_id)
        return parts.presenter.cases(session, [case])[0]
