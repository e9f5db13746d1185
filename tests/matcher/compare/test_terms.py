"""Shared words and phrases: rare ones count more, more of them never count less."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.embed import Embedder
from matcher.asking import asked_terms
from matcher.compare.terms import shared_phrases, shared_title_phrases, shared_words
from matcher.types import Values
from tests.factories import (
    SUBJECTS,
    all_candidates,
    ask,
    make_corpus,
    make_demand,
    make_document,
    make_embedder,
    make_kind_view,
)

EMBEDDER = make_embedder()
CORPUS = make_kind_view(make_corpus(60), EMBEDDER)
RARE = ("氮化镓衬底", "量子密钥分发", "石墨烯散热膜")
FEATURES = (shared_words, shared_phrases)


def test_shared_subject_stands_above_all_others(embedder: Embedder) -> None:
    candidates = all_candidates(CORPUS)
    values = shared_words(ask(make_demand(title="", body="杂交水稻育种"), embedder), candidates)
    about = np.array(["杂交水稻" in d.title + d.body for d in candidates.documents])
    assert values[about].min() > values[~about].max()


@pytest.mark.parametrize("feature", FEATURES)
@given(body=st.sampled_from(SUBJECTS), rare=st.sampled_from(RARE), times=st.integers(1, 3))
def test_adding_a_shared_term_never_lowers_it(
    feature: Callable[..., Values], body: str, rare: str, times: int
) -> None:
    mine = make_document("cp-mine", f"面向{body}。也做{rare}。")
    view = make_kind_view([*make_corpus(40), mine], EMBEDDER)
    candidates = all_candidates(view)
    plain = feature(ask(make_demand(title="", body=body), EMBEDDER), candidates)
    shared = feature(ask(make_demand(title="", body=body + rare * times), EMBEDDER), candidates)
    assert shared[-1] > plain[-1]


@pytest.mark.parametrize("feature", [*FEATURES, shared_title_phrases])
def test_reordering_the_index_changes_nothing(
    feature: Callable[..., Values], embedder: Embedder
) -> None:
    documents = make_corpus(50)
    query = ask(make_demand(title="固态电池电解质排查"), embedder)
    forward = feature(query, all_candidates(make_kind_view(documents, embedder)))
    backward = feature(query, all_candidates(make_kind_view(documents[::-1], embedder)))
    assert forward == pytest.approx(backward[::-1], abs=1e-6)


def test_title_phrases_look_at_titles_alone(embedder: Embedder) -> None:
    title = make_document("cp-1", "综合服务。", title="固态电池专利图谱")
    body = make_document("cp-2", "固态电池专利图谱。", title="综合服务")
    candidates = all_candidates(make_kind_view([title, body], embedder))
    in_title, in_body = shared_title_phrases(
        ask(make_demand(title="固态电池专利图谱"), embedder), candidates
    )
    assert in_title > in_body


def test_query_without_title_leaves_titles_unknown(embedder: Embedder) -> None:
    query = ask(make_demand(title=""), embedder)
    assert np.isnan(shared_title_phrases(query, all_candidates(CORPUS))).all()


def test_query_without_words_is_unknown(embedder: Embedder) -> None:
    query = ask(make_demand(title="", body="。。!!"), embedder)
    assert np.isnan(shared_words(query, all_candidates(CORPUS))).all()
    assert np.isnan(shared_phrases(query, all_candidates(CORPUS))).all()


def test_nothing_shared_stands_at_zero(embedder: Embedder) -> None:
    query = ask(make_demand(title="", body="ゑゐヰ"), embedder)
    assert not shared_words(query, all_candidates(CORPUS)).any()


def test_a_term_asked_four_times_weighs_less_than_twice_as_much() -> None:
    weights = asked_terms(["风险", "风险", "风险", "风险", "封装"], ())
    assert 1 < weights["风险"] < 2
    assert weights["封装"] == 1.0


def test_terms_of_the_title_weigh_more(embedder: Embedder) -> None:
    query = ask(
        make_demand(title="石墨烯散热膜", body="我们也做石墨烯散热膜。想看行情。"), embedder
    )
    assert query.grams["散热"] > query.grams["行情"] == 1.0
    assert set(query.title_grams.values()) == {1.0}
