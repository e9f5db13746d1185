import math
from collections import Counter
from collections.abc import Sequence
from random import Random

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.keywords import (
    K1,
    B,
    Postings,
    build_postings,
    merge_postings,
    score_tokens,
    term_weights,
)

TERMS = list("专利导航分析报告风险")
Corpus = list[list[str]]
corpora = st.lists(st.lists(st.sampled_from(TERMS), max_size=12), min_size=1, max_size=12)
queries = st.lists(st.sampled_from([*TERMS, "无"]), max_size=6)


def everything(n_rows: int) -> NDArray[np.bool_]:
    return np.ones(n_rows, np.bool_)


def score(corpus: Corpus, query: Sequence[str]) -> NDArray[np.float32]:
    return score_tokens([build_postings(corpus)], [everything(len(corpus))], query)


def plain_bm25(corpus: Corpus, query: Sequence[str]) -> list[float]:
    """BM25 as the formula is printed, one document after the other."""
    average = max(sum(map(len, corpus)) / len(corpus), 1)
    scores = []
    for tokens in corpus:
        total = 0.0
        for term in query:
            n = sum(term in other for other in corpus)
            idf = math.log(1 + (len(corpus) - n + 0.5) / (n + 0.5))
            tf = tokens.count(term)
            total += idf * tf / (tf + K1 * (1 - B + B * len(tokens) / average)) if tf else 0
        scores.append(total)
    return scores


def random_corpus(seed: int, n_rows: int) -> Corpus:
    rng = np.random.default_rng(seed)
    weights = 1 / np.arange(1, 301)
    names = np.array([f"词{n}" for n in range(300)])
    return [
        rng.choice(names, rng.integers(1, 80), p=weights / weights.sum()).tolist()
        for _ in range(n_rows)
    ]


def assert_same(a: Postings, b: Postings) -> None:
    assert list(a.terms.items()) == list(b.terms.items())
    for name in ("starts", "rows", "counts", "lengths"):
        left, right = getattr(a, name), getattr(b, name)
        assert left.dtype == right.dtype
        assert left.tolist() == right.tolist()


@given(corpora, queries)
def test_score_equals_the_formula(corpus: Corpus, query: list[str]) -> None:
    assert score(corpus, query) == pytest.approx(plain_bm25(corpus, query), rel=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_score_equals_bm25s(seed: int) -> None:
    corpus = random_corpus(seed, 200)
    theirs = bm25s.BM25(method="lucene", k1=K1, b=B)
    theirs.index(corpus, show_progress=False)
    for query in random_corpus(seed + 100, 10):
        mine = score(corpus, query)
        known = [term for term in query if any(term in row for row in corpus)]
        assert mine == pytest.approx(theirs.get_scores(known), rel=1e-4, abs=1e-6)


@given(corpora, queries, st.integers(0, 12), st.integers(0, 12))
def test_score_same_however_rows_are_spread(
    corpus: Corpus, query: list[str], first: int, second: int
) -> None:
    cuts = sorted((min(first, len(corpus)), min(second, len(corpus))))
    spread = [corpus[: cuts[0]], corpus[cuts[0] : cuts[1]], corpus[cuts[1] :]]
    parts = [build_postings(part) for part in spread]
    scores = score_tokens(parts, [everything(len(part)) for part in spread], query)
    assert scores.tolist() == score(corpus, query).tolist()


@pytest.mark.parametrize("chunk", [1, 7, 100, 1_000])
def test_score_same_however_many_postings_are_taken_at_once(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, query = random_corpus(1, 200), random_corpus(2, 1)[0]
    parts = [build_postings(corpus[:120]), build_postings(corpus[120:])]
    alive = [everything(120), everything(80)]
    alive[1][::3] = False
    usual = [everything(120), everything(80)]
    usual[0][5] = False
    whole = score_tokens(parts, alive, query, usual)

    monkeypatch.setattr("indexer.keywords.CHUNK", chunk)

    assert score_tokens(parts, alive, query, usual).tolist() == whole.tolist()
    assert whole.any()


@given(corpora, queries, st.data())
def test_score_same_whatever_dead_rows_hold(
    corpus: Corpus, query: list[str], data: st.DataObject
) -> None:
    alive = np.array(data.draw(st.lists(st.booleans(), min_size=len(corpus), max_size=len(corpus))))
    scores = score_tokens([build_postings(corpus)], [alive.astype(np.bool_)], query)
    living = [row for row, lives in zip(corpus, alive, strict=True) if lives]
    assert scores[alive.astype(np.bool_)].tolist() == (
        score(living, query).tolist() if living else []
    )
    assert not scores[~alive.astype(np.bool_)].any()


@given(corpora, queries)
def test_score_of_shared_term_added_to_query_never_falls(corpus: Corpus, query: list[str]) -> None:
    more = score(corpus, [*query, corpus[0][0] if corpus[0] else "无"])
    assert (more >= score(corpus, query) - 1e-6).all()


def test_score_repeated_token_counts_twice() -> None:
    corpus = [["专", "利"], ["利"]]
    assert score(corpus, ["专", "专"]) == pytest.approx(2 * score(corpus, ["专"]))


def test_score_token_counts_by_its_weight() -> None:
    parts, alive = [build_postings([["专", "利"], ["利"]])], [everything(2)]
    half = score_tokens(parts, alive, {"专": 0.5, "利": 1.0})
    assert half == pytest.approx(
        0.5 * score_tokens(parts, alive, ["专"]) + score_tokens(parts, alive, ["利"])
    )


@pytest.mark.parametrize("query", [[], ["无"]], ids=["empty", "unknown"])
def test_score_query_that_finds_nothing_gives_zeros(query: list[str]) -> None:
    assert score([["专"], []], query).tolist() == [0.0, 0.0]


def test_score_index_without_rows_gives_nothing() -> None:
    assert score_tokens([], [], ["专"]).tolist() == []
    assert score_tokens([build_postings([])], [everything(0)], ["专"]).tolist() == []


def test_score_index_without_living_rows_gives_zeros() -> None:
    dead = np.zeros(1, np.bool_)
    assert score_tokens([build_postings([["专"]])], [dead], ["专"]).tolist() == [0.0]


def test_term_weights_count_living_rows_only() -> None:
    parts = [build_postings([["专"], ["专", "利"]]), build_postings([["专"]])]
    alive = [np.array([True, False]), np.array([True])]
    weights = term_weights(parts, alive, ["专", "利", "专"])
    assert weights == pytest.approx({"专": math.log1p(0.5 / 2.5), "利": math.log1p(2.5 / 0.5)})


@given(corpora)
def test_build_postings_hold_every_count(corpus: Corpus) -> None:
    postings = build_postings(corpus)
    for row, tokens in enumerate(corpus):
        held = {
            t: c for t in postings.terms for r, c in zip(*postings.of(t), strict=True) if r == row
        }
        assert held == Counter(tokens)
    assert postings.lengths.tolist() == [len(tokens) for tokens in corpus]


@given(st.lists(corpora, max_size=3), st.randoms(use_true_random=False))
def test_merge_equals_building_from_tokens(spread: list[Corpus], random: Random) -> None:
    rows = [row for part in spread for row in part]
    order = list(range(len(rows)))
    random.shuffle(order)
    kept = order[: len(order) * 2 // 3]
    merged = merge_postings([build_postings(part) for part in spread], np.array(kept, np.int64))
    assert_same(merged, build_postings([rows[row] for row in kept]))


def test_merge_drops_terms_nobody_holds() -> None:
    merged = merge_postings([build_postings([["专"], ["利"]])], np.array([1], np.int64))
    assert merged.terms == {"利": 0}
