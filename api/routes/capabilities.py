"""Single capabilities over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Body

from api.dependencies import SEARCH, DeleteReason, IdPath, Parts, PartsDep, problem_responses
from api.schemas import examples
from api.schemas.capability import CapabilityRead, CapabilityUpdate
from api.schemas.tags import TagsRead, TagsUpdate
from api.strict_json import StrictRoute
from models import repository
from models.provider import Capability

router = APIRouter(
    prefix="/v1/capabilities",
    tags=["服务能力"],
    route_class=StrictRoute,
    responses=problem_responses(404, 422, 503),
)

_WRITES = problem_responses(400, 409, 413, 415, 507)


@router.get("/{id}", summary="读取一项能力")
def read_capability(capability_id: IdPath, parts: PartsDep) -> CapabilityRead:
    """返回能力和现行标签。"""
    return _show(parts, capability_id)


@router.patch("/{id}", summary="修改能力", responses=_WRITES, dependencies=[SEARCH])
def change_capability(
    capability_id: IdPath,
    body: Annotated[
        CapabilityUpdate,
        Body(openapi_examples=examples.body_examples(some=("改工期", examples.CAPABILITY_CHANGE))),
    ],
    parts: PartsDep,
) -> CapabilityRead:
    """只改传来的字段；版本号不符时答复 409。"""
    parts.service.intake.capabilities.change(capability_id, body)
    return _show(parts, capability_id)


@router.delete("/{id}", status_code=204, summary="删除能力")
def delete_capability(capability_id: IdPath, parts: PartsDep, reason: DeleteReason = None) -> None:
    """删除后不再参加匹配。"""
    parts.service.intake.capabilities.delete(capability_id, reason)


@router.put("/{id}/tags", summary="人工指定能力的标签", responses=_WRITES)
def decide_capability_tags(
    capability_id: IdPath,
    body: Annotated[
        TagsUpdate, Body(openapi_examples=examples.body_examples(codes=("指定", examples.TAGS)))
    ],
    parts: PartsDep,
) -> TagsRead:
    """按词表替换；人工指定的优先于自动识别。空列表表示交回自动识别。"""
    row = parts.service.intake.tags.decide(Capability, capability_id, body)
    with parts.service.database.read() as session:
        return parts.presenter.tags(session, row)


def _show(parts: Parts, capability_id: str) -> CapabilityRead:
    with parts.service.database.read() as session:
        capability = repository.get(session, Capability, capability_id)
        return parts.presenter.capabilities(session, [capability])[0]
