"""Near copies are found by common wording, most alike first."""

from dataclasses import replace

from indexer.embed import Embedder
from indexer.view import KindView
from matcher.duplicates import ALIKE, near_copies
from tests.factories import make_corpus, make_demand, make_kind_view

TEXT = "我单位生产碳化硅功率器件,准备出口欧洲,希望排查专利侵权风险并给出规避设计。"
POSTED = make_demand("dm-1", TEXT)
CHANGED = make_demand("dm-2", TEXT.replace("欧洲", "北美"))
OTHER = make_demand("dm-3", "图书馆采购阅览桌椅与照明,要求三个月内安装完毕。", title="家具采购")


def _found(view: KindView, embedder: Embedder, body: str = TEXT, key: str = "new") -> list[str]:
    document = make_demand(key, body)
    embedding = embedder.embed_query(document)
    return [copy.document.id for copy in near_copies(document, embedding, view)]


def test_copies_come_most_alike_first_and_others_not_at_all(embedder: Embedder) -> None:
    view = make_kind_view([OTHER, CHANGED, POSTED], embedder)
    assert _found(view, embedder) == ["dm-1", "dm-2"]


def test_similarity_is_the_share_of_common_bigrams(embedder: Embedder) -> None:
    view = make_kind_view([POSTED, CHANGED], embedder)
    document = make_demand("new", TEXT)
    same, changed = near_copies(document, embedder.embed_query(document), view)
    assert same.similarity == 1.0
    assert ALIKE <= changed.similarity < 1.0


def test_document_is_no_copy_of_itself(embedder: Embedder) -> None:
    view = make_kind_view([POSTED], embedder)
    assert _found(view, embedder, key="dm-1") == []


def test_equal_copies_come_by_key(embedder: Embedder) -> None:
    copies = [replace(POSTED, id=key) for key in ("dm-9", "dm-5", "dm-7")]
    assert _found(make_kind_view(copies, embedder), embedder) == ["dm-5", "dm-7", "dm-9"]


def test_same_subject_in_other_words_is_no_copy(embedder: Embedder) -> None:
    view = make_kind_view(make_corpus(30), embedder)
    assert _found(view, embedder) == []


def test_removed_document_is_not_found(embedder: Embedder) -> None:
    view = make_kind_view([POSTED], embedder).without({"dm-1"})
    assert _found(view, embedder) == []


def test_empty_index_holds_no_copies(embedder: Embedder) -> None:
    assert _found(KindView((), ()), embedder) == []
