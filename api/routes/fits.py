"""Looking closer at single providers over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import FRESH, SEARCH, TURN, IdPath, PartsDep, problem_responses
from api.fitting import MAX_COMPARED
from api.schemas.base import unique
from api.schemas.fit import ComparisonRead, FitRead
from api.schemas.texts import RowId

router = APIRouter(prefix="/v1", responses=problem_responses(404, 422, 503))


@router.get(
    "/providers/{id}/fit",
    summary="为什么（没有）被推荐",
    tags=["服务机构"],
    dependencies=[FRESH, SEARCH, TURN],
    responses=problem_responses(409),
)
def explain_fit(
    provider_id: IdPath,
    parts: PartsDep,
    demand: Annotated[RowId, Query(description="看得到的一条需求的编号。")],
) -> FitRead:
    """只答本机构：与这条需求逐项比较，不满足和待核实的条件，可以改进的地方；不涉及其他机构。"""
    return parts.fitting.fit(provider_id, demand)


@router.get(
    "/demands/{id}/comparison",
    summary="并排比较几家机构",
    tags=["需求"],
    dependencies=[FRESH, SEARCH, TURN],
)
def compare_providers(
    demand_id: IdPath,
    parts: PartsDep,
    provider: Annotated[
        list[RowId],
        Query(
            min_length=1,
            max_length=MAX_COMPARED,
            description="服务机构编号，最多 4 家。",
            examples=[["pv_01JZX3V8Q4W6T2N9K7M5R1C0BD"]],
        ),
    ],
) -> ComparisonRead:
    """机构资料、逐项匹配、资格核对和已有的对接，按提问的次序；被排除的也列出原因。"""
    return parts.fitting.compare(demand_id, unique(provider))
