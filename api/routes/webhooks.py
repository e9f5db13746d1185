"""Webhooks and mailboxes over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from api.dependencies import IdPath, Parts, PartsDep, problem_responses
from api.notices.webhooks import NewWebhook
from api.routes.session import NO_STORE
from api.schemas import examples
from api.schemas.notification import (
    DeliveryRead,
    MailboxRead,
    MailboxWrite,
    WebhookCreate,
    WebhookMade,
    WebhookRead,
)
from api.strict_json import StrictRoute
from models.notification import Delivery, Mailbox, Webhook
from models.vocabulary.notification import DeliveryState, NotificationKind

router = APIRouter(
    prefix="/v1",
    tags=["通知"],
    route_class=StrictRoute,
    responses=problem_responses(404, 422, 503),
)

_WRITES = problem_responses(400, 409, 413, 415)


@router.get("/webhooks", summary="列出回调")
def list_webhooks(parts: PartsDep) -> list[WebhookRead]:
    """本单位在用的，不含签名密钥。"""
    return [_webhook(webhook) for webhook in parts.webhooks.list()]


@router.post("/webhooks", status_code=201, summary="登记回调", responses=_WRITES)
def create_webhook(
    body: Annotated[
        WebhookCreate,
        Body(openapi_examples=examples.body_examples(one=("业务系统", examples.WEBHOOK))),
    ],
    parts: PartsDep,
    response: Response,
) -> WebhookMade:
    """通知以签名的 POST 请求送达；签名密钥只在这次答复中出现。

    地址须为公网的 https；指向内部网络的拒绝，每次发送前还要再核对一次，不跟随重定向。
    """
    made, secret = parts.webhooks.create(NewWebhook(body.name, body.url, tuple(body.kinds)))
    response.headers.update(NO_STORE)
    return WebhookMade(secret=secret, about=_webhook(made))


@router.delete("/webhooks/{id}", status_code=204, summary="停用回调")
def revoke_webhook(webhook_id: IdPath, parts: PartsDep) -> None:
    """立即不再发送，包括还没有送达的。"""
    parts.webhooks.revoke(webhook_id)


@router.post("/webhooks/{id}/test", status_code=202, summary="测试回调")
def test_webhook(webhook_id: IdPath, parts: PartsDep) -> DeliveryRead:
    """发一个没有内容的请求；结果见发送记录。"""
    return _delivery(parts.webhooks.test(webhook_id))


@router.get("/webhooks/{id}/deliveries", summary="列出回调的发送记录")
def list_deliveries(webhook_id: IdPath, parts: PartsDep) -> list[DeliveryRead]:
    """新的在前，最多 100 条。试 8 次（前后约 32 小时）仍不成功即放弃。"""
    return [_delivery(delivery) for delivery in parts.webhooks.deliveries(webhook_id)]


@router.post(
    "/deliveries/{id}/retry",
    status_code=202,
    summary="重试已放弃的发送",
    responses=problem_responses(409),
)
def retry_delivery(delivery_id: IdPath, parts: PartsDep) -> DeliveryRead:
    """从头再试；只有已放弃的可以重试。"""
    return _delivery(parts.webhooks.try_again(delivery_id))


@router.get("/mailbox", summary="读取自己的邮件摘要设置")
def read_mailbox(parts: PartsDep) -> MailboxRead:
    """没有设置时地址和频率为空。"""
    return _mailbox(parts.mailboxes.read(), parts)


@router.put("/mailbox", summary="设置自己的邮件摘要", responses=_WRITES)
def set_mailbox(
    body: Annotated[
        MailboxWrite,
        Body(openapi_examples=examples.body_examples(daily=("每天一封", examples.MAILBOX))),
    ],
    parts: PartsDep,
) -> MailboxRead:
    """把未读的通知汇成一封邮件，有新的才发；此前的不再补发。"""
    return _mailbox(parts.mailboxes.set(body.address, body.cadence), parts)


@router.delete("/mailbox", status_code=204, summary="停发自己的邮件摘要")
def remove_mailbox(parts: PartsDep) -> None:
    """地址一并删除。"""
    parts.mailboxes.remove()


def _webhook(webhook: Webhook) -> WebhookRead:
    return WebhookRead(
        id=webhook.id,
        name=webhook.name,
        url=webhook.url,
        kinds=[NotificationKind(kind) for kind in webhook.kinds],
        created_at=webhook.created_at,
    )


def _mailbox(found: Mailbox | None, parts: Parts) -> MailboxRead:
    return MailboxRead(
        address=found.address if found is not None else None,
        cadence=found.cadence if found is not None else None,
        is_sent=parts.has_mail,
    )


def _delivery(delivery: Delivery) -> DeliveryRead:
    is_waiting = delivery.state is DeliveryState.WAITING
    return DeliveryRead(
        id=delivery.id,
        state=delivery.state,
        n_tries=delivery.n_tries,
        last_error=delivery.last_error,
        created_at=delivery.created_at,
        next_at=delivery.next_at if is_waiting else None,
        done_at=delivery.done_at,
    )
