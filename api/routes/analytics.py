"""Figures over HTTP."""

from datetime import datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import FRESH, PartsDep, problem_responses
from api.schemas.analytics import FunnelRead, GapMap, InactiveRead, ResponsesRead
from api.schemas.dates import Day
from models.working_days import TIME_ZONE

router = APIRouter(
    prefix="/v1/analytics", tags=["统计"], responses=problem_responses(404, 422, 503)
)

SPAN = timedelta(days=90)
Since = Annotated[Day | None, Query(description="从哪一天起；不填为 90 天前。")]
Until = Annotated[Day | None, Query(description="到哪一天止（含）；不填为今天。")]


@router.get("/gaps", summary="供需缺口", dependencies=[FRESH])
def read_gaps(parts: PartsDep) -> GapMap:
    """按应用场景、产业领域、省级地区列出正在找机构的需求和能供给的机构数。

    管理方以外的人看不到少于 5 条的需求数；地方主管部门只看本地区。
    """
    return parts.analytics.gap_map()


@router.get("/funnel", summary="对接漏斗")
def read_funnel(parts: PartsDep, since: Since = None, until: Until = None) -> FunnelRead:
    """这段时间登记的需求各走到哪一步；地方主管部门只看本地区。"""
    return parts.analytics.funnel(*_span(parts, since, until))


@router.get("/responses", summary="答复快慢")
def read_responses(parts: PartsDep, since: Since = None, until: Until = None) -> ResponsesRead:
    """这段时间被邀请、被表示意向和被提问后，需求方和机构各用多久答复。"""
    return parts.analytics.responses(*_span(parts, since, until))


@router.get("/inactive", summary="不活跃的单位")
def read_inactive(
    parts: PartsDep,
    days: Annotated[int, Query(ge=1, le=3_650, description="多少天没有活动。")] = 90,
) -> InactiveRead:
    """没有改过资料、发过需求，也没有在对接中做过什么的基地和机构。"""
    return parts.analytics.inactive(days)


def _span(parts: PartsDep, since: Day | None, until: Day | None) -> tuple[datetime, datetime]:
    last = until or parts.service.today()
    first = since or last - SPAN
    begin = datetime.combine(first, time(), TIME_ZONE)
    return begin, datetime.combine(last, time(), TIME_ZONE) + timedelta(days=1)
