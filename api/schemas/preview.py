"""Shapes of understanding a text without storing it."""

from datetime import date

from pydantic import Field

from api.schemas.base import Schema, absent
from api.schemas.demand import (
    DESCRIPTION_EXAMPLE,
    TITLE_EXAMPLE,
    QualityRead,
)
from api.schemas.facts import BudgetRead
from api.schemas.match import MatchRead, NoMatchRead
from api.schemas.tags import EvidenceRead, IpcRead, TagRead
from api.schemas.texts import Background, DecisionQuestion, QueryText, ShortTitle
from models.vocabulary.demand import (
    ApplicationForm,
    Audience,
    Deliverable,
    RequirementKind,
    RequirementStrength,
)


class TextIn(Schema):
    """A text to be understood."""

    title: ShortTitle | None = absent("标题。", TITLE_EXAMPLE)
    text: QueryText = Field(description="正文，2 至 5000 字。", examples=[DESCRIPTION_EXAMPLE])


class PreviewIn(Schema):
    """A demand on its way; nothing of it is stored."""

    title: ShortTitle | None = absent("标题。", TITLE_EXAMPLE)
    description: QueryText = Field(
        description="需求描述，2 至 5000 字。", examples=[DESCRIPTION_EXAMPLE]
    )
    background: Background | None = absent("背景。")
    decision_question: DecisionQuestion | None = absent("要支撑的决策。")
    k: int = Field(
        default=5, strict=True, ge=0, le=20, description="看几个匹配结果；0 为不看。", examples=[5]
    )
    include_weak: bool = Field(
        default=False,
        strict=True,
        description="没有好于“弱”的结果时，是否仍列出最接近的那些；默认不凑数。",
    )


class BudgetFound(BudgetRead):
    """Money read from a text."""

    evidence: EvidenceRead = Field(description="依据。")


class PeriodFound(Schema):
    """A duration read from a text."""

    min_days: int | None = Field(description="最短天数。", examples=[None])
    max_days: int = Field(description="最长天数。", examples=[90])
    evidence: EvidenceRead = Field(description="依据。")


class DeadlineFound(Schema):
    """A day read from a text."""

    due: date = Field(description="截止日期。", examples=["2026-06-30"])
    evidence: EvidenceRead = Field(description="依据。")


class DeliverableFound(Schema):
    """A kind of result read from a text."""

    deliverable: Deliverable = Field(description="成果形式。", examples=["report"])
    evidence: EvidenceRead = Field(description="依据。")


class ApplicationFound(Schema):
    """A use of the result read from a text."""

    application: ApplicationForm = Field(description="应用形式。", examples=["product_decision"])
    evidence: EvidenceRead = Field(description="依据。")


class AudienceFound(Schema):
    """Who decides, read from a text."""

    audience: Audience = Field(description="成果给谁决策使用。", examples=["enterprise"])
    confidence: float = Field(description="可信程度，0 到 1。", examples=[0.8])
    evidence: list[EvidenceRead] = Field(description="依据。")


class RequirementFound(Schema):
    """A condition read from a text."""

    kind: RequirementKind = Field(description="种类。", examples=["staff_count"])
    strength: RequirementStrength = Field(description="必须满足还是优先。", examples=["must"])
    value: str | int | None = Field(description="可比较的值。", examples=[5])
    text: str = Field(description="原话。", examples=["团队不少于5人"])
    evidence: EvidenceRead = Field(description="依据。")


class TagsAnswer(Schema):
    """Everything read from a text; offsets count in `title + 换行 + body`."""

    title: str = Field(description="规范化的标题。")
    body: str = Field(description="规范化的正文。")
    scenarios: list[TagRead] = Field(description="应用场景；不属于专利导航时只有 OTH。")
    needs_confirmation: bool = Field(description="场景识别把握不大，宜由人确认。")
    industries: list[TagRead] = Field(description="产业标签。")
    any_industry: bool = Field(description="文本是否说明不限行业。")
    regions: list[TagRead] = Field(description="地区标签。")
    ipc: IpcRead = Field(description="IPC 小类的建议；要采用，填进需求或能力的 ipc。")
    budget: BudgetFound | None = Field(description="预算。")
    period: PeriodFound | None = Field(description="工期。")
    deadline: DeadlineFound | None = Field(description="截止日期。")
    deliverables: list[DeliverableFound] = Field(description="成果形式。")
    applications: list[ApplicationFound] = Field(description="成果应用形式。")
    audience: AudienceFound | None = Field(description="成果给谁决策使用。")
    requirements: list[RequirementFound] = Field(description="对服务机构的要求。")
    quality: QualityRead = Field(description="完整度、要反问的问题和其他提示。")


class NearDuplicate(Schema):
    """A stored demand that says nearly the same."""

    id: str = Field(description="需求编号。")
    title: str = Field(description="标题。")
    similarity: float = Field(description="文本相同的程度，0 到 1。", examples=[0.97])


class FactEffectRead(Schema):
    """What adding a missing fact would let us check."""

    name: str = Field(description="缺少的事项，同 missing 中的 name。", examples=["budget"])
    n_providers: int = Field(
        description="所列机构中登记了可比事实、补上后即可核对的家数。", examples=[4]
    )


class PreviewAnswer(Schema):
    """What would become of a demand if it were posted now; nothing was stored."""

    version: str = Field(description="作答的索引版本。", examples=["gen-1.42"])
    understanding: TagsAnswer = Field(description="从文本读出的内容。")
    matches: list[MatchRead] = Field(description="目前最合适的服务机构。")
    has_good_match: bool = Field(description="有没有好于“弱”的结果。")
    no_good_match: NoMatchRead | None = Field(
        description="没有好于“弱”的结果时的原因和建议；k 为 0 时为空。"
    )
    effects: list[FactEffectRead] = Field(
        description="补上缺少的事项后，所列机构中各可多核对几家；没有可比之处的不列。"
    )
    near_duplicates: list[NearDuplicate] = Field(description="已有的近乎相同的需求。")
