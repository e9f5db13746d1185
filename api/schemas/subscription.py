"""Shapes of subscriptions."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.base import Schema, absent
from api.schemas.demand import DESCRIPTION_EXAMPLE
from api.schemas.texts import (
    FilterText,
    IndustryCode,
    Keyword,
    QueryText,
    RegionFilter,
    ScenarioCode,
)
from models.vocabulary.matching import Band
from models.vocabulary.notification import Cadence, SubscriptionKind
from models.vocabulary.row import Entity

FeedToken = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{48}$")]


class SavedFilters(Schema):
    """What is looked for must have."""

    region: RegionFilter | None = absent("所在地代码。", "32")
    scenario: ScenarioCode | None = absent("应用场景或其大类。", "ENT")
    industry: IndustryCode | None = absent("产业代码或其大类。", "1")
    text: FilterText | None = absent("标题或正文中的词；只用于保存的检索。", "碳化硅")


class SubscriptionCreate(Schema):
    """What somebody wants to be told of."""

    name: Keyword = Field(description="名称。", examples=["碳化硅出口风险"])
    entity: Entity = Field(
        default=Entity.DEMAND, description="找什么：demand 或 provider。", examples=["demand"]
    )
    text: QueryText | None = absent(
        "像这段文字的；填了就按意思找，不填就按条件找。", DESCRIPTION_EXAMPLE
    )
    filters: SavedFilters = Field(default=SavedFilters(), description="条件，须同时满足。")
    min_band: Band = Field(
        default=Band.GOOD, description="按意思找时，至少要达到的档位。", examples=["good"]
    )
    cadence: Cadence = Field(
        default=Cadence.DAILY, description="最多多久通知一次。", examples=["daily"]
    )

    @model_validator(mode="after")
    def check_question(self) -> Self:
        """Refuse a subscription to nothing in particular, and to what cannot be looked for."""
        if self.entity not in (Entity.DEMAND, Entity.PROVIDER):
            raise PydanticCustomError("subscription_entity", "只能订阅需求或服务机构。")
        if self.text is None and not self.filters.model_dump(exclude_none=True):
            raise PydanticCustomError("subscription_empty", "请填写文字，或至少一个条件。")
        return self


class SubscriptionRead(Schema):
    """A subscription."""

    id: str = Field(description="编号。")
    name: str = Field(description="名称。")
    kind: SubscriptionKind = Field(description="按条件还是按意思。", examples=["like_text"])
    entity: Entity = Field(description="找什么。", examples=["demand"])
    text: str | None = Field(description="像这段文字的。")
    filters: SavedFilters = Field(description="条件。")
    min_band: Band = Field(description="至少要达到的档位。")
    cadence: Cadence = Field(description="最多多久通知一次。")
    n_found: int = Field(description="一共找到多少条。", examples=[2])
    created_at: datetime = Field(description="登记时间（UTC）。")


class SubscriptionMade(Schema):
    """A subscription with the address of its feed, shown once."""

    feed: str = Field(description="Atom 订阅源的地址；只在这次答复中出现，谁有它谁就能看。")
    about: SubscriptionRead = Field(description="登记的内容。")


class FoundItem(Schema):
    """Something a subscription found and its maker may see."""

    id: str = Field(description="记录编号。")
    title: str = Field(description="标题或机构名称。")
    band: Band | None = Field(description="档位；按条件找的为空。")
    band_label: str | None = Field(description="档位的中文名。")
    found_at: datetime = Field(description="找到的时间（UTC）。")
