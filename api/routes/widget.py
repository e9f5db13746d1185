"""What pages anywhere may show: public rows, public fields."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.dependencies import FRESH, SEARCH, TURN, PartsDep, PrincipalDep, problem_responses
from api.identity.principal import Principal
from api.schemas.texts import RowId
from api.schemas.widget import MAX_RESULTS, WidgetAnswer, WidgetText
from api.widget import WidgetQuestion, check_kind
from models.vocabulary.access import WidgetKind

router = APIRouter(prefix="/v1/widget", tags=["公开组件"])

Limit = Annotated[int, Query(ge=1, le=MAX_RESULTS, description="条数，最多 10。")]


async def get_page(
    principal: PrincipalDep,
    token: Annotated[
        str | None, Query(max_length=64, description="嵌入令牌；其他网站的网页必须带上。")
    ] = None,
) -> Principal:
    """Return as whom a page asks; its token was looked at before."""
    return principal


PageDep = Annotated[Principal, Depends(get_page)]


@router.get(
    "/matches",
    summary="公开的匹配结果",
    dependencies=[FRESH, SEARCH, TURN],
    responses=problem_responses(404, 409, 422, 503),
)
def widget_matches(
    parts: PartsDep,
    page: PageDep,
    demand: Annotated[RowId | None, Query(description="公开需求的编号：找服务机构。")] = None,
    provider: Annotated[RowId | None, Query(description="公开机构的编号：找需求。")] = None,
    text: Annotated[
        WidgetText | None,
        Query(description="一段文字：找服务机构。", examples=["功率模块出口前的专利侵权风险排查"]),
    ] = None,
    limit: Limit = 5,
) -> WidgetAnswer:
    """demand、provider、text 三选一。只含公开可见的记录和字段，达不到“一般”的不列出。"""
    question = WidgetQuestion(demand, provider, text, limit)
    check_kind(page, question.shows)
    return parts.widget.answer(question)


@router.get("/demands", summary="最新的公开需求", responses=problem_responses(422, 503))
def widget_demands(parts: PartsDep, page: PageDep, limit: Limit = 5) -> WidgetAnswer:
    """只含人人可见、仍在征集的需求，不显示提出单位。"""
    check_kind(page, WidgetKind.DEMANDS)
    return parts.widget.latest_demands(limit)


@router.get("/cases", summary="最新的公开案例", responses=problem_responses(422, 503))
def widget_cases(parts: PartsDep, page: PageDep, limit: Limit = 5) -> WidgetAnswer:
    """只含人人可见的案例。"""
    check_kind(page, WidgetKind.CASES)
    return parts.widget.latest_cases(limit)
