from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.segment import Segment
from indexer.sentences import sentences_of
from indexer.types import Document
from tests.factories import SEGMENTER, make_document, make_embedder
from tests.indexer.contents import contents

EMBEDDER = make_embedder()
BODIES = ("碳化硅器件专利分析。导航报告要写清楚。", "固态电池侵权风险排查", "", "一句话。" * 30)


def make_segment(documents: Sequence[Document]) -> Segment:
    embeddings = EMBEDDER.embed_documents(documents)
    return Segment.build(documents, embeddings, SEGMENTER, EMBEDDER.encoder.dim)


documents_of = st.lists(
    st.builds(
        lambda body, title, scenarios: (body, title, scenarios),
        st.sampled_from(BODIES),
        st.sampled_from(["专利分析", "固态电池"]),
        st.sampled_from([(), (("ENT.RISK", 0.9),), (("ENT.RISK", 0.4), ("IND.PATH", 0.3))]),
    ),
    max_size=5,
)


@settings(max_examples=40)
@given(st.lists(documents_of, min_size=1, max_size=3), st.data())
def test_merge_equals_building_from_documents(
    spread: list[list[tuple[str, str, tuple[tuple[str, float], ...]]]], data: st.DataObject
) -> None:
    parts = [
        [
            make_document(f"{part}-{row}", body, title=title, scenarios=scenarios)
            for row, (body, title, scenarios) in enumerate(rows)
        ]
        for part, rows in enumerate(spread)
    ]
    everything = [document for documents in parts for document in documents]
    order = data.draw(st.permutations(range(len(everything))))
    kept = order[: data.draw(st.integers(0, len(order)))]
    merged = Segment.merge([make_segment(part) for part in parts], np.array(kept, np.int64))
    assert contents(merged) == contents(make_segment([everything[row] for row in kept]))


def test_build_same_documents_give_same_arrays() -> None:
    documents = [make_document(str(n), body) for n, body in enumerate(BODIES)]
    assert contents(make_segment(documents)) == contents(make_segment(documents))


def test_build_without_documents_gives_empty_arrays() -> None:
    segment = make_segment([])
    assert segment.n_rows == 0
    assert segment.titles.vectors.shape == segment.sentences.shape == (0, EMBEDDER.encoder.dim)
    assert segment.sentence_starts.tolist() == [0]


def test_embedding_gives_what_was_put_in() -> None:
    documents = [make_document(str(n), body) for n, body in enumerate(BODIES)]
    segment = make_segment(documents)
    for row, embedding in enumerate(EMBEDDER.embed_documents(documents)):
        found = segment.embedding(row)
        assert found.title.tolist() == embedding.title.tolist()
        assert found.full.tolist() == embedding.full.tolist()
        assert found.sentences.tolist() == embedding.sentences.tolist()
        assert found.spans == sentences_of(documents[row].title, documents[row].body)


def test_row_by_id_finds_every_document() -> None:
    segment = make_segment([make_document("a"), make_document("b")])
    assert segment.row_by_id == {"a": 0, "b": 1}
