"""One call reads everything, once or for many texts."""

from collections.abc import Sequence
from datetime import date

import pytest

from indexer.annotate.annotate import Annotator, KnownFacts
from indexer.annotate.region import RegionTagger
from indexer.annotate.types import Annotations, Evidence, ScenarioResult, Tag
from models.regions import RegionTable
from models.vocabulary.demand import Audience, BudgetKind, Clarity, Deliverable, RequirementKind
from models.vocabulary.taxonomy import Scheme

TITLE = "IV型瓶出口前排查"
BODY = (
    "江苏苏州一家企业,70MPa塑料内胆缠绕瓶已送样,拟出口德国、法国,董事会要定能不能发货。"
    "希望9月底前给一份按国别分的清单和书面意见,预算18万以内,合同签订后60天内完成。"
    "分析人员须有3年以上经验,请尽快联系。"
)


class FixedScenarioTagger:
    """Gives every text the same scenario."""

    def tag_scenarios(self, title: str, body: str) -> ScenarioResult:
        tag = Tag(Scheme.SCENARIO, "1", "ENT.RISK", "专利风险预警与海外风险", 0.9)
        return ScenarioResult((tag,), needs_confirmation=False)


class FixedIndustryTagger:
    """Tags texts that speak of bottles."""

    def tag_industries(self, title: str, body: str) -> tuple[Tag, ...]:
        is_bottle = "瓶" in title
        return (Tag(Scheme.SEI, "2018", "6.1", "新能源", 0.8),) if is_bottle else ()


class BatchTagger(FixedScenarioTagger, FixedIndustryTagger):
    """Counts how often it is asked for many texts at once."""

    def __init__(self) -> None:
        self.calls = 0

    def tag_scenarios_many(self, texts: Sequence[tuple[str, str]]) -> list[ScenarioResult]:
        self.calls += 1
        return [self.tag_scenarios(title, body) for title, body in texts]

    def tag_industries_many(self, texts: Sequence[tuple[str, str]]) -> list[tuple[Tag, ...]]:
        self.calls += 1
        return [self.tag_industries(title, body) for title, body in texts]


@pytest.fixture(scope="module")
def regions() -> RegionTagger:
    return RegionTagger(RegionTable.load())


@pytest.fixture(scope="module")
def annotator(regions: RegionTagger) -> Annotator:
    return Annotator(
        FixedScenarioTagger(), FixedIndustryTagger(), regions, lambda: date(2026, 4, 10)
    )


def every_evidence(found: Annotations) -> list[Evidence]:
    tags = (*found.scenarios, *found.industries, *found.regions)
    return [
        *(evidence for tag in tags for evidence in tag.evidence),
        *([found.budget.evidence] if found.budget else ()),
        *([found.period.evidence] if found.period else ()),
        *([found.deadline.evidence] if found.deadline else ()),
        *(deliverable.evidence for deliverable in found.deliverables),
        *(application.evidence for application in found.applications),
        *(requirement.evidence for requirement in found.requirements),
        *(found.audience.evidence if found.audience else ()),
        *found.completeness.vague_terms,
    ]


def test_demand_is_read_as_a_whole(annotator: Annotator) -> None:
    found = annotator.annotate(TITLE, BODY)
    assert [tag.code for tag in found.scenarios] == ["ENT.RISK"]
    assert found.needs_confirmation is False
    assert [tag.code for tag in found.industries] == ["6.1"]
    assert found.regions[0].code == "320500"
    assert found.budget is not None
    assert (found.budget.kind, found.budget.max_fen) == (BudgetKind.CEILING, 18_000_000)
    assert found.period is not None
    assert found.period.max_days == 60
    assert found.deadline is not None
    assert found.deadline.due == date(2026, 9, 30)
    assert {d.deliverable for d in found.deliverables} == {Deliverable.LIST, Deliverable.MEMO}
    assert found.audience is not None
    assert found.audience.audience is Audience.ENTERPRISE
    assert [r.kind for r in found.requirements] == [RequirementKind.ANALYST_YEARS]
    assert found.clarity is Clarity.CLEAR
    assert (found.completeness.score, found.completeness.grade) == (100, "A")
    assert [term.text for term in found.completeness.vague_terms] == ["尽快"]
    assert found.any_industry is False


def test_all_evidence_points_into_title_and_body(annotator: Annotator) -> None:
    text = f"{TITLE}\n{BODY}"
    evidence = every_evidence(annotator.annotate(TITLE, BODY))
    assert len(evidence) > 10
    assert all(text[part.start : part.end] == part.text for part in evidence)


@pytest.mark.parametrize(("title", "body"), [("", ""), ("标题", ""), ("", "正文")])
def test_empty_parts_are_read(annotator: Annotator, title: str, body: str) -> None:
    found = annotator.annotate(title, body)
    assert found.clarity is Clarity.DIRECTIONLESS
    assert found.completeness.grade == "D"
    assert found.budget is None


def test_known_facts_are_not_asked_for(annotator: Annotator) -> None:
    known = KnownFacts(region_code="320500", has_budget=True)
    without = {fact.name for fact in annotator.annotate("氢瓶", "").completeness.missing}
    with_known = {fact.name for fact in annotator.annotate("氢瓶", "", known).completeness.missing}
    assert without - with_known == {"region", "budget"}


def test_scenario_chosen_by_a_person_decides_the_questions(annotator: Annotator) -> None:
    known = KnownFacts(scenario_code="TAL.SELECT")
    names = {fact.name for fact in annotator.annotate("找人", "", known).completeness.missing}
    assert "number_of_candidates" in names
    assert "target_countries" not in names


def test_many_texts_are_read_as_one_by_one(annotator: Annotator) -> None:
    texts = [(TITLE, BODY), ("随便", "看看"), ("", "")]
    assert annotator.annotate_many(texts) == [annotator.annotate(*text) for text in texts]


def test_many_texts_take_their_own_known_facts(annotator: Annotator) -> None:
    known = [KnownFacts(has_budget=True), KnownFacts()]
    first, second = annotator.annotate_many([("氢瓶", ""), ("氢瓶", "")], known)
    assert first.completeness.score > second.completeness.score


def test_batch_taggers_are_asked_once(regions: RegionTagger) -> None:
    tagger = BatchTagger()
    annotator = Annotator(tagger, tagger, regions, lambda: date(2026, 4, 10))
    annotator.annotate_many([("氢瓶", "")] * 5)
    assert tagger.calls == 2


def test_no_texts_give_no_annotations(annotator: Annotator) -> None:
    assert annotator.annotate_many([]) == []


def test_day_is_asked_anew_for_each_call(regions: RegionTagger) -> None:
    days = iter([date(2026, 4, 10), date(2026, 10, 10)])
    annotator = Annotator(FixedScenarioTagger(), FixedIndustryTagger(), regions, lambda: next(days))
    first = annotator.annotate("", "9月底前交")
    second = annotator.annotate("", "9月底前交")
    assert first.deadline is not None
    assert second.deadline is not None
    assert (first.deadline.due.year, second.deadline.due.year) == (2026, 2027)


@pytest.mark.parametrize(
    "body",
    ["1" * 20_000, "一" * 20_000, "月" * 20_000, "预算" * 10_000, "1-" * 10_000, "南京" * 10_000,
     "每月" * 10_000, "推荐" * 10_000, "提供" * 10_000, "至少三" * 7_000, "a1" * 10_000,
     "2026年" * 4_000, "(" * 20_000, "\n" * 20_000],
)  # fmt: skip
def test_hostile_repetition_is_read_without_error(annotator: Annotator, body: str) -> None:
    assert annotator.annotate("", body).completeness.score >= 0
