"""Shapes of demands."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from api.schemas.base import Schema, Unique, UpdateSchema, absent
from api.schemas.dates import Day
from api.schemas.facts import Budget, BudgetRead, RequirementIn, RequirementRead
from api.schemas.tags import EvidenceRead, StoredTagRead
from api.schemas.texts import (
    Background,
    ClassCode,
    DecisionQuestion,
    Description,
    IndustryCode,
    IpcCode,
    Keyword,
    RegionCode,
    RowId,
    ScenarioCode,
    SourceRef,
    Title,
)
from models.vocabulary.access import Visibility
from models.vocabulary.demand import (
    ApplicationForm,
    Audience,
    Clarity,
    Confidentiality,
    Deliverable,
    DemandState,
    FundSource,
    ProcurementRoute,
    ServiceRegion,
)
from models.vocabulary.organisation import OrganisationType

TITLE_EXAMPLE = "车规级碳化硅功率模块出口侵权风险排查"
DESCRIPTION_EXAMPLE = (
    "我公司计划明年向欧洲出口车规级碳化硅功率模块，需要对封装互连和栅极驱动方面的专利做侵权风险"
    "排查，给出规避设计建议，并提交分析报告和风险专利名单。预算30-50万元，三个月内完成，"
    "服务团队不少于5人。"
)
QUESTION_EXAMPLE = "董事会决定是否按现有方案出口欧洲。"

Days = Annotated[int, Field(strict=True, ge=1, le=1_095)]


class DemandCreate(Schema):
    """A demand as it is posted; what is left out is read from the text."""

    title: Title = Field(description="标题，6 至 80 字。", examples=[TITLE_EXAMPLE])
    description: Description = Field(
        description="需求描述，30 至 5000 字。", examples=[DESCRIPTION_EXAMPLE]
    )
    background: Background | None = absent("背景，不超过 2000 字。")
    decision_question: DecisionQuestion | None = absent(
        "要支撑的决策：谁、用来决定什么。", QUESTION_EXAMPLE
    )
    base_id: RowId | None = absent("发布需求的服务基地编号。")
    recipient_id: RowId | None = absent("成果使用单位的编号；双方有意之前不向他人显示。")
    recipient_type: OrganisationType | None = absent("服务对象的类型。", "enterprise")
    audience: Audience | None = absent("成果给谁决策使用；不填时由正文判断。", "enterprise")
    region_code: RegionCode | None = absent(
        "需求所在地，GB/T 2260 代码；不填时由正文判断。", "320500"
    )
    service_region: ServiceRegion = Field(
        default=ServiceRegion.ANY, description="服务机构应在多近的地方。", examples=["any"]
    )
    deliverables: Annotated[list[Deliverable], Field(max_length=13), Unique] | None = absent(
        "期望的成果形式；不填时由正文判断。", ["report", "list"]
    )
    application_form: Annotated[list[ApplicationForm], Field(max_length=9), Unique] | None = absent(
        "成果应用形式；不填时由正文判断。", ["product_decision"]
    )
    tech_keywords: Annotated[list[Keyword], Field(max_length=20), Unique] = Field(
        default_factory=list, description="技术关键词。", examples=[["碳化硅"]]
    )
    ipc: Annotated[list[IpcCode], Field(max_length=20), Unique] = Field(
        default_factory=list, description="国际专利分类号。", examples=[["H01L"]]
    )
    budget: Budget | None = absent("预算；不填时由正文判断。")
    fund_source: FundSource | None = absent("资金来源。", "enterprise")
    procurement_route: ProcurementRoute | None = absent("选定服务机构的方式。", "comparison")
    period_days: Days | None = absent("完成期限（天），1 至 1095；不填时由正文判断。", 90)
    respond_by: Day | None = absent("响应截止日期；不填时与有效期相同。")
    valid_until: Day | None = absent("有效期，最长一年；不填时为 90 天后。")
    requirements: list[RequirementIn] | None = absent(
        "对服务机构的要求；不填时由正文判断。", None, max_length=20
    )
    confidentiality: Confidentiality = Field(
        default=Confidentiality.OPEN,
        description="公开程度；国家秘密一律不得录入。",
        examples=["open"],
    )
    public_funded: bool = Field(default=False, strict=True, description="是否财政资金投入。")
    urgent: bool = Field(default=False, strict=True, description="是否紧急。")
    visibility: Visibility = Field(
        default=Visibility.PLATFORM, description="可见范围。", examples=["platform"]
    )
    scenario_tags: Annotated[list[ScenarioCode], Field(max_length=3), Unique] | None = absent(
        "人工指定的应用场景（二级代码），第一个为主场景；不填时自动识别。", None
    )
    industry_tags: Annotated[list[IndustryCode], Field(max_length=5), Unique] | None = absent(
        "人工指定的战略性新兴产业代码；不填时自动识别。", None
    )
    class_tags: Annotated[list[ClassCode], Field(max_length=5), Unique] | None = absent(
        "人工指定的国民经济行业代码（GB/T 4754-2017）；不填时自动识别。", None
    )
    source_ref: SourceRef | None = absent("来源系统中的编号，全库唯一。")
    publish: bool = Field(
        default=False,
        strict=True,
        description="存入后立即发布；不属于专利导航的需求不发布，状态为未受理。",
        examples=[True],
    )


class DemandUpdate(UpdateSchema):
    """A change of a demand; null for a field read from the text gives it back to reading."""

    never_null = frozenset(
        {
            "title",
            "description",
            "service_region",
            "tech_keywords",
            "ipc",
            "confidentiality",
            "public_funded",
            "urgent",
            "visibility",
            "valid_until",
        }
    )

    title: Title | None = absent("标题。", TITLE_EXAMPLE)
    description: Description | None = absent("需求描述。", DESCRIPTION_EXAMPLE)
    background: Background | None = absent("背景。")
    decision_question: DecisionQuestion | None = absent("要支撑的决策。", QUESTION_EXAMPLE)
    base_id: RowId | None = absent("发布需求的服务基地编号。")
    recipient_id: RowId | None = absent("成果使用单位的编号；双方有意之前不向他人显示。")
    recipient_type: OrganisationType | None = absent("服务对象的类型。", "enterprise")
    audience: Audience | None = absent("成果给谁决策使用。", "enterprise")
    region_code: RegionCode | None = absent("需求所在地。", "320500")
    service_region: ServiceRegion | None = absent("服务机构应在多近的地方。", "same_province")
    deliverables: Annotated[list[Deliverable], Field(max_length=13), Unique] | None = absent(
        "期望的成果形式。", ["report"]
    )
    application_form: Annotated[list[ApplicationForm], Field(max_length=9), Unique] | None = absent(
        "成果应用形式。", ["product_decision"]
    )
    tech_keywords: Annotated[list[Keyword], Field(max_length=20), Unique] | None = absent(
        "技术关键词。", ["碳化硅"]
    )
    ipc: Annotated[list[IpcCode], Field(max_length=20), Unique] | None = absent(
        "国际专利分类号。", ["H01L"]
    )
    budget: Budget | None = absent("预算。")
    fund_source: FundSource | None = absent("资金来源。", "enterprise")
    procurement_route: ProcurementRoute | None = absent("选定服务机构的方式。", "comparison")
    period_days: Days | None = absent("完成期限（天）。", 60)
    respond_by: Day | None = absent("响应截止日期。")
    valid_until: Day | None = absent("有效期。")
    requirements: list[RequirementIn] | None = absent("对服务机构的要求。", None, max_length=20)
    confidentiality: Confidentiality | None = absent("公开程度。", "masked")
    public_funded: bool | None = absent("是否财政资金投入。", True, strict=True)
    urgent: bool | None = absent("是否紧急。", True, strict=True)
    visibility: Visibility | None = absent("可见范围。", "public")


class MissingFactRead(Schema):
    """Something a provider would need to know and the demand does not say."""

    name: str = Field(description="缺少的事项。", examples=["budget"])
    question: str = Field(description="可以反问的问题。", examples=["预算大约是多少？"])
    weight: int = Field(description="补上后完整度增加的分数。", examples=[10])


class Advice(Schema):
    """A hint on a text; nothing is refused for it."""

    code: str = Field(description="提示代码。", examples=["personal_data"])
    field: str = Field(description="涉及的字段。", examples=["description"])
    message: str = Field(description="提示内容。", examples=["文本中疑似含有手机号。"])


class QualityRead(Schema):
    """How complete and clear a demand is; advice only, a person decides."""

    score: int = Field(description="完整度，0 到 100。", examples=[80])
    grade: str = Field(description="等级：A、B、C 或 D。", examples=["B"])
    clarity: Clarity | None = Field(description="明确程度。", examples=["clear"])
    missing: list[MissingFactRead] = Field(description="缺少的事项，最要紧的在前。")
    vague_terms: list[EvidenceRead] = Field(description="看似具体、实则含糊的说法。")
    advice: list[Advice] = Field(description="其他提示。")
    needs_confirmation: bool = Field(description="场景识别把握不大，宜由人确认。")
    routing_hint: str | None = Field(
        description="不属于专利导航时的去处建议；属于时为空。", examples=[None]
    )


class DemandRead(Schema):
    """A stored demand with its tags and the advice on it."""

    id: str = Field(description="需求编号。", examples=["dm_01JZX3V8Q4W6T2N9K7M5R1C0BD"])
    demand_no: str | None = Field(description="业务编号。", examples=["XQ-32-2025-000001"])
    version: int = Field(description="版本号，修改时带上。", examples=[1])
    state: DemandState = Field(description="状态。", examples=["published"])
    title: str = Field(description="标题。", examples=[TITLE_EXAMPLE])
    description: str = Field(description="需求描述。", examples=[DESCRIPTION_EXAMPLE])
    background: str | None = Field(description="背景。")
    decision_question: str | None = Field(description="要支撑的决策。")
    base_id: str | None = Field(description="发布需求的服务基地编号。")
    recipient_id: str | None = Field(
        description="成果使用单位编号；双方有意之前，除发布方和使用单位外为空。"
    )
    recipient_name: str | None = Field(description="成果使用单位名称；谁看得到，与编号相同。")
    recipient_type: OrganisationType | None = Field(description="服务对象的类型。")
    audience: Audience | None = Field(description="成果给谁决策使用。")
    region_code: str | None = Field(description="需求所在地代码。", examples=["320500"])
    region_name: str | None = Field(description="需求所在地名称。", examples=["苏州市"])
    service_region: ServiceRegion = Field(description="服务机构应在多近的地方。")
    deliverables: list[Deliverable] = Field(description="期望的成果形式。")
    application_form: list[ApplicationForm] = Field(description="成果应用形式。")
    tech_keywords: list[str] = Field(description="技术关键词。")
    ipc: list[str] = Field(description="国际专利分类号。")
    budget: BudgetRead | None = Field(description="预算。")
    fund_source: FundSource | None = Field(description="资金来源。")
    procurement_route: ProcurementRoute | None = Field(description="选定服务机构的方式。")
    period_days: int | None = Field(description="完成期限（天）。")
    respond_by: date | None = Field(description="响应截止日期。")
    valid_until: date = Field(description="有效期。")
    requirements: list[RequirementRead] = Field(description="对服务机构的要求。")
    confidentiality: Confidentiality = Field(description="公开程度。")
    public_funded: bool = Field(description="是否财政资金投入。")
    urgent: bool = Field(description="是否紧急。")
    visibility: Visibility = Field(description="可见范围。")
    source_ref: str | None = Field(description="来源系统中的编号；只给发布方看。")
    tags: list[StoredTagRead] = Field(description="现行标签。")
    human_fields: list[str] = Field(description="由人填写、自动识别不会改动的字段。")
    quality: QualityRead | None = Field(description="完整度和提示；只给发布方看，他人为空。")
    created_at: datetime = Field(description="创建时间（UTC）。")
    updated_at: datetime = Field(description="修改时间（UTC）。")
