"""Shapes of invitations and contacts."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from api.schemas.base import Schema, absent
from api.schemas.texts import Keyword, RowId
from models.vocabulary.row import Entity

Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ()-]{5,30}$")]
Email = Annotated[
    str, StringConstraints(max_length=100, pattern=r"^[\w.+-]{1,64}@[\w-]+(\.[\w-]+)+$")
]


class InvitationCreate(Schema):
    """An organisation that is to be shown a row."""

    row_id: RowId = Field(description="让对方看到的记录：需求、服务机构、能力或案例的编号。")
    invitee_id: RowId = Field(description="受邀的服务机构或服务基地的编号。")


class InvitationRead(Schema):
    """An invitation."""

    id: str = Field(description="邀请编号。")
    entity: Entity = Field(description="记录的种类。", examples=["demand"])
    row_id: str = Field(description="记录编号。")
    organisation_id: str = Field(description="受邀单位编号。")
    is_mine: bool = Field(description="是否邀请了本单位；否则是本单位发出的。")
    created_at: datetime = Field(description="发出时间（UTC）。")
    accepted_at: datetime | None = Field(
        description="接受时间（UTC）；接受后双方有意，才能看到联系人和使用单位。"
    )


class ContactWrite(Schema):
    """Whom to speak to about a row."""

    name: Keyword = Field(description="姓名。", examples=["示例联系人"])
    phone: Phone | None = absent("电话。", "0512-00000000")
    email: Email | None = absent("电子邮箱。", "contact@example.org")


class ContactRead(Schema):
    """Whom to speak to about a row; every look at it is recorded."""

    row_id: str = Field(description="记录编号。")
    name: str = Field(description="姓名。")
    phone: str | None = Field(description="电话。")
    email: str | None = Field(description="电子邮箱。")
    recipient_name: str | None = Field(description="成果使用单位的名称；需求没有指明时为空。")
