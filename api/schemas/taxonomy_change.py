"""Shapes of changing the scenario taxonomy, tagging anew and what fits no code."""

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, StringConstraints

from api.schemas.base import Schema, Unique
from api.schemas.texts import Keyword, Sanitised, ShortTitle
from models.vocabulary.taxonomy import RetaggingState, TaxonomyAct

CODE_PATTERN: Final = r"^[A-Z]{3}\.[A-Z]{2,12}$"

AddedCode = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
Wording = Annotated[
    str, StringConstraints(min_length=10, max_length=500), AfterValidator(Sanitised(10, 500))
]
Sentence = Annotated[
    str,
    StringConstraints(min_length=6, max_length=300),
    AfterValidator(Sanitised(6, 300, one_line=True)),
]


EnglishName = Annotated[str, StringConstraints(max_length=80), AfterValidator(Sanitised(0, 80))]
Meaning = Annotated[
    str, StringConstraints(min_length=2, max_length=500), AfterValidator(Sanitised(2, 500))
]
FieldCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
AnyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}(\.[A-Z]{2,12})?$")]


class ScenarioWording(Schema):
    """What a scenario is: the more words and examples, the surer it is found."""

    zh: ShortTitle = Field(description="中文名称。", examples=["标准必要专利导航"])
    en: EnglishName = Field(
        default="", description="英文名称。", examples=["Standard-essential patents"]
    )
    definition: Wording = Field(
        description="定义：要支撑什么决策，哪些算、哪些不算。",
        examples=["围绕技术标准识别标准必要专利，评估许可费率和参与标准制定的时机。"],
    )
    triggers: Annotated[list[Keyword], Field(max_length=40), Unique] = Field(
        default_factory=list,
        description="常见的说法，正文中出现时作为依据。",
        examples=[["标准必要专利", "FRAND", "标准提案"]],
    )
    examples: Annotated[list[Sentence], Field(max_length=20)] = Field(
        default_factory=list,
        description="例句，像真实的需求那样写。",
        examples=[["梳理5G标准必要专利，判断我们要付多少许可费，该不该参与下一版标准提案。"]],
    )


class ScenarioCreate(ScenarioWording):
    """A scenario that is added."""

    code: AddedCode = Field(description="代码：大类加点加二级代码。", examples=["ENT.SEP"])


class FieldContent(Schema):
    """A first-level class, as it is exported."""

    code: FieldCode = Field(description="大类代码。", examples=["ENT"])
    zh: ShortTitle = Field(description="中文名称。", examples=["企业经营类"])
    en: EnglishName = Field(default="", description="英文名称。", examples=["Enterprise"])
    definition: Meaning = Field(description="定义。", examples=["为企业经营决策提供支撑。"])


class ScenarioContent(FieldContent):
    """A scenario, or the reject class, as it is exported."""

    code: AnyCode = Field(description="代码。", examples=["ENT.SEP"])
    parent: FieldCode | None = Field(
        default=None, description="所属大类；拒识类为空。", examples=["ENT"]
    )
    origin: Keyword | None = Field(default=None, description="来源。", examples=["own"])
    triggers: Annotated[list[Keyword], Field(max_length=40)] = Field(
        default_factory=list, description="常见的说法。", examples=[["标准必要专利"]]
    )
    examples: Annotated[list[Sentence], Field(max_length=20)] = Field(
        default_factory=list,
        description="例句。",
        examples=[["梳理5G标准必要专利，判断我们要付多少许可费，该不该参与下一版标准提案。"]],
    )
    retired: bool = Field(default=False, strict=True, description="是否已停用。", examples=[False])


class TaxonomyContent(Schema):
    """A whole taxonomy, as it is exported."""

    version: Keyword = Field(description="版本名称，仅供参考。", examples=["draft-1+2"])
    level1: Annotated[list[FieldContent], Field(min_length=1, max_length=40)] = Field(
        description="大类。"
    )
    level2: Annotated[list[ScenarioContent], Field(max_length=400)] = Field(description="场景。")
    reject: ScenarioContent = Field(description="拒识类：不属于专利导航的。")


class TaxonomyImport(Schema):
    """A whole taxonomy in the form it is exported in."""

    content: TaxonomyContent = Field(
        description="导出得到的内容：version、level1、level2、reject；没有列出的代码记为停用。"
    )


class TaxonomyExport(Schema):
    """A whole taxonomy, retired codes included."""

    version: str = Field(description="现行版本。", examples=["draft-1+2"])
    content: dict[str, Any] = Field(description="全部内容，可以原样导回。")


class TaxonomyVersionRead(Schema):
    """One version this installation made."""

    number: int = Field(description="序号，越大越新。", examples=[2])
    act: TaxonomyAct = Field(description="做了什么。", examples=["add"])
    code: str | None = Field(description="涉及的代码；整份导入时为空。", examples=["ENT.SEP"])
    made_by: str | None = Field(
        description="由谁：姓名、密钥的名称，或程序的一部分。", examples=["王一"]
    )
    made_at: datetime = Field(description="时间（UTC）。", examples=["2026-11-26T08:00:00Z"])


class TaxonomyVersionsRead(Schema):
    """The version in force and those this installation made."""

    version: str = Field(description="现行版本。", examples=["draft-1+2"])
    items: list[TaxonomyVersionRead] = Field(description="新的在前，最多 50 个。")


class RetaggingRead(Schema):
    """A round of tagging anew."""

    id: str = Field(description="编号。", examples=["rt_01JZX3V8Q4W6T2N9K7M5R1C0BD"])
    taxonomy: str = Field(description="所用的分类版本。", examples=["draft-1+2"])
    state: RetaggingState = Field(description="进展。", examples=["running"])
    n_total: int = Field(description="开始时共有多少条。", examples=[1200])
    n_done: int = Field(description="已看过多少条。", examples=[320])
    n_changed: int = Field(description="标签变了多少条。", examples=[14])
    n_kept: int = Field(description="因由人或导入指定而不动的条数。", examples=[40])
    n_rejected: int = Field(description="改标后不属于任何场景的需求数。", examples=[0])
    begun_at: datetime = Field(description="开始时间（UTC）。", examples=["2026-11-26T08:00:00Z"])
    ended_at: datetime | None = Field(description="结束时间（UTC）；未结束为空。")


class UnfitDemandRead(Schema):
    """A demand that fits no code."""

    id: str = Field(description="需求编号。", examples=["dm_01JZX3V8Q4W6T2N9K7M5R1C0BD"])
    title: str = Field(description="标题。")
    code: str | None = Field(
        description="现有的场景：OTH，或程序没有把握的那个；一个也没有时为空。", examples=["OTH"]
    )
    confidence: float = Field(description="可信程度，0 到 1；没有场景时为 0。", examples=[0.41])


class UnfitGroupRead(Schema):
    """Demands that share words others do not have."""

    words: list[str] = Field(description="共有的词，最有代表性的在前。")
    n_demands: int = Field(description="条数。", examples=[6])
    demands: list[UnfitDemandRead] = Field(description="其中最新的，至多 50 条。")


class UnfitRead(Schema):
    """The demands that fit no code, for whoever thinks about a new one."""

    n_demands: int = Field(description="看过的需求数：最新的至多 5000 条。", examples=[1200])
    n_rejected: int = Field(description="识别或指定为 OTH 的。", examples=[30])
    n_unsure: int = Field(description="程序没有把握、也没有人确认的。", examples=[12])
    n_alone: int = Field(description="与别的都没有共同用语的。", examples=[5])
    groups: list[UnfitGroupRead] = Field(description="按共有的词归成的组，大的在前。")
    alone: list[UnfitDemandRead] = Field(
        description="与别的都没有共同用语的，最新的至多 50 条；条数见 n_alone。"
    )
