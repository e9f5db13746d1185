"""Interactions over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from api.dependencies import Cursor, IdPath, Limit, PartsDep, problem_responses
from api.interactions.doing import Doing
from api.routes.filters import InteractionFilters
from api.schemas import examples
from api.schemas.base import Page, Total
from api.schemas.interaction import (
    ActCreate,
    ActIn,
    InteractionCreate,
    InteractionDetail,
    InteractionRead,
)
from api.strict_json import StrictRoute
from models import interactions as stored

router = APIRouter(
    prefix="/v1/interactions",
    tags=["对接"],
    route_class=StrictRoute,
    responses=problem_responses(404, 422, 503),
)

_WRITES = problem_responses(400, 409, 413, 415)


@router.post("", status_code=201, summary="开始对接", responses=_WRITES)
def begin_interaction(
    body: Annotated[
        InteractionCreate,
        Body(
            openapi_examples=examples.body_examples(
                invite=("基地邀请机构", examples.INVITE),
                hide=("基地不再显示一家机构", examples.HIDE),
            )
        ),
    ],
    parts: PartsDep,
    response: Response,
) -> InteractionDetail:
    """对一条需求和一家机构做一步：邀请、表示意向、提问、收藏、列入候选、不再显示等。

    已有对接时接着做；要防止与对方同时操作冲突，请改用按编号的接口并带上版本号。
    """
    done = parts.interactions.begin(body.demand_id, body.provider_id, _doing(body), body.side)
    response.headers["Location"] = f"/v1/interactions/{done.id}"
    return _show(parts, done.id)


@router.get("", summary="列出对接")
def list_interactions(
    parts: PartsDep, wanted: InteractionFilters, cursor: Cursor = None, limit: Limit = 20
) -> Page[InteractionRead]:
    """本单位参与的，新开始的在前。基地的收藏和隐藏，机构看不到。"""
    with parts.service.database.read() as session:
        found = stored.interactions_page(session, wanted, cursor, limit + 1)
        return Page(
            items=parts.interaction_presenter.many(session, found[:limit]),
            next_cursor=found[limit - 1].id if len(found) > limit else None,
            total=Total(value=stored.count_interactions(session, wanted)),
        )


@router.get("/{id}", summary="读取一条对接")
def read_interaction(interaction_id: IdPath, parts: PartsDep) -> InteractionDetail:
    """带您看得到的全部历史和现在可以做的事。"""
    return _show(parts, interaction_id)


@router.post("/{id}/acts", summary="在对接中做一步", responses=_WRITES)
def act_in_interaction(
    interaction_id: IdPath,
    body: Annotated[
        ActCreate,
        Body(
            openapi_examples=examples.body_examples(
                ask=("提问", examples.ASK), decline=("谢绝", examples.DECLINE)
            )
        ),
    ],
    parts: PartsDep,
) -> InteractionDetail:
    """版本号不符（对方已有新的进展）或现在的状态不允许时答复 409。"""
    parts.interactions.act(interaction_id, body.version, _doing(body), body.side)
    return _show(parts, interaction_id)


def _doing(body: ActIn) -> Doing:
    return Doing(body.act, body.body, body.reason, body.quality, body.usefulness)


def _show(parts: PartsDep, interaction_id: str) -> InteractionDetail:
    with parts.service.database.read() as session:
        found = stored.get_interaction(session, interaction_id)
        return parts.interaction_presenter.one(session, found)
