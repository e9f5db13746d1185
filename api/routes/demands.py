"""Demands over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from api.dependencies import (
    FRESH,
    SEARCH,
    TURN,
    Cursor,
    DeleteReason,
    IdPath,
    Limit,
    Parts,
    PartsDep,
    problem_responses,
)
from api.listing import list_rows
from api.routes.filters import DemandFilters
from api.routes.options import OptionsQuery
from api.routes.paths import BY_KEY
from api.schemas import examples
from api.schemas.base import Page
from api.schemas.demand import DemandCreate, DemandRead, DemandUpdate
from api.schemas.match import MatchAnswer
from api.schemas.tags import IpcRead, TagsRead, TagsUpdate
from api.strict_json import StrictRoute
from models import repository
from models.demand import Demand
from models.vocabulary.matching import Direction

router = APIRouter(
    prefix="/v1/demands",
    tags=["需求"],
    route_class=StrictRoute,
    responses=problem_responses(404, 422, 503),
)

_WRITES = problem_responses(400, 409, 413, 415, 507)


@router.post("", status_code=201, summary="发布一条需求", responses=_WRITES, dependencies=[SEARCH])
def create_demand(
    body: Annotated[
        DemandCreate,
        Body(
            openapi_examples=examples.body_examples(
                text=("只写正文，其余自动识别", examples.DEMAND),
                full=("逐项填写", examples.DEMAND_FULL),
            )
        ),
    ],
    parts: PartsDep,
    response: Response,
) -> DemandRead:
    """存入需求；没有填写的场景、产业、地区、预算、工期、成果形式和要求由正文自动识别。

    `publish` 为真时立即发布，进入匹配；不属于专利导航的内容存为“未受理”，并给出去处建议。
    """
    demand = parts.service.intake.demands.create(body)
    response.headers["Location"] = f"/v1/demands/{demand.id}"
    return _show(parts, demand.id)


@router.get("", summary="列出需求")
def list_demands(
    parts: PartsDep, where: DemandFilters, cursor: Cursor = None, limit: Limit = 20
) -> Page[DemandRead]:
    """新的在前；各条件须同时满足，标签按现行（人工优先）的算。"""
    return list_rows(
        parts.service.database, Demand, where, (cursor, limit), parts.presenter.demands
    )


@router.get(BY_KEY, summary="读取一条需求")
def read_demand(demand_id: IdPath, parts: PartsDep) -> DemandRead:
    """返回需求、现行标签和完整度提示。"""
    return _show(parts, demand_id)


@router.patch(BY_KEY, summary="修改需求", responses=_WRITES, dependencies=[SEARCH])
def change_demand(
    demand_id: IdPath,
    body: Annotated[
        DemandUpdate,
        Body(openapi_examples=examples.body_examples(some=("改几项", examples.DEMAND_CHANGE))),
    ],
    parts: PartsDep,
) -> DemandRead:
    """只改传来的字段；对自动识别的字段传 null 表示交回自动识别。版本号不符时答复 409。"""
    parts.service.intake.demands.change(demand_id, body)
    return _show(parts, demand_id)


@router.post("/{id}/publish", summary="发布需求", responses=_WRITES)
def publish_demand(demand_id: IdPath, parts: PartsDep) -> DemandRead:
    """进入匹配；不属于专利导航的答复 409，人工指定应用场景后可再发布。"""
    parts.service.intake.demands.publish(demand_id)
    return _show(parts, demand_id)


@router.post("/{id}/pause", summary="暂停需求", responses=_WRITES)
def pause_demand(demand_id: IdPath, parts: PartsDep) -> DemandRead:
    """暂不参加匹配；再次发布即恢复。"""
    parts.service.intake.demands.pause(demand_id)
    return _show(parts, demand_id)


@router.post("/{id}/withdraw", summary="撤回需求", responses=_WRITES)
def withdraw_demand(demand_id: IdPath, parts: PartsDep) -> DemandRead:
    """撤回后不再参加匹配，不能恢复。"""
    parts.service.intake.demands.withdraw(demand_id)
    return _show(parts, demand_id)


@router.delete(BY_KEY, status_code=204, summary="删除需求")
def delete_demand(demand_id: IdPath, parts: PartsDep, reason: DeleteReason = None) -> None:
    """删除后不再出现；变更日志中留有删除记录。"""
    parts.service.intake.demands.delete(demand_id, reason)


@router.put("/{id}/tags", summary="人工指定需求的标签", responses=_WRITES)
def decide_demand_tags(
    demand_id: IdPath,
    body: Annotated[
        TagsUpdate, Body(openapi_examples=examples.body_examples(codes=("指定", examples.TAGS)))
    ],
    parts: PartsDep,
) -> TagsRead:
    """按词表替换；人工指定的优先于自动识别，正文修改后仍然有效。空列表表示交回自动识别。"""
    row = parts.service.intake.tags.decide(Demand, demand_id, body)
    with parts.service.database.read() as session:
        return parts.presenter.tags(session, row)


@router.get("/{id}/ipc", summary="给需求建议 IPC 小类", dependencies=[SEARCH, TURN])
def suggest_demand_ipc(demand_id: IdPath, parts: PartsDep) -> IpcRead:
    """按导入的名称表建议，什么也不存；没有名称表时说明无从得知，不当作没有合适的。"""
    return parts.understanding.demand_ipc(demand_id)


@router.get("/{id}/matches", summary="为需求找服务机构", dependencies=[FRESH, SEARCH, TURN])
def match_demand(demand_id: IdPath, parts: PartsDep, options: OptionsQuery) -> MatchAnswer:
    """按匹配程度排序，每条附理由、资格核对和待核实事项；草稿也可以先看。"""
    return _ask(parts, demand_id, Direction.DEMAND_TO_PROVIDER, options)


@router.get("/{id}/similar", summary="找相似的需求", dependencies=[FRESH, SEARCH, TURN])
def find_similar_demands(demand_id: IdPath, parts: PartsDep, options: OptionsQuery) -> MatchAnswer:
    """找出意思相近的其他需求，供合并对接。"""
    return _ask(parts, demand_id, Direction.DEMAND_TO_DEMAND, options)


@router.get("/{id}/cases", summary="为需求找案例", dependencies=[FRESH, SEARCH, TURN])
def find_demand_cases(demand_id: IdPath, parts: PartsDep, options: OptionsQuery) -> MatchAnswer:
    """找出做过的类似项目。"""
    return _ask(parts, demand_id, Direction.DEMAND_TO_CASE, options)


def _ask(parts: Parts, demand_id: str, direction: Direction, options: OptionsQuery) -> MatchAnswer:
    question = parts.matching.ask_stored(demand_id, direction)
    return parts.matching.answer_question(question, direction, options)


def _show(parts: Parts, demand_id: str) -> DemandRead:
    with parts.service.database.read() as session:
        demand = repository.get(session, Demand, demand_id)
        return parts.presenter.demands(session, [demand])[0]
