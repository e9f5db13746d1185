"""Erasing for good over HTTP, for the operator."""

from typing import Annotated

from fastapi import APIRouter, Body

from api.dependencies import PartsDep, problem_responses
from api.schemas import examples
from api.schemas.erasure import ErasureCreate, ErasureRead
from api.strict_json import StrictRoute

router = APIRouter(
    prefix="/v1",
    tags=["审计"],
    route_class=StrictRoute,
    responses=problem_responses(401, 403, 404, 422, 503),
)


@router.post(
    "/erasures",
    status_code=202,
    summary="彻底删除",
    responses=problem_responses(400, 413, 415),
)
def erase(
    body: Annotated[
        ErasureCreate,
        Body(openapi_examples=examples.body_examples(one=("一条需求", examples.ERASURE))),
    ],
    parts: PartsDep,
) -> ErasureRead:
    """数据库中的行立即删去，向量、索引和文件中的残留随后清除；不能恢复，只留编号供审计。"""
    service = parts.service
    erased = service.eraser.erase(body.kind, body.id)
    service.database.when_committed(service.follower.wake)
    service.eraser.finish_aside()
    return ErasureRead(kind=body.kind, id=body.id, counts=erased.counts)
