"""Shapes of notifications: the list in the console, webhooks, mailboxes."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.schemas.base import Schema, Total, Unique, absent
from api.schemas.invitation import Email
from api.schemas.texts import Keyword, RowId, WebhookUrl
from models.vocabulary.notification import Cadence, DeliveryState, NotificationKind


class NotificationItem(Schema):
    """One sentence somebody is told."""

    id: str = Field(description="编号。")
    kind: NotificationKind = Field(description="种类。", examples=["interest"])
    kind_label: str = Field(description="种类的中文名。", examples=["机构表示意向"])
    text: str = Field(description="一句话。")
    interaction_id: str | None = Field(description="有关的对接。")
    demand_id: str | None = Field(description="有关的需求。")
    provider_id: str | None = Field(description="有关的服务机构。")
    subscription_id: str | None = Field(description="有关的订阅。")
    created_at: datetime = Field(description="时间（UTC）。")
    read_at: datetime | None = Field(description="您阅读的时间（UTC）；未读为空。")


class NotificationPage(Schema):
    """A page of notifications."""

    items: list[NotificationItem] = Field(description="本页通知，新的在前。")
    next_cursor: str | None = Field(description="下一页的游标；没有下一页时为空。")
    total: Total = Field(description="总数。")
    n_unread: int = Field(description="未读数。", examples=[3])


class ReadMark(Schema):
    """What somebody has read."""

    ids: Annotated[list[RowId], Field(max_length=200), Unique] | None = absent(
        "已读的通知；不填表示全部。", None
    )


class UnreadCount(Schema):
    """How many are left."""

    n_unread: int = Field(description="未读数。", examples=[0])


class WebhookCreate(Schema):
    """An address that is to be told by signed requests."""

    name: Keyword = Field(description="名称。", examples=["业务系统"])
    url: WebhookUrl = Field(
        description="地址：https，公网域名，端口 443 或 8443；内网地址须由管理员许可。",
        examples=["https://hooks.example.org/navmatch"],
    )
    kinds: Annotated[list[NotificationKind], Field(max_length=16), Unique] = Field(
        default_factory=list, description="通知哪些种类；空列表表示全部。", examples=[["interest"]]
    )


class WebhookRead(Schema):
    """A webhook."""

    id: str = Field(description="编号。")
    name: str = Field(description="名称。")
    url: str = Field(description="地址。")
    kinds: list[NotificationKind] = Field(description="通知的种类；空列表表示全部。")
    created_at: datetime = Field(description="登记时间（UTC）。")


class WebhookMade(Schema):
    """A webhook with its secret, shown once."""

    secret: str = Field(description="签名密钥；只在这次答复中出现。")
    about: WebhookRead = Field(description="登记的内容。")


class DeliveryRead(Schema):
    """One errand to a webhook."""

    id: str = Field(description="编号，即请求头 webhook-id。")
    state: DeliveryState = Field(description="进展。", examples=["done"])
    n_tries: int = Field(description="试了几次。", examples=[1])
    last_error: str | None = Field(description="最近一次的错误代码。")
    created_at: datetime = Field(description="时间（UTC）。")
    next_at: datetime | None = Field(description="下次尝试的时间（UTC）。")
    done_at: datetime | None = Field(description="送达或放弃的时间（UTC）。")


class MailboxWrite(Schema):
    """Where somebody wants their digest."""

    address: Email = Field(description="电子邮箱。", examples=["contact@example.org"])
    cadence: Cadence = Field(
        default=Cadence.DAILY, description="最多多久一封。", examples=["daily"]
    )


class MailboxRead(Schema):
    """Where somebody gets their digest."""

    address: str | None = Field(description="电子邮箱；没有设置时为空。")
    cadence: Cadence | None = Field(description="最多多久一封；没有设置时为空。")
    is_sent: bool = Field(description="本系统是否设置了邮件服务器。")
