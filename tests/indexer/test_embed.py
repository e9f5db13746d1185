from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.embed import BATCH_TEXTS, Embedder, Progress, RecentVectors, full_text, title_text
from indexer.encoder import HashEncoder
from indexer.sentences import sentences_of
from models.errors import UnavailableError
from tests.factories import make_document
from tests.indexer.counting import CountingEncoder


class Store:
    """A vector store that notes what is asked of it."""

    def __init__(self) -> None:
        self.vectors: dict[str, NDArray[np.float32]] = {}
        self.put_sizes: list[int] = []

    def get(self, texts: Sequence[str]) -> Mapping[str, NDArray[np.float32]]:
        return {text: self.vectors[text] for text in texts if text in self.vectors}

    def put(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        self.put_sizes.append(len(vectors))
        self.vectors.update(vectors)


def vector(n: float) -> NDArray[np.float32]:
    return np.full(2, n, np.float32)


def test_embed_gives_vectors_of_title_full_and_sentences() -> None:
    encoder = HashEncoder()
    document = make_document("a", "第一句话说风险。第二句话说导航。", title="标题")
    (embedding,) = Embedder(encoder, Store()).embed_documents([document])
    texts = [
        "标题",
        "标题\n第一句话说风险。第二句话说导航。",
        "第一句话说风险。",
        "第二句话说导航。",
    ]
    title, full, first, second = encoder.encode_documents(texts).tolist()
    assert embedding.title.tolist() == title
    assert embedding.full.tolist() == full
    assert embedding.sentences.tolist() == [title, first, second]
    assert embedding.spans == sentences_of(document.title, document.body)


def test_embed_keeps_the_order_of_documents() -> None:
    documents = [make_document(str(n), "长" * (50 - n), title=f"题{n}") for n in range(20)]
    together = Embedder(HashEncoder(), Store()).embed_documents(documents)
    for document, embedding in zip(documents, together, strict=True):
        (alone,) = Embedder(HashEncoder(), Store()).embed_documents([document])
        assert embedding.full.tolist() == alone.full.tolist()


class Failing(HashEncoder):
    """Fails at one text while told to, as a process short of memory does."""

    is_failing = True

    def encode_documents(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        vectors = super().encode_documents(texts)
        if self.is_failing:
            vectors[["风险" in text for text in texts]] = 0
        return vectors


def test_embed_keeps_no_vector_of_a_text_that_could_not_be_encoded() -> None:
    store, encoder = Store(), Failing()
    embedder = Embedder(encoder, store)
    document = make_document("a", "第一句话说风险。第二句话说导航。", title="标题")
    (embedding,) = embedder.embed_documents([document])
    assert not embedding.is_whole
    assert embedding.title.any()
    assert not embedding.full.any()
    assert embedding.sentences.any(axis=1).tolist() == [True, False, True]
    assert set(store.get(["标题", "第一句话说风险。"])) == {"标题"}


def test_embed_tries_a_text_left_out_again_when_told_to() -> None:
    encoder = Failing()
    embedder = Embedder(encoder, Store())
    document = make_document("a", "第一句话说风险。", title="标题")
    embedder.embed_documents([document])
    encoder.is_failing = False
    (known,) = embedder.embed_known([document])
    (still,) = embedder.embed_documents([document])
    assert known is not None
    assert not known.is_whole
    assert not still.is_whole
    embedder.try_again()
    assert embedder.embed_known([document]) == [None]
    (embedding,) = embedder.embed_documents([document])
    assert embedding.is_whole


class BusyStore(Store):
    """A vector store that takes nothing now."""

    def put(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        raise UnavailableError("数据库正忙，请稍后重试。")


def test_embed_does_without_a_store_that_takes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    document = make_document("a", "第一句话说风险。", title="标题")
    (kept,) = Embedder(HashEncoder(), Store()).embed_documents([document])
    (embedding,) = Embedder(HashEncoder(), BusyStore()).embed_documents([document])
    assert embedding.full.tolist() == kept.full.tolist()
    assert "vectors not kept" in caplog.text


def test_embed_encodes_each_text_once() -> None:
    encoder = CountingEncoder()
    embedder = Embedder(encoder, Store())
    documents = [make_document("a"), make_document("b"), make_document("c", "另一段话。")]
    embedder.embed_documents(documents)
    assert sorted(encoder.texts) == sorted(set(encoder.texts))
    n_encoded = len(encoder.texts)
    embedder.embed_documents([*documents, make_document("d")])
    assert len(encoder.texts) == n_encoded


def test_embed_asks_the_store_first() -> None:
    store, encoder = Store(), CountingEncoder()
    Embedder(HashEncoder(), store).embed_documents([make_document("a")])
    Embedder(encoder, store).embed_documents([make_document("a")])
    assert encoder.texts == []


def test_embed_stores_batch_by_batch_and_tells_progress() -> None:
    store, told = Store(), list[tuple[int, int]]()
    documents = [make_document(str(n), f"第{n}段。", title=f"题{n}") for n in range(BATCH_TEXTS)]
    Embedder(HashEncoder(), store).embed_documents(documents, lambda *done: told.append(done))
    n_texts = len(store.vectors)
    assert store.put_sizes == [BATCH_TEXTS] * (n_texts // BATCH_TEXTS) + (
        [n_texts % BATCH_TEXTS] if n_texts % BATCH_TEXTS else []
    )
    assert told[-1] == (n_texts, n_texts)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_embed_keeps_what_was_encoded_before_a_failure() -> None:
    store = Store()
    documents = [make_document(str(n), f"第{n}段。", title=f"题{n}") for n in range(BATCH_TEXTS)]

    def fail(n_done: int, n_all: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Embedder(HashEncoder(), store).embed_documents(documents, fail)
    assert len(store.vectors) == BATCH_TEXTS


def test_embed_queries_stay_in_memory_only() -> None:
    store, encoder = Store(), CountingEncoder()
    embedder = Embedder(encoder, store)
    first = embedder.embed_query(make_document("a"))
    again = embedder.embed_queries([make_document("b")])[0]
    assert store.vectors == {}
    assert first.full.tolist() == again.full.tolist()
    assert len(encoder.texts) == len(set(encoder.texts))


def test_embed_without_documents_encodes_nothing() -> None:
    encoder = CountingEncoder()
    assert Embedder(encoder, Store()).embed_documents([]) == []
    assert Embedder(encoder, Store()).query_vectors([]).shape == (0, encoder.dim)
    assert encoder.texts == []


def test_query_vectors_come_in_order_also_for_repeats() -> None:
    encoder = CountingEncoder()
    vectors = Embedder(encoder, Store()).query_vectors(["导航", "专利", "导航"])
    expected = HashEncoder().encode_queries(["导航", "专利", "导航"])
    assert vectors.tolist() == expected.tolist()
    assert sorted(encoder.texts) == ["专利", "导航"]


def test_document_without_title_is_titled_by_its_beginning() -> None:
    document = make_document("a", "正" * 100, title="")
    assert title_text(document) == "正" * 80
    assert full_text(document) == "正" * 100
    (embedding,) = Embedder(HashEncoder(), Store()).embed_documents([document])
    assert len(embedding.sentences) == 1


def test_document_without_words_has_vectors_and_no_sentences() -> None:
    (embedding,) = Embedder(HashEncoder(), Store()).embed_documents(
        [make_document("a", "", title="")]
    )
    assert embedding.sentences.shape == (0, 64)
    assert np.linalg.norm(embedding.full) == 1


def test_recent_vectors_forget_what_was_not_used_longest() -> None:
    recent = RecentVectors(limit=2)
    recent.put({"a": vector(1), "b": vector(2)})
    recent.get(["a"])
    recent.put({"c": vector(3)})
    assert set(recent.get(["a", "b", "c"])) == {"a", "c"}


def test_recent_vectors_count_a_new_put_as_use() -> None:
    recent = RecentVectors(limit=2)
    recent.put({"a": vector(1), "b": vector(2)})
    recent.put({"a": vector(4)})
    recent.put({"c": vector(3)})
    kept = recent.get(["a", "b", "c"])
    assert set(kept) == {"a", "c"}
    assert kept["a"].tolist() == [4, 4]


def test_recent_vectors_never_exceed_their_limit() -> None:
    recent = RecentVectors(limit=3)
    recent.put({str(n): vector(n) for n in range(10)})
    assert set(recent.get([str(n) for n in range(10)])) == {"7", "8", "9"}


def test_recent_vectors_serve_threads_at_once() -> None:
    recent = RecentVectors(limit=50)

    def use(offset: int) -> list[str]:
        wrong: list[str] = []
        for n in range(300):
            keys = [str((offset + n + k) % 90) for k in range(5)]
            recent.put({key: vector(int(key)) for key in keys})
            wrong += [key for key, v in recent.get(keys).items() if v[0] != int(key)]
        return wrong

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(use, range(4))) == [[], [], [], []]
