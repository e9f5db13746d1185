"""Shapes of cases: finished work that shows what a provider can do."""

import datetime
from typing import Annotated

from pydantic import Field

from api.schemas.base import Count, Schema, Unique, UpdateSchema, absent
from api.schemas.dates import Day
from api.schemas.tags import StoredTagRead
from api.schemas.texts import (
    CaseSummary,
    ClassCode,
    IndustryCode,
    Line,
    RegionCode,
    RowId,
    ScenarioCode,
    SourceRef,
    Title,
)
from models.vocabulary.access import Visibility
from models.vocabulary.demand import ApplicationForm, Deliverable
from models.vocabulary.organisation import CaseState, OrganisationType

TITLE_EXAMPLE = "某市功率半导体产业专利导航"
SUMMARY_EXAMPLE = (
    "面向某市功率半导体产业，采集全球碳化硅、氮化镓器件专利约四万件，从衬底外延、器件结构到模块封装"
    "逐段分析专利布局，给出产业方向、本地定位和发展路径建议，列出可引进企业和可合作团队名单。"
    "成果写入该市半导体产业三年行动计划，并用于两次招商洽谈。"
)

Year = Annotated[int, Field(strict=True, ge=1985, le=2100)]
Url = Annotated[str, Field(max_length=500, pattern=r"^https?://[\x21-\x7e]+$")]


class Application(Schema):
    """How a result was used."""

    form: ApplicationForm = Field(description="应用形式。", examples=["plan_text"])
    adopted_by: Line | None = absent("采用单位。", "某市工业和信息化局")
    date: Day | None = absent("采用日期。", "2024-06-30")
    effect_text: Line | None = absent("成效。", "写入三年行动计划")


class CaseCreate(Schema):
    """A case as it is registered; tags left out are read from the text."""

    title: Title = Field(description="标题，6 至 80 字。", examples=[TITLE_EXAMPLE])
    summary: CaseSummary = Field(description="摘要，100 至 2000 字。", examples=[SUMMARY_EXAMPLE])
    provider_id: RowId | None = absent("承担的服务机构编号。")
    base_id: RowId | None = absent("组织的服务基地编号。")
    recipient_type: OrganisationType | None = absent("服务对象的类型。", "gov_authority")
    region_code: RegionCode | None = absent("所在地；不填时由摘要判断。", "320500")
    year: Year | None = absent("完成年份。", 2024)
    deliverables: Annotated[list[Deliverable], Field(max_length=13), Unique] | None = absent(
        "交付的成果形式；不填时由摘要判断。", ["report"]
    )
    report_pages: Count | None = absent("报告页数。", 180)
    data_volume: Count | None = absent("数据量（件）。", 40_000)
    standard_followed: Line | None = absent("依据的标准。", "GB/T 39551.3-2020", max_length=32)
    application: list[Application] = Field(
        default_factory=list, max_length=20, description="应用情况。"
    )
    award: Line | None = absent("所获奖励。", max_length=100)
    source_url: Url | None = absent("出处链接。")
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
    publish: bool = Field(
        default=False, strict=True, description="存入后立即发布。", examples=[True]
    )


class CaseUpdate(UpdateSchema):
    """A change of a case."""

    never_null = frozenset({"title", "summary", "application", "visibility"})

    title: Title | None = absent("标题。", TITLE_EXAMPLE)
    summary: CaseSummary | None = absent("摘要。", SUMMARY_EXAMPLE)
    provider_id: RowId | None = absent("承担的服务机构编号。")
    base_id: RowId | None = absent("组织的服务基地编号。")
    recipient_type: OrganisationType | None = absent("服务对象的类型。", "gov_authority")
    region_code: RegionCode | None = absent("所在地。", "320500")
    year: Year | None = absent("完成年份。", 2024)
    deliverables: Annotated[list[Deliverable], Field(max_length=13), Unique] | None = absent(
        "交付的成果形式。", ["report"]
    )
    report_pages: Count | None = absent("报告页数。", 180)
    data_volume: Count | None = absent("数据量（件）。", 40_000)
    standard_followed: Line | None = absent("依据的标准。", "GB/T 39551.3-2020", max_length=32)
    application: list[Application] | None = absent("应用情况。", [], max_length=20)
    award: Line | None = absent("所获奖励。", max_length=100)
    source_url: Url | None = absent("出处链接。")
    visibility: Visibility | None = absent("可见范围。", "public")


class CaseRead(Schema):
    """A stored case with its tags."""

    id: str = Field(description="案例编号。", examples=["cs_01JZX3V8Q4W6T2N9K7M5R1C0BD"])
    version: int = Field(description="版本号，修改时带上。", examples=[1])
    state: CaseState = Field(description="状态。", examples=["published"])
    title: str = Field(description="标题。", examples=[TITLE_EXAMPLE])
    summary: str = Field(description="摘要。", examples=[SUMMARY_EXAMPLE])
    provider_id: str | None = Field(description="承担的服务机构编号。")
    base_id: str | None = Field(description="组织的服务基地编号。")
    recipient_type: OrganisationType | None = Field(description="服务对象的类型。")
    region_code: str | None = Field(description="所在地代码。", examples=["320500"])
    region_name: str | None = Field(description="所在地名称。", examples=["苏州市"])
    year: int | None = Field(description="完成年份。", examples=[2024])
    deliverables: list[Deliverable] = Field(description="交付的成果形式。")
    report_pages: int | None = Field(description="报告页数。")
    data_volume: int | None = Field(description="数据量（件）。")
    standard_followed: str | None = Field(description="依据的标准。")
    application: list[Application] = Field(description="应用情况。")
    award: str | None = Field(description="所获奖励。")
    source_url: str | None = Field(description="出处链接。")
    verified: bool = Field(description="是否经核验。")
    visibility: Visibility = Field(description="可见范围。")
    source_ref: str | None = Field(description="来源系统中的编号。")
    is_own: bool = Field(description="是否属于本单位或所辖的单位，可以修改。", examples=[True])
    tags: list[StoredTagRead] = Field(description="现行标签。")
    created_at: datetime.datetime = Field(description="创建时间（UTC）。")
    updated_at: datetime.datetime = Field(description="修改时间（UTC）。")
