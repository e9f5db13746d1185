"""Shapes of capabilities, the unit that is found and ranked."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.base import Count, Schema, Unique, UpdateSchema, absent
from api.schemas.dates import Day
from api.schemas.tags import StoredTagRead
from api.schemas.texts import (
    CapabilityText,
    ClassCode,
    IndustryCode,
    IpcCode,
    Keyword,
    Line,
    RowId,
    ScenarioCode,
    ShortTitle,
    SourceRef,
)
from models.vocabulary.access import Visibility
from models.vocabulary.demand import Deliverable
from models.vocabulary.organisation import CapabilityKind, EvidenceLevel

TITLE_EXAMPLE = "功率半导体出口侵权风险排查"
TEXT_EXAMPLE = (
    "面向碳化硅、氮化镓功率器件企业，逐项比对封装互连和栅极驱动方面的专利权利要求，"
    "出具侵权风险排查报告、风险专利名单和规避设计建议。"
)


class TypicalDays(Schema):
    """How long the work usually takes, in days."""

    min: Count | None = absent("最短天数。", 25)
    max: Count | None = absent("最长天数。", 45)

    @model_validator(mode="after")
    def check_order(self) -> Self:
        """Refuse a minimum above the maximum."""
        if self.min is not None and self.max is not None and self.min > self.max:
            raise PydanticCustomError("days_order", "最短天数不能大于最长天数。")
        return self


class CapabilityCreate(Schema):
    """One thing a provider can do; tags left out are read from the text."""

    kind: CapabilityKind = Field(
        default=CapabilityKind.SERVICE, description="种类。", examples=["service"]
    )
    title: ShortTitle = Field(description="标题，2 至 80 字。", examples=[TITLE_EXAMPLE])
    description: CapabilityText = Field(
        description="能力描述，30 至 2000 字。", examples=[TEXT_EXAMPLE]
    )
    any_industry: bool | None = absent("是否不限行业；不填时由正文判断。", None, strict=True)
    tech_keywords: Annotated[list[Keyword], Field(max_length=20), Unique] = Field(
        default_factory=list, description="技术关键词。", examples=[["碳化硅"]]
    )
    ipc: Annotated[list[IpcCode], Field(max_length=20), Unique] = Field(
        default_factory=list, description="国际专利分类号。", examples=[["H01L"]]
    )
    deliverables: Annotated[list[Deliverable], Field(max_length=13), Unique] | None = absent(
        "交付的成果形式；不填时由正文判断。", ["report", "list"]
    )
    methods: Annotated[list[Line], Field(max_length=10), Unique] = Field(
        default_factory=list, description="采用的方法。"
    )
    typical_days: TypicalDays | None = absent("通常工期。")
    case_ids: Annotated[list[RowId], Field(max_length=20), Unique] = Field(
        default_factory=list, description="支撑这项能力的案例编号。"
    )
    valid_until: Day | None = absent("有效期；长期有效时不填。")
    visibility: Visibility = Field(
        default=Visibility.PLATFORM, description="可见范围。", examples=["platform"]
    )
    scenario_tags: Annotated[list[ScenarioCode], Field(max_length=3), Unique] | None = absent(
        "人工指定的应用场景（二级代码）；不填时自动识别。", None
    )
    industry_tags: Annotated[list[IndustryCode], Field(max_length=5), Unique] | None = absent(
        "人工指定的战略性新兴产业代码；不填时自动识别。", None
    )
    class_tags: Annotated[list[ClassCode], Field(max_length=5), Unique] | None = absent(
        "人工指定的国民经济行业代码（GB/T 4754-2017）；不填时自动识别。", None
    )
    source_ref: SourceRef | None = absent("来源系统中的编号，全库唯一。")


class CapabilityUpdate(UpdateSchema):
    """A change of a capability."""

    never_null = frozenset(
        {"kind", "title", "description", "tech_keywords", "ipc", "methods"}
        | {"case_ids", "visibility"}
    )

    kind: CapabilityKind | None = absent("种类。", "service")
    title: ShortTitle | None = absent("标题。", TITLE_EXAMPLE)
    description: CapabilityText | None = absent("能力描述。", TEXT_EXAMPLE)
    any_industry: bool | None = absent("是否不限行业。", None, strict=True)
    tech_keywords: Annotated[list[Keyword], Field(max_length=20), Unique] | None = absent(
        "技术关键词。", ["碳化硅"]
    )
    ipc: Annotated[list[IpcCode], Field(max_length=20), Unique] | None = absent(
        "国际专利分类号。", ["H01L"]
    )
    deliverables: Annotated[list[Deliverable], Field(max_length=13), Unique] | None = absent(
        "交付的成果形式。", ["report"]
    )
    methods: Annotated[list[Line], Field(max_length=10), Unique] | None = absent("采用的方法。", [])
    typical_days: TypicalDays | None = absent("通常工期。")
    case_ids: Annotated[list[RowId], Field(max_length=20), Unique] | None = absent(
        "支撑这项能力的案例编号。", []
    )
    valid_until: Day | None = absent("有效期。")
    visibility: Visibility | None = absent("可见范围。", "public")


class CapabilityRead(Schema):
    """A stored capability with its tags."""

    id: str = Field(description="能力编号。", examples=["cp_01JZX3V8Q4W6T2N9K7M5R1C0BD"])
    provider_id: str = Field(description="所属服务机构编号。")
    version: int = Field(description="版本号，修改时带上。", examples=[1])
    kind: CapabilityKind = Field(description="种类。")
    title: str = Field(description="标题。", examples=[TITLE_EXAMPLE])
    description: str = Field(description="能力描述。", examples=[TEXT_EXAMPLE])
    any_industry: bool = Field(description="是否不限行业。")
    tech_keywords: list[str] = Field(description="技术关键词。")
    ipc: list[str] = Field(description="国际专利分类号。")
    deliverables: list[Deliverable] = Field(description="交付的成果形式。")
    methods: list[str] = Field(description="采用的方法。")
    typical_days: TypicalDays = Field(description="通常工期。")
    case_ids: list[str] = Field(description="支撑这项能力的案例编号。")
    evidence_level: EvidenceLevel = Field(description="依据的程度。")
    valid_until: date | None = Field(description="有效期。")
    visibility: Visibility = Field(description="可见范围。")
    source_ref: str | None = Field(description="来源系统中的编号。")
    tags: list[StoredTagRead] = Field(description="现行标签。")
    human_fields: list[str] = Field(description="由人填写、自动识别不会改动的字段。")
    created_at: datetime = Field(description="创建时间（UTC）。")
    updated_at: datetime = Field(description="修改时间（UTC）。")
