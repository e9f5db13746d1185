"""Shapes of interactions: what somebody does, and how far both sides have come."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.schemas.base import MAX_INT, Schema, absent
from api.schemas.texts import Message, RowId
from models.vocabulary.interaction import DeclineReason, InteractionAct, InteractionState, Side

Stars = Annotated[int, Field(strict=True, ge=1, le=5)]


class ActIn(Schema):
    """What somebody does."""

    act: InteractionAct = Field(
        description="做什么；现在可以做的见 acts。提醒和终止只由平台来做。", examples=["invite"]
    )
    body: Message | None = absent(
        "留言，不超过 2000 字；提问、答复、方案报价和约谈必填。", "请问能否在九月底前完成？"
    )
    reason: DeclineReason | None = absent("谢绝或不再显示的原因，必填。", "price_high")
    quality: Stars | None = absent("完成质量，1 至 5 星；评价时必填。", 5)
    usefulness: Stars | None = absent("成果实用性，1 至 5 星；评价时必填。", 4)
    side: Side | None = absent(
        "以哪一方的身份；不填时按所在单位判断，只有管理方代为操作时需要填。", "base"
    )


class InteractionCreate(ActIn):
    """The first act between a demand and a provider, or a further one."""

    demand_id: RowId = Field(description="需求编号。", examples=["dm_01JZX3V8Q4W6T2N9K7M5R1C0BD"])
    provider_id: RowId = Field(
        description="服务机构编号。", examples=["pv_01JZX3V8Q4W6T2N9K7M5R1C0BD"]
    )


class ActCreate(ActIn):
    """A further act in an interaction that was read before."""

    version: Annotated[int, Field(strict=True, ge=0, le=MAX_INT)] = Field(
        description="读取时得到的版本号；对方已有新的进展时答复 409。", examples=[1]
    )


class InteractionEventRead(Schema):
    """One act."""

    id: str = Field(description="编号。")
    act: InteractionAct = Field(description="做了什么。", examples=["invite"])
    act_label: str = Field(description="中文名。", examples=["邀请"])
    side: Side = Field(description="哪一方做的。", examples=["base"])
    by: str | None = Field(description="单位名称；双方有意之前不显示成果使用单位。")
    state: InteractionState = Field(description="其后的状态。", examples=["invited"])
    body: str | None = Field(description="留言。")
    reason: DeclineReason | None = Field(description="原因。")
    reason_label: str | None = Field(description="原因的中文名。")
    quality: int | None = Field(description="完成质量，1 至 5 星。")
    usefulness: int | None = Field(description="成果实用性，1 至 5 星。")
    created_at: datetime = Field(description="时间（UTC）。")


class InteractionRead(Schema):
    """A demand and a provider, as one side sees them."""

    id: str = Field(description="对接编号。")
    demand_id: str = Field(description="需求编号。")
    demand_title: str | None = Field(description="需求标题；已看不到这条需求时为空。")
    provider_id: str = Field(description="服务机构编号。")
    provider_name: str | None = Field(description="服务机构名称。")
    base_name: str | None = Field(description="服务基地名称；基地没有出面之前按其可见范围显示。")
    recipient_name: str | None = Field(description="成果使用单位名称；双方有意之前不显示。")
    state: InteractionState = Field(description="状态。", examples=["invited"])
    state_label: str = Field(description="状态的中文名。", examples=["已邀请，待机构答复"])
    version: int = Field(description="版本号，双方看得到的每一步加一。", examples=[1])
    my_side: Side = Field(
        description="您是哪一方；只是查看的管理方为 platform。", examples=["base"]
    )
    awaiting: Side | None = Field(description="等哪一方答复；不等谁时为空。", examples=["provider"])
    due_at: datetime | None = Field(
        description="答复期限（UTC）：先提醒一次，再过 5 个工作日仍不答复即终止。"
    )
    reminded_at: datetime | None = Field(description="提醒的时间（UTC）。")
    ended_by: Side | None = Field(description="谢绝或撤回的一方。")
    is_shortlisted: bool = Field(description="是否列入候选。")
    is_saved: bool | None = Field(description="基地是否收藏；只有基地看得到。")
    hidden_reason: DeclineReason | None = Field(description="基地不再显示的原因；只有基地看得到。")
    acts: list[InteractionAct] = Field(description="您这一方现在可以做的。", examples=[["ask"]])
    updated_at: datetime = Field(description="双方最近一次进展的时间（UTC）。")


class InteractionDetail(InteractionRead):
    """An interaction with its history."""

    events: list[InteractionEventRead] = Field(description="您看得到的各步，早的在前。")
