"""What pages anywhere may show: public rows, public fields."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import FRESH, SEARCH, PartsDep, problem_responses
from api.schemas.texts import RowId
from api.schemas.widget import WidgetAnswer
from api.widget import MAX_RESULTS, WidgetQuestion, WidgetText

router = APIRouter(prefix="/v1/widget", tags=["公开组件"])


@router.get(
    "/matches",
    summary="公开的匹配结果",
    dependencies=[FRESH, SEARCH],
    responses=problem_responses(404, 409, 422, 503),
)
def widget_matches(
    parts: PartsDep,
    demand: Annotated[RowId | None, Query(description="公开需求的编号：找服务机构。")] = None,
    provider: Annotated[RowId | None, Query(description="公开机构的编号：找需求。")] = None,
    text: Annotated[
        WidgetText | None,
        Query(description="一段文字：找服务机构。", examples=["功率模块出口前的专利侵权风险排查"]),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_RESULTS, description="条数，最多 10。")] = 5,
) -> WidgetAnswer:
    """demand、provider、text 三选一。只含公开可见的记录和字段，任何网页都可以取用。"""
    return parts.widget.answer(WidgetQuestion(demand, provider, text, limit))
