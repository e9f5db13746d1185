"""Notifications over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Body, Query

from api.dependencies import Cursor, Limit, PartsDep, problem_responses
from api.schemas import examples
from api.schemas.base import Total
from api.schemas.notification import (
    NotificationItem,
    NotificationPage,
    ReadMark,
    UnreadCount,
)
from api.strict_json import StrictRoute

router = APIRouter(
    prefix="/v1/notifications",
    tags=["通知"],
    route_class=StrictRoute,
    responses=problem_responses(404, 422, 503),
)

_WRITES = problem_responses(400, 409, 413, 415)


@router.get("", summary="列出通知")
def list_notifications(
    parts: PartsDep,
    unread: Annotated[bool, Query(description="是否只看未读的。")] = False,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> NotificationPage:
    """发给本单位的，新的在前；已读未读各人算各人的。保留 180 天。"""
    page = parts.inbox.page(unread=unread, after=cursor, limit=limit)
    labels = parts.service.vocabularies.labels
    return NotificationPage(
        items=[
            NotificationItem(
                id=row.id,
                kind=row.kind,
                kind_label=labels.of(row.kind),
                text=row.text,
                interaction_id=row.interaction_id,
                demand_id=row.demand_id,
                provider_id=row.provider_id,
                subscription_id=row.subscription_id,
                created_at=row.created_at,
                read_at=read_at,
            )
            for row, read_at in page.found
        ],
        next_cursor=page.found[-1][0].id if page.has_more else None,
        total=Total(value=page.total),
        n_unread=page.n_unread,
    )


@router.post("/read", summary="标记通知已读", responses=_WRITES)
def mark_notifications_read(
    body: Annotated[
        ReadMark, Body(openapi_examples=examples.body_examples(every=("全部已读", {})))
    ],
    parts: PartsDep,
) -> UnreadCount:
    """不填编号表示全部。别人的通知和不存在的编号不起作用，也不报错。"""
    return UnreadCount(n_unread=parts.inbox.mark_read(body.ids))
