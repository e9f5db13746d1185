"""Shapes of matching: what is asked, and the ranked and explained answer."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.base import Schema, Unique, absent
from api.schemas.demand import DESCRIPTION_EXAMPLE, TITLE_EXAMPLE
from api.schemas.problem import Problem
from api.schemas.tags import CodeRead
from api.schemas.texts import (
    FilterText,
    IndustryCode,
    QueryText,
    RegionFilter,
    RowId,
    ScenarioCode,
    ShortTitle,
)
from matcher.types import Caution
from models.vocabulary.demand import RequirementStrength
from models.vocabulary.matching import Band, Direction, NoMatch, RuleOutcome
from models.vocabulary.organisation import CredentialType
from models.vocabulary.row import Entity

MAX_QUERIES = 16
MAX_K = 50
MAX_TOTAL_K = 200
"""Results of all questions of one request: each is checked and explained."""

MAX_TOTAL_CHARS = 20_000
"""Characters of all questions of one request: 500 take about 0.3 s to encode."""

MAX_CONDITIONS = 20
"""Codes and words over all filters of one question."""

QueryName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Weight = Annotated[float, Field(ge=0, le=100)]
FeatureName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


class FiltersIn(Schema):
    """What results must have; conditions of one list are alternatives, lists add up."""

    regions: Annotated[list[RegionFilter], Field(max_length=20), Unique] = Field(
        default_factory=list,
        description="所在地：行政区划代码、其前两位或前四位，或跨省区域（如 M:YRD 长三角）。",
        examples=[["32"]],
    )
    serves: Annotated[list[RegionFilter], Field(max_length=20), Unique] = Field(
        default_factory=list, description="服务区域含其中之一的机构。"
    )
    industries: Annotated[list[IndustryCode], Field(max_length=20), Unique] = Field(
        default_factory=list, description="战略性新兴产业代码或其大类。"
    )
    scenarios: Annotated[list[ScenarioCode], Field(max_length=20), Unique] = Field(
        default_factory=list, description="应用场景代码或其大类。"
    )
    credentials: Annotated[list[CredentialType], Field(max_length=8), Unique] = Field(
        default_factory=list, description="须全部持有且未过期的资质。"
    )
    text: FilterText = Field(default="", description="标题或正文中须全部出现的词，空格分隔。")
    exclude_ids: Annotated[list[RowId], Field(max_length=50), Unique] = Field(
        default_factory=list, description="不要出现的记录编号。"
    )

    @model_validator(mode="after")
    def check_number(self) -> Self:
        """Refuse more conditions than anybody can mean."""
        places = len(self.regions) + len(self.serves)
        tags = len(self.industries) + len(self.scenarios) + len(self.credentials)
        if places + tags + len(self.text.split()) > MAX_CONDITIONS:
            raise PydanticCustomError(
                "query_conditions",
                "过滤条件过多：各项代码和词合计最多 {limit} 个。",
                {"limit": MAX_CONDITIONS},
            )
        return self


class MatchOptions(Schema):
    """How an answer is wanted."""

    k: int = Field(
        default=10, strict=True, ge=1, le=MAX_K, description="最多返回多少条。", examples=[10]
    )
    filters: FiltersIn = Field(default_factory=FiltersIn, description="过滤条件，一律精确。")
    weights: Mapping[FeatureName, Weight] | None = absent(
        "改用的特征权重；没有列出的按默认，全部重新折算为 1。见 GET /v1/algorithms。",
        {"scenario": 0.3},
        max_length=20,
    )
    explain: bool = Field(default=True, strict=True, description="是否说明理由。")
    fold: bool = Field(default=True, strict=True, description="是否合并近乎相同的结果。")
    include_weak: bool = Field(
        default=False,
        strict=True,
        description="没有好于“弱”的结果时，是否仍列出最接近的那些；默认不凑数。",
    )


class FreeText(Schema):
    """A text that asks without being stored."""

    title: ShortTitle | None = absent("标题。", TITLE_EXAMPLE)
    text: QueryText = Field(description="正文，2 至 5000 字。", examples=[DESCRIPTION_EXAMPLE])


class MatchQuery(MatchOptions):
    """One question: a stored row or a free text."""

    direction: Direction = Field(
        default=Direction.DEMAND_TO_PROVIDER,
        description="方向：d2p 需求找机构，p2d 机构找需求，d2d 相似需求，d2c、p2c 找案例。",
        examples=["d2p"],
    )
    id: RowId | None = absent("需求或服务机构的编号；与 text 二选一。")
    text: FreeText | None = absent("未存储的文本；与 id 二选一。")

    @model_validator(mode="after")
    def check_one_question(self) -> Self:
        """Refuse a query without a question, and one with two."""
        if (self.id is None) == (self.text is None):
            raise PydanticCustomError("query_source", "id 和 text 必须且只能填一个。")
        return self


class MatchRequestIn(Schema):
    """Several named questions at once; each is answered on its own."""

    queries: Annotated[dict[QueryName, MatchQuery], Field(min_length=1, max_length=MAX_QUERIES)] = (
        Field(
            description="按名称给出的查询，1 至 16 个。",
            examples=[{"q1": {"direction": "d2p", "text": {"text": DESCRIPTION_EXAMPLE}, "k": 3}}],
        )
    )

    @model_validator(mode="after")
    def check_cost(self) -> Self:
        """Refuse questions that together cost too much to be answered while somebody waits."""
        asked = self.queries.values()
        n_chars = sum(len(q.text.text) + len(q.text.title or "") for q in asked if q.text)
        for what, total, limit in (
            ("文字合计最多 {limit} 字", n_chars, MAX_TOTAL_CHARS),
            ("结果（k）合计最多 {limit} 条", sum(q.k for q in asked), MAX_TOTAL_K),
        ):
            if total > limit:
                raise PydanticCustomError(
                    "query_cost", f"一次提的问题过多：{what}，请分几次提。", {"limit": limit}
                )
        return self


class PartRead(Schema):
    """The share of one feature in a score."""

    name: str = Field(description="特征名。", examples=["scenario"])
    title: str = Field(description="特征的中文名。", examples=["应用场景"])
    value: float | None = Field(description="取值 0 到 1；未知时为空，不计入。", examples=[1.0])
    weight: float = Field(description="在已知特征中的权重。", examples=[0.16])
    contribution: float = Field(description="贡献；各项之和等于总分。", examples=[0.16])


class RuleRead(Schema):
    """The outcome of one eligibility rule."""

    rule_id: str = Field(description="规则编号。", examples=["demand.staff_count"])
    title: str = Field(description="规则要求什么。", examples=["团队不少于5人"])
    strength: RequirementStrength = Field(description="必须满足还是优先。")
    outcome: RuleOutcome = Field(description="满足、不满足或待核实。", examples=["met"])
    fact: str = Field(description="查到的事实。")
    source: str = Field(description="规则和事实的出处。")


class SpanRead(Schema):
    """A stretch of `title + 换行 + body`, counted in code points."""

    start: int = Field(description="起始位置。", examples=[0])
    end: int = Field(description="结束位置（不含）。", examples=[4])


class SentenceRead(SpanRead):
    """A sentence with its place."""

    text: str = Field(description="句子。")


class StatementRead(Schema):
    """One sentence of an explanation."""

    text: str = Field(description="说明。", examples=["双方都服务于“专利风险预警与海外风险”场景。"])
    query_span: SpanRead | None = Field(description="在提问方文本中的位置。")
    candidate_span: SpanRead | None = Field(description="在结果文本中的位置。")


class SharedTermRead(Schema):
    """A word both sides use."""

    text: str = Field(description="词语。", examples=["碳化硅"])
    weight: float = Field(description="少见程度，越大越少见。", examples=[3.2])
    query_spans: list[SpanRead] = Field(description="在提问方文本中的位置。")
    candidate_spans: list[SpanRead] = Field(description="在结果文本中的位置。")


class SentencePairRead(Schema):
    """The two sentences nearest in meaning."""

    query: SentenceRead = Field(description="提问方的句子。")
    candidate: SentenceRead = Field(description="结果一方的句子。")


class ExplanationRead(Schema):
    """Why a result stands where it stands."""

    summary: str = Field(description="一句话结论。")
    reasons_for: list[StatementRead] = Field(
        description="支持的理由，按种类排列：标签、用语和语义、所在地和登记情况、条件核对。"
    )
    reasons_against: list[StatementRead] = Field(description="不利的理由。")
    unknowns: list[StatementRead] = Field(description="尚不清楚、需要核实的事。")
    sentence_pair: SentencePairRead | None = Field(description="意思最接近的两句。")
    shared_terms: list[SharedTermRead] = Field(description="双方共有的词语。")


class OrganisationRead(Schema):
    """The organisation behind a result."""

    name: str = Field(description="名称。")
    region_code: str | None = Field(description="所在地代码。")
    region_name: str | None = Field(description="所在地名称。")


class ItemRead(Schema):
    """The document a result shows: canonical texts, so that offsets fit."""

    id: str = Field(description="记录编号。")
    kind: Entity = Field(description="种类：能力、需求或案例。", examples=["capability"])
    group_id: str = Field(description="排名的单位：能力所属的服务机构，否则为自身。")
    title: str = Field(description="规范化的标题。")
    body: str = Field(description="规范化的正文。")
    region_code: str | None = Field(description="所在地代码。")
    region_name: str | None = Field(description="所在地名称。")
    tags: list[CodeRead] = Field(description="应用场景和产业标签。")


class MatchRead(Schema):
    """One ranked result."""

    rank: int = Field(description="名次，从 1 起。", examples=[1])
    band: Band = Field(description="匹配程度档位。", examples=["strong"])
    band_label: str = Field(description="档位的中文名：强、较强、一般、弱。", examples=["强"])
    score: float = Field(description="总分 0 到 1，只在同一索引内可比，不是百分比。")
    coverage: float = Field(
        description="有据可依的特征所占的权重，0 到 1；低时说明双方留下的信息少，档位宜打折扣。",
        examples=[0.93],
    )
    asked_by: str = Field(
        description="据以评分的提问记录：机构提问时是最合适的那项能力，自由文本为 query。"
    )
    item: ItemRead = Field(description="最合适的记录。")
    organisation: OrganisationRead | None = Field(description="背后的机构。")
    parts: list[PartRead] = Field(description="各特征的贡献。")
    rules: list[RuleRead] = Field(description="资格核对的结果。")
    others: list[str] = Field(description="同一机构也合适的其他记录，最好的在前。")
    near_duplicates: list[str] = Field(description="与本条近乎相同、已合并的记录。")
    also_offered_by: list[str] = Field(description="提供这些近乎相同内容的其他机构的名称。")
    cautions: list[Caution] = Field(
        description="文字存疑之处；存疑的至多列为“一般”，排在同档之后，原因见 reasons_against。"
    )
    is_newcomer: bool = Field(description="是否作为新近入驻的机构列在这一位。")
    explanation: ExplanationRead | None = Field(description="理由；未要求时为空。")


class QueryRead(Schema):
    """The question as it was understood: canonical texts, so that offsets fit."""

    id: str | None = Field(description="存储的记录编号；自由文本为空。")
    kind: Entity = Field(description="种类。", examples=["demand"])
    title: str = Field(description="规范化的标题。")
    body: str = Field(description="规范化的正文；服务机构提问时为空，见各项能力。")
    tags: list[CodeRead] = Field(description="应用场景和产业标签。")
    region_code: str | None = Field(description="所在地代码。")


class NoMatchRead(Schema):
    """Why an answer has no good match, and what would help."""

    reason: NoMatch = Field(description="原因。", examples=["all_weak"])
    message: str = Field(description="原因的说明。")
    advice: list[str] = Field(description="怎样做会有帮助，最有用的在前。")


class MatchAnswer(Schema):
    """The answer to one question."""

    version: str = Field(description="作答的索引版本。", examples=["gen-1.42"])
    degraded: bool = Field(
        description="数据库暂时不可用：结果来自内存中的索引，可能缺最近的改动。", examples=[False]
    )
    direction: Direction = Field(description="方向。", examples=["d2p"])
    query: QueryRead = Field(description="所理解的问题。")
    matches: list[MatchRead] = Field(description="排好序的结果。")
    has_good_match: bool = Field(description="有没有好于“弱”的结果。")
    no_good_match: NoMatchRead | None = Field(
        description="没有好于“弱”的结果时的原因和建议；此时 matches 为空，除非要求列出。"
    )
    n_candidates: int = Field(description="通过过滤的候选数。")
    n_excluded: int = Field(description="因必须满足的规则不满足而排除的候选数。")
    weights: dict[str, float] = Field(description="所用的特征权重。")
    run_id: str | None = Field(
        description="这次排名的记录编号，可用它重新排名；没有记录时为空。",
        examples=["mr_01JD8Z3K9V7Q2M4N6P8R0S1T3W"],
    )


class NamedAnswer(Schema):
    """The answer to one of several questions, or why there is none."""

    status: int = Field(description="这个查询的状态码。", examples=[200])
    answer: MatchAnswer | None = Field(description="答复；出错时为空。")
    problem: Problem | None = Field(description="出错的原因；成功时为空。")


class MatchResponse(Schema):
    """The answers by the names of the questions."""

    version: str = Field(description="作答的索引版本。", examples=["gen-1.42"])
    responses: dict[str, NamedAnswer] = Field(description="按查询名称给出的答复。")
