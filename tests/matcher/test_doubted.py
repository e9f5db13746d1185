"""Texts that repeat older ones say nothing of what is usual: nobody else moves by them."""

import numpy as np
import pytest

from indexer.embed import Embedder
from indexer.types import Document
from indexer.view import IndexView
from matcher.pipeline import Matcher, MatchRequest
from models.vocabulary.matching import Direction
from tests.factories import make_corpus, make_demand, make_document, make_index, make_matcher

ASKED = (
    "我司生产固态电池电解质，计划明年在欧洲上市，想请专业机构排查主要竞争对手的专利侵权风险，"
    "对比权利要求并给出规避设计的方向，两个月内交报告。"
)
REQUEST = MatchRequest(Direction.DEMAND_TO_PROVIDER)


def echoes(n: int) -> list[Document]:
    """Capabilities of one provider, each the demand again."""
    return [
        make_document(f"cp_zz{number:03}", f"{ASKED}第{number}号。", group_id="pv-echo")
        for number in range(n)
    ]


@pytest.fixture(scope="module")
def matcher(embedder: Embedder) -> Matcher:
    return make_matcher(embedder)


@pytest.fixture(scope="module")
def demand() -> Document:
    return make_demand("dm_00000", ASKED)


def honest_values(matcher: Matcher, view: IndexView, demand: Document) -> dict[str, list[float]]:
    candidates, scores = matcher.examine(demand, view, REQUEST)
    return {
        document.id: [*values.tolist(), float(total)]
        for document, values, total in zip(
            candidates.documents, scores.values, scores.totals, strict=True
        )
        if document.group_id != "pv-echo"
    }


def test_copies_of_a_demand_leave_the_scores_of_others_as_they_are(
    matcher: Matcher, demand: Document, embedder: Embedder
) -> None:
    honest = [*make_corpus(60), demand]
    alone = honest_values(matcher, make_index(honest, embedder), demand)
    beside = honest_values(matcher, make_index([*honest, *echoes(50)], embedder), demand)
    assert len(alone) == 60
    assert beside.keys() == alone.keys()
    for key, values in alone.items():
        assert beside[key] == pytest.approx(values, abs=1e-5, nan_ok=True)


def test_an_index_of_nothing_but_copies_is_ranked_all_the_same(
    matcher: Matcher, demand: Document, embedder: Embedder
) -> None:
    view = make_index([demand, *echoes(30)], embedder)
    candidates, scores = matcher.examine(demand, view, REQUEST)
    assert len(candidates.documents) == 30
    assert np.isfinite(scores.totals).all()
