"""Nearness in meaning, over the standing of cosines."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.embed import Embedder, Progress, RecentVectors
from indexer.encoder import HashEncoder
from indexer.types import Document, Embedding
from indexer.view import KindView
from matcher.compare import semantic
from matcher.compare.standing import Usual
from matcher.types import Candidates, Values
from tests.factories import (
    all_candidates,
    ask,
    make_corpus,
    make_demand,
    make_document,
    make_kind_view,
)

USUAL = Usual(0.2, 0.1)
ROWS = np.arange(60)
FEATURES = (
    semantic.title_to_title,
    semantic.title_to_text,
    semantic.text_to_text,
    semantic.sentence_to_sentence,
)


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return make_corpus(60)


@pytest.fixture(scope="module")
def view(documents: list[Document], embedder: Embedder) -> KindView:
    return make_kind_view(documents, embedder)


@pytest.mark.parametrize("feature", FEATURES)
def test_values_lie_between_0_and_1(
    feature: Callable[..., Values], view: KindView, embedder: Embedder
) -> None:
    values = feature(ask(make_demand(), embedder), all_candidates(view), USUAL)
    assert values.shape == (60,)
    assert ((values >= 0) & (values <= 1)).all()


class Failing(HashEncoder):
    """Encodes no document of item 17."""

    def encode_documents(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        vectors = super().encode_documents(texts)
        vectors[["第17项" in text or text == "仅此一题" for text in texts]] = 0
        return vectors


@pytest.mark.parametrize("feature", FEATURES)
def test_text_that_could_not_be_encoded_is_unknown_and_changes_no_other(
    feature: Callable[..., Values], embedder: Embedder
) -> None:
    documents = make_corpus(60)
    documents[17] = replace(documents[17], title="仅此一题", body="第17项服务排查侵权风险。")
    partial = make_kind_view(documents, Embedder(Failing(), RecentVectors()))
    whole = make_kind_view([*documents[:17], *documents[18:]], embedder)
    asking = ask(make_demand(), embedder)
    values = feature(asking, all_candidates(partial), USUAL)
    others = feature(asking, all_candidates(whole), USUAL)
    assert np.flatnonzero(np.isnan(values)).tolist() == [17]
    assert np.array_equal(np.delete(values, 17), others)
    assert [d.id for d in partial.unencoded] == [documents[17].id]
    found = [row for row, _ in partial.nearest("fulls", asking.embedding.full, 60, ROWS)]
    assert sorted(found) == [row for row in range(60) if row != 17]


@pytest.mark.parametrize("feature", FEATURES)
def test_same_text_stands_first(
    feature: Callable[..., Values], documents: list[Document], view: KindView, embedder: Embedder
) -> None:
    mine = replace(documents[17], id="dm-1")
    values = feature(ask(mine, embedder), all_candidates(view), USUAL)
    assert values[17] == values.max()


@pytest.mark.parametrize("feature", FEATURES)
def test_reordering_the_index_changes_nothing(
    feature: Callable[..., Values], documents: list[Document], view: KindView, embedder: Embedder
) -> None:
    query = ask(make_demand(), embedder)
    backward = all_candidates(make_kind_view(documents[::-1], embedder))
    forward = feature(query, all_candidates(view), USUAL)
    assert forward == pytest.approx(feature(query, backward, USUAL)[::-1], abs=1e-5)


@pytest.mark.parametrize("feature", FEATURES)
def test_value_does_not_depend_on_which_others_are_scored(
    feature: Callable[..., Values], view: KindView, embedder: Embedder
) -> None:
    query, rows = ask(make_demand(), embedder), np.array([3, 40], np.int64)
    few = feature(query, Candidates(view, rows, view.alive_rows, view.alive_rows), USUAL)
    assert few == pytest.approx(feature(query, all_candidates(view), USUAL)[rows], abs=1e-6)


@pytest.mark.parametrize("feature", [semantic.title_to_title, semantic.title_to_text])
def test_query_without_title_is_unknown(
    feature: Callable[..., Values], view: KindView, embedder: Embedder
) -> None:
    query = ask(make_demand(title=""), embedder)
    assert np.isnan(feature(query, all_candidates(view), USUAL)).all()


def test_nearest_cosines_are_the_best_of_each_row(view: KindView, embedder: Embedder) -> None:
    query = ask(make_demand(body="固态电池电解质的风险。海上风电机组的图谱。"), embedder)
    nearest = semantic.nearest_cosines(query, all_candidates(view), view.alive_rows)
    theirs = view.embedding(5).sentences
    best = [max(float(mine @ other) for other in theirs) for mine in query.embedding.sentences]
    assert nearest[:, 5] == pytest.approx(best, abs=1e-5)


def test_one_sentence_that_stands_out_beats_several_that_do_not(embedder: Embedder) -> None:
    asked = ("固态电池电解质的侵权风险。", "我们是一家中小企业。")
    alike = make_document("alike", f"另有一项服务。{asked[0]}", title="别的")
    view = make_kind_view([alike, *make_corpus(30)], embedder)
    query = ask(make_demand(body="".join(asked)), embedder)
    scores = semantic.sentence_scores(query, all_candidates(view), USUAL)
    assert scores[view.row_by_id["alike"]] == scores.max()


def test_sentence_scores_are_the_same_over_two_segments(
    documents: list[Document], view: KindView, embedder: Embedder
) -> None:
    added = make_kind_view(documents[40:], embedder).segments[0]
    both = make_kind_view(documents[:40], embedder).with_segment(added)
    query = ask(make_demand(), embedder)
    whole = semantic.sentence_scores(query, all_candidates(view), USUAL)
    split = semantic.sentence_scores(query, all_candidates(both), USUAL)
    assert split == pytest.approx(whole, abs=1e-5)


def test_candidate_without_sentence_is_unknown(embedder: Embedder) -> None:
    silent = make_document("cp-0", "", title="")
    view = make_kind_view([silent, *make_corpus(5), replace(silent, id="cp-9")], embedder)
    values = semantic.sentence_to_sentence(
        ask(make_demand(), embedder), all_candidates(view), USUAL
    )
    assert np.isnan(values).tolist() == [True, *[False] * 5, True]


def test_query_without_sentence_is_unknown(view: KindView, embedder: Embedder) -> None:
    spoken = ask(make_demand(), embedder)
    nothing = np.zeros((0, spoken.embedding.sentences.shape[1]), np.float32)
    embedding = Embedding(spoken.embedding.title, spoken.embedding.full, nothing)
    query = replace(spoken, embedding=embedding)
    assert np.isnan(semantic.sentence_to_sentence(query, all_candidates(view), USUAL)).all()


def test_standing_of_the_pool_has_a_value_a_row(view: KindView, embedder: Embedder) -> None:
    query, rows = ask(make_demand(), embedder), np.array([2, 8], np.int64)
    candidates = Candidates(view, rows, view.alive_rows, view.alive_rows)
    pool = semantic.text_standing_of_pool(query, candidates, USUAL)
    assert pool[rows] == pytest.approx(semantic.text_to_text(query, candidates, USUAL))
    assert len(pool) == view.n_alive
