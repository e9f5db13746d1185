"""A term counts by where it stands and what follows it."""

import pytest

from indexer.annotate.industry_reading import (
    EXCLUDED_FACTOR,
    MODIFIER_FACTORS,
    TITLE_WEIGHT,
    USE_FACTORS,
    weigh_hits,
)
from indexer.annotate.industry_terms import IndustryTerm, TermFinder
from models.vocabulary.taxonomy import Scheme

FINDER = TermFinder(
    [
        IndustryTerm(text=text, sei=("1.1",), gb4754=("C3921",), weight=weight)
        for text, weight in (("航空器", 1.0), ("玻璃", 1.0), ("电池", 1.0), ("电池展", 0.0))
    ]
)


def weights(body: str, title: str = "", scheme: Scheme = Scheme.GB4754) -> dict[str, float]:
    text = f"{title}\n{body}"
    hits = FINDER.find(text)
    return {hit.term.text: weight for hit, weight in weigh_hits(scheme, text, len(title), hits)}


def test_weigh_hits_gives_plain_term_its_own_weight() -> None:
    assert weights("玻璃") == {"玻璃": 1.0}


def test_weigh_hits_counts_title_double() -> None:
    assert weights("", title="玻璃") == {"玻璃": TITLE_WEIGHT}


def test_weigh_hits_keeps_best_place_of_repeated_term() -> None:
    found = weights("玻璃", title="玻璃")
    assert found["玻璃"] > TITLE_WEIGHT


@pytest.mark.parametrize("scheme", [Scheme.SEI, Scheme.GB4754])
def test_weigh_hits_of_thing_served_counts_less(scheme: Scheme) -> None:
    assert weights("航空器用钢化玻璃", scheme=scheme) == {
        "航空器": USE_FACTORS[scheme],
        "玻璃": 1.0,
    }


@pytest.mark.parametrize("scheme", [Scheme.SEI, Scheme.GB4754])
def test_weigh_hits_of_modifier_counts_less(scheme: Scheme) -> None:
    assert weights("航空器玻璃", scheme=scheme) == {
        "航空器": MODIFIER_FACTORS[scheme],
        "玻璃": 1.0,
    }


@pytest.mark.parametrize("joined", ["航空器和玻璃", "航空器、玻璃", "航空器及其玻璃"])
def test_weigh_hits_of_joined_terms_count_fully(joined: str) -> None:
    assert weights(joined) == {"航空器": 1.0, "玻璃": 1.0}


def test_weigh_hits_of_used_for_is_no_modifier() -> None:
    assert weights("玻璃用于建筑")["玻璃"] == 1.0


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("本项目不涉及玻璃。", id="not-about"),
        pytest.param("玻璃企业除外。", id="except"),
        pytest.param("同批玻璃团队,不在本次范围。", id="not-this-time"),
    ],
)
def test_weigh_hits_of_excluded_term_hardly_counts(text: str) -> None:
    assert weights(text) == {"玻璃": pytest.approx(EXCLUDED_FACTOR)}


def test_weigh_hits_exclusion_ends_with_its_sentence() -> None:
    assert weights("不涉及玻璃。只看电池")["电池"] == 1.0


def test_weigh_hits_leaves_mute_phrases_out() -> None:
    assert weights("参加电池展") == {}
