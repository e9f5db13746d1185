"""Shapes of the vocabularies."""

from pydantic import Field

from api.schemas.base import Schema
from models.vocabulary.taxonomy import Scheme


class ScenarioRead(Schema):
    """A scenario of the second level, or the reject class."""

    code: str = Field(description="代码。", examples=["ENT.RISK"])
    zh: str = Field(description="中文名称。", examples=["专利风险预警与海外风险"])
    en: str = Field(description="英文名称。", examples=["Patent risk & overseas risk"])
    definition: str = Field(description="定义。")
    triggers: list[str] = Field(description="常见的说法。")
    examples: list[str] = Field(description="例句。")


class ScenarioFieldRead(Schema):
    """A class of scenarios with its scenarios."""

    code: str = Field(description="代码。", examples=["ENT"])
    zh: str = Field(description="中文名称。", examples=["企业经营类"])
    en: str = Field(description="英文名称。", examples=["Enterprise operation"])
    definition: str = Field(description="定义。")
    scenarios: list[ScenarioRead] = Field(description="二级场景。")


class ScenariosRead(Schema):
    """The scenario taxonomy."""

    version: str = Field(description="版本。", examples=["draft-1"])
    fields: list[ScenarioFieldRead] = Field(description="一级类。")
    reject: ScenarioRead = Field(description="拒识类：不属于专利导航的事务。")


class IndustryRead(Schema):
    """An entry of an industry vocabulary."""

    scheme: Scheme = Field(description="所属词表。", examples=["sei2018"])
    version: str = Field(description="版本。", examples=["2018"])
    code: str = Field(description="代码。", examples=["1.2"])
    level: int = Field(description="层级，1 为最上层。", examples=[2])
    name: str = Field(description="名称。", examples=["电子核心产业"])
    parent: str | None = Field(description="上级代码。", examples=["1"])
    n_children: int = Field(description="下级的数目。", examples=[0])


class RegionRead(Schema):
    """A region."""

    code: str = Field(description="代码。", examples=["320500"])
    level: str = Field(description="层级：province、city、district 或 macro。", examples=["city"])
    name: str = Field(description="名称。", examples=["苏州市"])
    full_name: str = Field(description="连同上级的名称。", examples=["江苏省苏州市"])
    parent: str | None = Field(description="上级代码。", examples=["320000"])
    n_children: int = Field(description="下级的数目。", examples=[10])


class ChoiceRead(Schema):
    """A value of a closed list with its Chinese name."""

    value: str = Field(description="取值。", examples=["report"])
    label: str = Field(description="中文名。", examples=["专利导航分析报告"])


class TaxonomyRead(Schema):
    """Everything forms and filters need, in one reply."""

    scenarios: ScenariosRead = Field(description="应用场景分类。")
    industries: list[IndustryRead] = Field(description="战略性新兴产业两级。")
    regions: list[RegionRead] = Field(description="省级行政区和跨省区域。")
    region_version: str = Field(description="行政区划表的版本。", examples=["2023"])
    choices: dict[str, list[ChoiceRead]] = Field(
        description="各封闭词表的取值和中文名，键为词表名，如 Deliverable。"
    )
