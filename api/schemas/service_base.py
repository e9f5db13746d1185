"""Shapes of service bases (服务基地)."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from api.schemas.base import Count, Schema, absent
from api.schemas.texts import Keyword, OrganisationName, RegionCode, RowId, SourceRef, Uscc
from models.vocabulary.access import Visibility
from models.vocabulary.organisation import BaseLevel, BaseState, OrganisationType

NAME_EXAMPLE = "苏州示例半导体产业园管理委员会"


class BaseCreate(Schema):
    """A service base as it is registered."""

    name: OrganisationName = Field(description="机构名称。", examples=[NAME_EXAMPLE])
    short_name: Keyword | None = absent("简称。")
    uscc: Uscc | None = absent("统一社会信用代码。")
    org_type: OrganisationType = Field(description="机构类型。", examples=["park"])
    park_level: Literal["national", "provincial", "other"] | None = absent(
        "园区级别；不是园区时不填。", "provincial"
    )
    region_code: RegionCode | None = absent("所在地，GB/T 2260 代码。", "320500")
    level: BaseLevel = Field(description="基地级别。", examples=["national"])
    batch: Keyword | None = absent("批次。", max_length=32)
    dept_name: OrganisationName | None = absent("承担部门。", "知识产权处")
    staff_count: Count | None = absent("从事专利导航的人数。", 9)
    service_count_total: Count | None = absent("累计服务次数。", 214)
    has_fund: bool | None = absent("是否有稳定经费。", True, strict=True)
    has_premises: bool | None = absent("是否有场地。", True, strict=True)
    has_data: bool | None = absent("是否有数据资源。", True, strict=True)
    parent_base_id: RowId | None = absent("上级基地编号。")
    visibility: Visibility = Field(
        default=Visibility.PLATFORM, description="可见范围。", examples=["platform"]
    )
    source_ref: SourceRef | None = absent("来源系统中的编号，全库唯一。")


class BaseRead(Schema):
    """A stored service base."""

    id: str = Field(description="基地编号。", examples=["bs_01JZX3V8Q4W6T2N9K7M5R1C0BD"])
    organisation_id: str = Field(description="机构编号。")
    version: int = Field(description="版本号。", examples=[1])
    state: BaseState = Field(description="状态。", examples=["active"])
    level: BaseLevel = Field(description="基地级别。")
    name: str = Field(description="机构名称。", examples=[NAME_EXAMPLE])
    short_name: str | None = Field(description="简称。")
    org_type: OrganisationType = Field(description="机构类型。")
    region_code: str | None = Field(description="所在地代码。")
    region_name: str | None = Field(description="所在地名称。")
    batch: str | None = Field(description="批次。")
    dept_name: str | None = Field(description="承担部门。")
    staff_count: int | None = Field(description="从事专利导航的人数。")
    service_count_total: int | None = Field(description="累计服务次数。")
    has_fund: bool | None = Field(description="是否有稳定经费。")
    has_premises: bool | None = Field(description="是否有场地。")
    has_data: bool | None = Field(description="是否有数据资源。")
    parent_base_id: str | None = Field(description="上级基地编号。")
    visibility: Visibility = Field(description="可见范围。")
    source_ref: str | None = Field(description="来源系统中的编号。")
    created_at: datetime = Field(description="创建时间（UTC）。")
    updated_at: datetime = Field(description="修改时间（UTC）。")
