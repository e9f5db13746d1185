"""Tags agree by nearness of codes; what nobody tagged is unknown, never agreement."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.types import Document
from matcher.compare import tags
from matcher.types import Candidates, Query, Values
from tests.factories import (
    all_candidates,
    ask,
    make_demand,
    make_document,
    make_embedder,
    make_kind_view,
)

EMBEDDER = make_embedder()
Tags = tuple[tuple[str, float], ...]
OTHERS = [
    make_document(
        f"cp-z{number}",
        scenarios=(("TAL.EVAL", 0.9),),
        industries=(("7.1", 0.9),),
        classes=(("A0111", 0.9),),
    )
    for number in range(20)
]
FEATURES = ((tags.same_scenario, "scenarios"), (tags.same_industry, "industries"))


def _tag(part: str, code: str, confidence: float = 0.9) -> dict[str, Any]:
    return {part: ((code, confidence),)}


def _compare(
    feature: Callable[..., Values], asking: Document, documents: list[Document]
) -> list[float]:
    """Values of some documents among twenty that have nothing in common with the query."""
    candidates = all_candidates(make_kind_view([*documents, *OTHERS], EMBEDDER))
    values = feature(ask(asking, EMBEDDER), candidates)
    return [float(value) for value in values[: len(documents)]]


def _purpose_in_field(query: Query, candidates: Candidates) -> Values:
    meaning = np.full(len(candidates.pool), 0.3, np.float32)
    return tags.same_purpose_in_field(query, candidates, meaning)


@pytest.mark.parametrize(
    ("feature", "part", "codes"),
    [
        (tags.same_scenario, "scenarios", ["ENT.RISK", "ENT.IPO", "IND.PATH"]),
        (tags.same_industry, "industries", ["1.2", "1.5", "4.1"]),
        (tags.same_class, "classes", ["C3982", "C3985", "C3999", "C2710"]),
    ],
)
def test_nearer_codes_agree_more(
    feature: Callable[..., Values], part: str, codes: list[str]
) -> None:
    asking = make_demand(**_tag(part, codes[0]))
    documents = [make_document(f"cp-{code}", **_tag(part, code)) for code in codes]
    values = _compare(feature, asking, documents)
    assert values == sorted(values, reverse=True)
    assert values[0] > values[1] > values[-1] == 0.0


@pytest.mark.parametrize(("feature", "part"), [*FEATURES, (tags.same_class, "classes")])
def test_untagged_side_is_unknown(feature: Callable[..., Values], part: str) -> None:
    code = {"scenarios": "TAL.EVAL", "industries": "7.1", "classes": "A0111"}[part]
    tagged = make_document("cp-1", **_tag(part, code))
    values = _compare(feature, make_demand(**_tag(part, code)), [make_document("cp-0"), tagged])
    assert np.isnan(values[0])
    assert not np.isnan(values[1])
    assert np.isnan(_compare(feature, make_demand(), [tagged])).all()


def test_surer_tag_agrees_more() -> None:
    asking = make_demand(scenarios=(("ENT.RISK", 0.9),))
    sure, unsure = (
        make_document(f"cp-{n}", scenarios=(("ENT.RISK", confidence),))
        for n, confidence in enumerate((0.9, 0.5))
    )
    high, low = _compare(tags.same_scenario, asking, [sure, unsure])
    assert high > low > 0


def test_both_asked_scenarios_beat_one() -> None:
    asking = make_demand(scenarios=(("ENT.RISK", 0.6), ("IND.PATH", 0.4)))
    both = make_document("cp-0", scenarios=(("IND.PATH", 0.9), ("ENT.RISK", 0.9)))
    one = make_document("cp-1", scenarios=(("ENT.RISK", 0.9),))
    other = make_document("cp-2", scenarios=(("IND.PATH", 0.9),))
    values = _compare(tags.same_scenario, asking, [both, one, other])
    assert values[0] > values[1] > values[2] > 0


def test_what_everybody_offers_says_little() -> None:
    everybody = all_candidates(make_kind_view(OTHERS, EMBEDDER))
    usual = tags.same_scenario(
        ask(make_demand(scenarios=(("TAL.EVAL", 0.9),)), EMBEDDER), everybody
    )
    rare = _compare(
        tags.same_scenario,
        make_demand(scenarios=(("ENT.RISK", 0.9),)),
        [make_document("cp-0", scenarios=(("ENT.RISK", 0.9),))],
    )
    assert usual.max() < rare[0]


@given(
    asked=st.dictionaries(st.sampled_from(["ENT.RISK", "IND.PATH"]), st.floats(0.1, 1), min_size=1),
    offered=st.lists(
        st.dictionaries(st.sampled_from(["ENT.RISK", "ENT.IPO", "IND.PATH"]), st.floats(0.1, 1)),
        min_size=1,
        max_size=6,
    ),
)
def test_values_lie_between_0_and_1_or_are_unknown(
    asked: dict[str, float], offered: list[dict[str, float]]
) -> None:
    documents = [
        make_document(f"cp-{n}", scenarios=tuple(codes.items())) for n, codes in enumerate(offered)
    ]
    values = _compare(tags.same_scenario, make_demand(scenarios=tuple(asked.items())), documents)
    for value, codes in zip(values, offered, strict=True):
        assert 0 <= value <= 1 if codes else np.isnan(value)


def test_purpose_in_field_needs_both() -> None:
    asking = make_demand(scenarios=(("ENT.RISK", 0.9),), industries=(("1.2", 0.9),))
    documents = [
        make_document("cp-0", scenarios=(("ENT.RISK", 0.9),), industries=(("1.2", 0.9),)),
        make_document("cp-1", scenarios=(("TAL.EVAL", 0.9),), industries=(("1.2", 0.9),)),
        make_document("cp-2", scenarios=(("ENT.RISK", 0.9),), industries=(("7.1", 0.9),)),
    ]
    both, field, purpose = _compare(_purpose_in_field, asking, documents)
    assert both > 2 * max(field, purpose)


def test_purpose_in_field_is_unknown_without_purpose() -> None:
    asking = make_demand(industries=(("1.2", 0.9),))
    assert np.isnan(_compare(_purpose_in_field, asking, [make_document("cp-0")])).all()


def test_purpose_in_field_is_unknown_where_most_of_the_index_has_no_purpose() -> None:
    asking = make_demand(scenarios=(("ENT.RISK", 0.9),), industries=(("1.2", 0.9),))
    same = make_document("cp-0", scenarios=(("ENT.RISK", 0.9),), industries=(("1.2", 0.9),))
    silent = [make_document(f"cp-s{n}", industries=(("1.2", 0.9),)) for n in range(20)]
    assert not np.isnan(_compare(_purpose_in_field, asking, [same, *silent])[0])
    assert np.isnan(_compare(_purpose_in_field, asking, [same, *silent, *silent[:2]])).all()


def test_open_field_counts_between_same_and_other() -> None:
    asking = make_demand(scenarios=(("ENT.RISK", 0.9),), industries=(("1.2", 0.9),))
    purpose: Tags = (("ENT.RISK", 0.9),)
    documents = [
        make_document("cp-0", scenarios=purpose, industries=(("1.2", 0.9),)),
        make_document("cp-1", scenarios=purpose, any_industry=True),
        make_document("cp-2", scenarios=purpose, industries=(("7.1", 0.9),)),
    ]
    same, anything, other = _compare(_purpose_in_field, asking, documents)
    assert same > anything > other


@pytest.mark.parametrize(("feature", "part"), FEATURES)
def test_reordering_the_index_changes_nothing(feature: Callable[..., Values], part: str) -> None:
    codes = {"scenarios": ["ENT.RISK", "ENT.IPO", "IND.PATH"], "industries": ["1.2", "1.5", "4.1"]}
    documents = [
        make_document(f"cp-{n}", **_tag(part, codes[part][n % 3], 0.5 + n / 40)) for n in range(15)
    ]
    query = ask(make_demand(**_tag(part, codes[part][0])), EMBEDDER)
    forward = feature(query, all_candidates(make_kind_view(documents, EMBEDDER)))
    backward = feature(query, all_candidates(make_kind_view(documents[::-1], EMBEDDER)))
    assert forward == pytest.approx(backward[::-1], abs=1e-6)
