from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.segment import Segment
from indexer.types import Document
from indexer.view import IndexView, KindView
from indexer.words import bigrams
from models.vocabulary.row import Entity
from tests.factories import SEGMENTER, make_document, make_embedder, make_kind_view

EMBEDDER = make_embedder()
DOCUMENTS = tuple(
    make_document(f"d{n:02}", body, title=title, group_id=f"g{n % 5}")
    for n, (title, body) in enumerate(
        (title, body)
        for body in ("碳化硅器件专利风险排查。", "固态电池专利导航分析报告。", "海外诉讼应对。")
        for title in ("专利分析", "专利导航", "风险排查", "专利分析")
    )
)
QUERY = EMBEDDER.embed_query(make_document("q", "碳化硅器件出口的专利风险"))
TOKENS = bigrams("碳化硅器件专利风险")

spreads = st.lists(st.integers(0, 2), min_size=len(DOCUMENTS), max_size=len(DOCUMENTS))


def make_segment(documents: Sequence[Document]) -> Segment:
    return make_kind_view(documents, EMBEDDER).segments[0]


def spread_over(documents: Sequence[Document], places: Sequence[int]) -> KindView:
    """The documents in up to three segments."""
    view = KindView((), ())
    for place in sorted(set(places)):
        part = [d for d, at in zip(documents, places, strict=True) if at == place]
        view = view.with_segment(make_segment(part))
    return view


def answers(view: KindView) -> dict[str, object]:
    """What a view says about the query, by key of the document and to the bit."""
    ids = [d.id for d in view.documents]
    rows = view.alive_rows
    return {
        "alive": sorted(ids[row] for row in rows),
        "titles": [(ids[r], c) for r, c in view.nearest("titles", QUERY.title, 7, rows)],
        "fulls": [(ids[r], c) for r, c in view.nearest("fulls", QUERY.full, 7, rows)],
        "cosines": sorted(
            zip(
                (ids[r] for r in rows),
                view.cosines("fulls", QUERY.full, rows).tolist(),
                strict=True,
            )
        ),
        "grams": sorted((ids[r], float(view.bm25("grams", TOKENS)[r])) for r in rows),
        "words": sorted((ids[r], float(view.bm25("words", ["专利", "风险"])[r])) for r in rows),
        "idf": view.idf("grams", TOKENS),
    }


@settings(max_examples=25)
@given(spreads)
def test_answers_same_however_documents_are_spread(places: list[int]) -> None:
    assert answers(spread_over(DOCUMENTS, places)) == answers(make_kind_view(DOCUMENTS, EMBEDDER))


@settings(max_examples=25)
@given(spreads, st.sets(st.sampled_from([d.id for d in DOCUMENTS])))
def test_answers_same_as_if_deleted_documents_never_were(places: list[int], gone: set[str]) -> None:
    view = spread_over(DOCUMENTS, places).without(gone)
    left = [d for d in DOCUMENTS if d.id not in gone]
    assert answers(view) == answers(make_kind_view(left, EMBEDDER))


@settings(max_examples=25)
@given(st.permutations(DOCUMENTS))
def test_answers_do_not_depend_on_order_of_input(documents: list[Document]) -> None:
    ordered = sorted(documents, key=lambda d: d.id)
    assert answers(make_kind_view(ordered, EMBEDDER)) == answers(
        make_kind_view(DOCUMENTS, EMBEDDER)
    )


def test_deleted_document_is_found_by_no_search() -> None:
    view = make_kind_view(DOCUMENTS, EMBEDDER).without({"d00"})
    rows = view.alive_rows
    assert "d00" not in {
        view.document(r).id for r, _ in view.nearest("titles", QUERY.title, 99, rows)
    }
    assert "d00" not in view.row_by_id
    assert 0 not in view.rows_by_group["g0"]
    assert view.bm25("grams", TOKENS)[0] == 0
    assert view.n_alive == len(DOCUMENTS) - 1


def test_deletion_of_unknown_document_changes_nothing() -> None:
    view = make_kind_view(DOCUMENTS, EMBEDDER)
    assert answers(view.without({"unknown"})) == answers(view)


def test_changed_document_is_found_in_its_new_form_only() -> None:
    view = make_kind_view(DOCUMENTS, EMBEDDER)
    changed = replace(DOCUMENTS[0], title="氢能储运")
    view = view.without({"d00"}).with_segment(make_segment([changed]))
    assert view.document(view.row_by_id["d00"]).title == "氢能储运"
    assert [d.id for d in view.documents].count("d00") == 2
    assert view.n_alive == len(DOCUMENTS)


def test_views_made_from_a_view_leave_it_as_it_was() -> None:
    view = make_kind_view(DOCUMENTS, EMBEDDER)
    before = answers(view)
    view.without({"d00"}).with_segment(make_segment([make_document("new")]))
    assert answers(view) == before


def test_nearest_looks_at_allowed_rows_only() -> None:
    view = spread_over(DOCUMENTS, [0, 1] * 6)
    allowed = np.array([2, 7, 9], np.int64)
    cosines = view.cosines("fulls", QUERY.full, allowed)
    expected = sorted(zip(allowed.tolist(), cosines.tolist(), strict=True), key=lambda p: -p[1])
    assert view.nearest("fulls", QUERY.full, 2, allowed) == expected[:2]


def test_nearest_equals_come_in_order_of_keys() -> None:
    twins = [make_document(key) for key in "abcdef"]
    view = spread_over(twins, [2, 1, 0, 0, 1, 2])
    rows = [row for row, _ in view.nearest("fulls", QUERY.full, 4, view.alive_rows)]
    assert [view.document(row).id for row in rows] == ["a", "b", "c", "d"]


def test_cosines_keep_the_order_asked_for() -> None:
    view = spread_over(DOCUMENTS, [0, 1, 2] * 4)
    rows = np.array([11, 0, 5, 5], np.int64)
    vectors = np.stack([view.embedding(int(row)).full for row in rows])
    assert view.cosines("fulls", QUERY.full, rows) == pytest.approx(vectors @ QUERY.full, abs=1e-6)


def test_rows_are_numbered_through_all_segments() -> None:
    view = spread_over(DOCUMENTS, [1, 0, 1] * 4)
    assert view.starts.tolist() == [0, 4, 12]
    for row, document in enumerate(view.documents):
        assert view.document(row) == document
        segment, local = view.locate(row)
        assert segment.documents[local] == document
        (expected,) = EMBEDDER.embed_documents([document])
        assert view.embedding(row).full.tolist() == expected.full.tolist()


def test_groups_hold_living_rows_ascending() -> None:
    view = make_kind_view(DOCUMENTS, EMBEDDER).without({"d05"})
    assert view.rows_by_group["g0"] == [0, 10]
    numbers: NDArray[np.int64] = view.group_numbers
    assert [numbers[row] == numbers[0] for row in range(6)] == [
        True,
        False,
        False,
        False,
        False,
        True,
    ]


def test_view_without_documents_answers_nothing() -> None:
    for view in (KindView((), ()), make_kind_view([], EMBEDDER)):
        assert view.n_alive == 0
        assert view.nearest("titles", QUERY.title, 5, view.alive_rows) == []
        assert view.cosines("fulls", QUERY.full, view.alive_rows).tolist() == []
        assert view.bm25("grams", TOKENS).tolist() == []
        assert set(view.idf("grams", ["专利"])) == {"专利"}
        assert view.any_industry.tolist() == []
        assert view.agreement("scenarios", {"ENT": 1.0}, lambda a, b: 1.0).tolist() == []


def test_index_view_gives_version_and_kinds() -> None:
    kind = make_kind_view(DOCUMENTS, EMBEDDER)
    view = IndexView("gen-00000003", 17, "hash", {Entity.CAPABILITY: kind})
    assert view.version == "gen-00000003.17"
    assert view.of(Entity.CAPABILITY) is kind
    assert view.of(Entity.CASE).n_alive == 0


def test_domain_words_are_found_whole() -> None:
    view = make_kind_view(DOCUMENTS, EMBEDDER)
    scores = view.bm25("words", SEGMENTER.search_terms("碳化硅"))
    assert (scores > 0).tolist() == ["碳化硅" in d.body for d in DOCUMENTS]
