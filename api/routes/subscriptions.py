"""Subscriptions and their feeds over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Response

from api.dependencies import IdPath, PartsDep, problem_responses
from api.feed import atom, entries_of, read_feed
from api.listing import Conditions
from api.notices.subscriptions import NewSubscription
from api.routes.session import NO_STORE
from api.schemas import examples
from api.schemas.subscription import (
    FeedToken,
    FoundItem,
    SavedFilters,
    SubscriptionCreate,
    SubscriptionMade,
    SubscriptionRead,
)
from api.strict_json import StrictRoute
from models.demand import Demand
from models.subscription import Subscription

router = APIRouter(
    prefix="/v1",
    tags=["订阅"],
    route_class=StrictRoute,
    responses=problem_responses(404, 422, 503),
)

_WRITES = problem_responses(400, 409, 413, 415)
ATOM = "application/atom+xml; charset=utf-8"


@router.get("/subscriptions", summary="列出订阅")
def list_subscriptions(parts: PartsDep) -> list[SubscriptionRead]:
    """本单位的，早的在前。"""
    return [_read(row, n_found) for row, n_found in parts.subscriptions.list()]


@router.post("/subscriptions", status_code=201, summary="登记订阅", responses=_WRITES)
def create_subscription(
    body: Annotated[
        SubscriptionCreate,
        Body(
            openapi_examples=examples.body_examples(
                search=("保存的检索", examples.SAVED_SEARCH),
                like=("像这段文字的", examples.LIKE_TEXT),
            )
        ),
    ],
    parts: PartsDep,
    response: Response,
) -> SubscriptionMade:
    """此后发布的需求（或机构）符合条件、或与文字意思相近达到档位的，按所设的频率通知。

    只找得到登记人看得到的；每条只通知一次。订阅源的地址只在这次答复中出现。
    """
    known = Conditions(parts.service.vocabularies)
    known.region(Demand, body.filters.region)
    known.tags(Demand, body.filters.scenario, body.filters.industry)
    filters = body.filters.model_dump(exclude_none=True)
    new = NewSubscription(body.name, body.entity, body.text, filters, body.min_band, body.cadence)
    return _made(*parts.subscriptions.create(new), 0, response)


@router.delete("/subscriptions/{id}", status_code=204, summary="删除订阅")
def remove_subscription(subscription_id: IdPath, parts: PartsDep) -> None:
    """连同找到的和订阅源。"""
    parts.subscriptions.remove(subscription_id)


@router.post("/subscriptions/{id}/feed", status_code=201, summary="换新订阅源地址")
def renew_feed(subscription_id: IdPath, parts: PartsDep, response: Response) -> SubscriptionMade:
    """旧地址从下一个请求起打不开。"""
    return _made(*parts.subscriptions.renew_feed(subscription_id), response)


@router.get("/subscriptions/{id}/found", summary="列出订阅找到的")
def list_found(subscription_id: IdPath, parts: PartsDep) -> list[FoundItem]:
    """新的在前，最多 50 条；后来看不到了的不列出。"""
    subscription, hits = parts.subscriptions.hits(subscription_id)
    labels = parts.service.vocabularies.labels
    return [
        FoundItem(
            id=entry.id,
            title=entry.title,
            band=entry.band,
            band_label=labels.of(entry.band) if entry.band is not None else None,
            found_at=entry.found_at,
        )
        for entry in entries_of(parts.service.database, subscription, hits)
    ]


@router.get(
    "/feeds/{token}",
    summary="订阅源（Atom）",
    response_class=Response,
    responses={200: {"content": {"application/atom+xml": {}}, "description": "Atom 订阅源。"}},
)
def read_subscription_feed(
    token: Annotated[FeedToken, Path(description="订阅源地址中的令牌。")], parts: PartsDep
) -> Response:
    """凭地址中的令牌阅读，内容与登记人能看到的相同；登记人停用后打不开。"""
    service = parts.service
    subscription, entries = read_feed(service.database, token, service.now())
    content = atom(subscription, entries, service.settings.public_url)
    return Response(content, media_type=ATOM, headers=NO_STORE)


def _made(
    subscription: Subscription, token: str, n_found: int, response: Response
) -> SubscriptionMade:
    response.headers.update(NO_STORE)
    return SubscriptionMade(feed=f"/v1/feeds/{token}", about=_read(subscription, n_found))


def _read(row: Subscription, n_found: int) -> SubscriptionRead:
    return SubscriptionRead(
        id=row.id,
        name=row.name,
        kind=row.kind,
        entity=row.entity,
        text=row.text,
        filters=SavedFilters(**row.filters),
        min_band=row.min_band,
        cadence=row.cadence,
        n_found=n_found,
        created_at=row.created_at,
    )
