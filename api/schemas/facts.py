"""Shapes shared by several nouns: money, requirements, credentials, resources."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.base import Count, Fen, Schema
from api.schemas.dates import Day
from api.schemas.texts import IndustryCode, Keyword, Line, RegionCode, ScenarioCode
from models.vocabulary.demand import BudgetKind, RequirementKind, RequirementStrength
from models.vocabulary.organisation import CredentialType

_AMOUNTS_OF = {
    BudgetKind.FIXED: (True, True),
    BudgetKind.RANGE: (True, None),
    BudgetKind.CEILING: (False, True),
    BudgetKind.NEGOTIABLE: (False, False),
    BudgetKind.FREE: (False, False),
}
"""Whether each kind names the lower and the upper end; None leaves it open."""


class BudgetRead(Schema):
    """Money a demand offers; 面议 is negotiable and not zero."""

    kind: BudgetKind = Field(description="金额的读法。", examples=["range"])
    min_fen: Fen | None = Field(
        default=None, description="下限，单位为分；没有时为空。", examples=[30_000_000]
    )
    max_fen: Fen | None = Field(
        default=None, description="上限，单位为分；没有时为空。", examples=[50_000_000]
    )
    raw: Line | None = Field(default=None, description="原文中的写法。", examples=["30-50万元"])


class Budget(BudgetRead):
    """Money a demand offers, as a person states it."""

    @model_validator(mode="after")
    def check_amounts(self) -> Self:
        """Refuse amounts that contradict the kind or each other."""
        ends = zip(_AMOUNTS_OF[self.kind], (self.min_fen, self.max_fen), strict=True)
        if any(named is not None and named != (fen is not None) for named, fen in ends):
            raise PydanticCustomError(
                "budget_kind",
                "预算金额与类型不符：固定要有上下限，区间要有下限，不超过只要上限，面议和免费不写金额。",
            )
        if self.min_fen is not None and self.max_fen is not None and self.min_fen > self.max_fen:
            raise PydanticCustomError("budget_order", "预算下限不能大于上限。")
        return self


class RequirementIn(Schema):
    """A condition a demand puts on its provider."""

    kind: RequirementKind = Field(description="要求的种类。", examples=["staff_count"])
    strength: RequirementStrength = Field(description="必须满足还是优先。", examples=["must"])
    value: Annotated[int, Field(strict=True, ge=0, le=1_000_000)] | Keyword | None = Field(
        default=None,
        description="可比较的值：人数、年数、案例数、资质类型、地区代码或语言代码。",
        examples=[5],
    )
    text: Line = Field(description="要求的原话。", examples=["团队不少于5人"])


class RequirementRead(Schema):
    """A condition a demand puts on its provider, as it is stored."""

    kind: RequirementKind = Field(description="要求的种类。", examples=["staff_count"])
    strength: RequirementStrength = Field(description="必须满足还是优先。", examples=["must"])
    value: int | str | None = Field(default=None, description="可比较的值。", examples=[5])
    text: str = Field(description="要求的原话。", examples=["团队不少于5人"])


class Credential(Schema):
    """A credential a provider holds."""

    type: CredentialType = Field(description="资质类型。", examples=["star_grade"])
    level: Keyword | None = Field(default=None, description="等级。", examples=["四星"])
    issuer: Line | None = Field(
        default=None, description="颁发单位。", examples=["江苏省知识产权服务行业协会"]
    )
    scope: Line | None = Field(default=None, description="适用范围。", examples=["专利代理"])
    no: Keyword | None = Field(default=None, description="证书编号。", examples=["（略）"])
    valid_from: Day | None = Field(default=None, description="生效日期。", examples=["2024-05-01"])
    valid_to: Day | None = Field(
        default=None, description="失效日期；长期有效时为空。", examples=["2027-04-30"]
    )


class CredentialRead(Credential):
    """A credential with what was checked about it."""

    verified_by: str | None = Field(default=None, description="核验人。")
    verified_at: datetime | None = Field(default=None, description="核验时间；空为自行填报。")


class Resource(Schema):
    """A data set or tool a provider works with."""

    name: Line = Field(description="名称。", examples=["全球专利商业库"])
    kind: Keyword | None = Field(default=None, description="种类。", examples=["patent"])
    coverage: Line | None = Field(
        default=None, description="覆盖范围。", examples=["105个国家和地区"]
    )
    own: bool | None = Field(
        default=None, strict=True, description="自有为真，授权使用为假。", examples=[False]
    )

    @model_validator(mode="before")
    @classmethod
    def accept_bare_name(cls, value: Any) -> Any:  # noqa: ANN401 - pydantic's signature
        """Read a plain text as the name."""
        return {"name": value} if isinstance(value, str) else value


class Team(Schema):
    """Head counts of the navigation team by role."""

    project_mgmt: Count | None = Field(default=None, description="项目管理人数。", examples=[2])
    info_collect: Count | None = Field(default=None, description="信息采集人数。", examples=[3])
    data_process: Count | None = Field(default=None, description="数据处理人数。", examples=[3])
    analysis: Count | None = Field(default=None, description="专利导航分析人数。", examples=[8])
    quality: Count | None = Field(default=None, description="质量控制人数。", examples=[2])
    total: Count | None = Field(default=None, description="团队总人数。", examples=[18])


class Capacity(Schema):
    """How much work a provider can still take."""

    max_parallel: Count | None = Field(default=None, description="最多并行项目数。", examples=[8])
    open_slots: Count | None = Field(
        default=None, description="当前还可承接的项目数。", examples=[3]
    )
    next_free_date: Day | None = Field(
        default=None, description="下一次有余力的日期。", examples=["2026-01-15"]
    )


class Preferences(Schema):
    """What a provider would like to be offered."""

    scenarios: list[ScenarioCode] = Field(
        default_factory=list, max_length=20, description="偏好的应用场景代码。"
    )
    industries: list[IndustryCode] = Field(
        default_factory=list, max_length=20, description="偏好的战略性新兴产业代码。"
    )
    regions: list[RegionCode] = Field(
        default_factory=list, max_length=40, description="偏好的地区代码。"
    )
    budget_min_fen: Fen | None = Field(
        default=None, description="最低承接金额，单位为分。", examples=[8_000_000]
    )
    period_min_days: Count | None = Field(
        default=None, description="最短承接周期（天）。", examples=[15]
    )
