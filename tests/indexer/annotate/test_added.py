"""A code added at run time is found by its words and its examples."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.annotate.added import AT_LEAST, AT_MOST, AddedScenarios
from indexer.annotate.scenario import ScenarioTagger
from indexer.embed import Embedder, RecentVectors
from indexer.encoder import HashEncoder
from models.taxonomy import Scenario, ScenarioTaxonomy

SEP = Scenario(
    code="ENT.SEP",
    zh="标准必要专利导航",
    en="",
    definition="围绕技术标准识别标准必要专利，评估许可费率和参与标准制定的时机。",
    parent="ENT",
    triggers=("标准必要专利", "FRAND", "标准提案"),
    examples=("梳理5G标准必要专利，判断我们要付多少许可费，该不该参与下一版标准提案。",),
)
TITLE = "梳理5G标准必要专利"
BODY = "预算30万元。评估FRAND许可费率，该不该参与下一版标准提案？"


class CountingEncoder(HashEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.n_texts = 0

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.n_texts += len(texts)
        return super().encode_queries(texts)


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def taxonomy() -> ScenarioTaxonomy:
    return ScenarioTaxonomy.load()


@pytest.fixture
def tagger(taxonomy: ScenarioTaxonomy, encoder: CountingEncoder) -> ScenarioTagger:
    return ScenarioTagger(taxonomy, Embedder(encoder, RecentVectors()))


def test_shipped_taxonomy_costs_nothing(tagger: ScenarioTagger, encoder: CountingEncoder) -> None:
    tagger.tag_scenarios(TITLE, BODY)
    assert encoder.n_texts == 0


def test_added_code_is_found_with_its_words(
    tagger: ScenarioTagger, taxonomy: ScenarioTaxonomy
) -> None:
    taxonomy.become(taxonomy.with_scenario(SEP, "draft-1+1"))
    (first, *_) = tagger.tag_scenarios(TITLE, BODY).tags
    assert (first.code, first.name, first.version) == ("ENT.SEP", SEP.zh, "draft-1+1")
    assert AT_LEAST <= first.confidence <= AT_MOST
    text = f"{TITLE}\n{BODY}"
    assert [text[e.start : e.end] for e in first.evidence] == list(SEP.triggers)


def test_added_code_does_not_come_without_a_cause(
    tagger: ScenarioTagger, taxonomy: ScenarioTaxonomy
) -> None:
    taxonomy.become(taxonomy.with_scenario(SEP, "draft-1+1"))
    text = "公司产品参加德国展会，担心被投诉，需要两周内完成展会前风险排查。"
    assert "ENT.SEP" not in [t.code for t in tagger.tag_scenarios("展会风险", text).tags]


def test_text_that_fitted_no_code_may_fit_an_added_one(
    tagger: ScenarioTagger, taxonomy: ScenarioTaxonomy
) -> None:
    title, body = "商标注册与年费代缴", "请代办商标注册申请，代缴专利年费，续展商标。"
    assert [t.code for t in tagger.tag_scenarios(title, body).tags] == ["OTH"]
    own = Scenario(
        "PUB.AGENT", "代理", "", body, "PUB", None, ("商标注册", "年费", "续展"), (body,)
    )
    taxonomy.become(taxonomy.with_scenario(own, "draft-1+1"))
    assert [t.code for t in tagger.tag_scenarios(title, body).tags] == ["PUB.AGENT"]


def test_retired_code_is_given_no_more(tagger: ScenarioTagger, taxonomy: ScenarioTaxonomy) -> None:
    title, body = "展会风险", "公司产品参加德国展会，担心被投诉，需要两周内完成专利侵权风险排查。"
    assert tagger.tag_scenarios(title, body).tags[0].code == "ENT.RISK"
    taxonomy.become(taxonomy.without("ENT.RISK", "draft-1+1"))
    assert "ENT.RISK" not in [t.code for t in tagger.tag_scenarios(title, body).tags]


def test_prototypes_are_made_once_a_version(
    taxonomy: ScenarioTaxonomy, encoder: CountingEncoder
) -> None:
    taxonomy.become(taxonomy.with_scenario(SEP, "draft-1+1"))
    added = AddedScenarios(taxonomy, Embedder(encoder, RecentVectors(limit=1)), ["ENT.RISK"])
    added.find([TITLE], [TITLE])
    n_first = encoder.n_texts
    added.find([BODY], [BODY])
    assert encoder.n_texts == n_first + 1
