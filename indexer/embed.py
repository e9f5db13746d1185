"""Vectors of documents and queries, from the cache where they are known."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.encoder import Encoder
from indexer.sentences import sentences_of
from indexer.types import Document, Embedding, Sentence
from models.errors import UnavailableError
from models.failpoints import Failpoint, hit
from models.stages import Stage, timed

Progress = Callable[[int, int], None]
"""Told how many of how many texts are done."""

Vectors = dict[str, NDArray[np.float32]]
Encode = Callable[[Sequence[str]], NDArray[np.float32]]
LookUp = Callable[[list[str], Progress | None], Vectors]

BATCH_TEXTS: Final = 32
"""Texts encoded between two writes to the cache, about a second of work: what a stop in between
can lose, and how long the other workers wait for the first of them."""

RECENT_TEXTS: Final = 8_192
"""Texts whose query vectors are remembered: 12 MB at 384 dimensions."""

_log = logging.getLogger("navmatch.indexer")


class VectorStore(Protocol):
    """Where vectors of documents are kept between runs, by text."""

    def get(self, texts: Sequence[str]) -> Mapping[str, NDArray[np.float32]]:
        """Return the vectors known, by text."""

    def put(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep vectors by text."""


class RecentVectors:
    """Keeps the vectors of the texts used last, in memory only."""

    def __init__(self, limit: int = RECENT_TEXTS) -> None:
        self._limit = limit
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def get(self, texts: Sequence[str]) -> Mapping[str, NDArray[np.float32]]:
        """Return the vectors known, by text."""
        with self._lock:
            found = {text: self._vectors[text] for text in texts if text in self._vectors}
            for text in found:
                self._vectors.move_to_end(text)
            return found

    def put(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep vectors by text, in the place of those not used for longest."""
        with self._lock:
            for text, vector in vectors.items():
                self._vectors[text] = vector
                self._vectors.move_to_end(text)
            while len(self._vectors) > self._limit:
                self._vectors.popitem(last=False)


class EncodedVectors:
    """Keeps vectors in a store, but none of a text that could not be encoded.

    Such a text counts as known, with zeros for a vector, until it is to be tried again.
    """

    def __init__(self, store: VectorStore, dim: int) -> None:
        self._store = store
        self._zeros = np.zeros(dim, np.float32)
        self._left_out = RecentVectors()

    def get(self, texts: Sequence[str]) -> Mapping[str, NDArray[np.float32]]:
        """Return the vectors known, by text."""
        return {**self._left_out.get(texts), **self._store.get(texts)}

    def put(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep vectors by text."""
        is_known = {text: bool(vector.any()) for text, vector in vectors.items()}
        left_out = [text for text in vectors if not is_known[text]]
        if left_out:
            self._left_out.put(dict.fromkeys(left_out, self._zeros))
            _log.warning("texts could not be encoded", extra={"n_texts": len(left_out)})
        self._store.put({text: vector for text, vector in vectors.items() if is_known[text]})

    def forget_left_out(self) -> None:
        """Have the texts that could not be encoded tried again."""
        self._left_out = RecentVectors()


class Embedder:
    """Turns documents and queries into embeddings; asks the encoder only for unknown texts.

    Vectors of documents go to the store, so that an index is rebuilt without encoding.
    Vectors of queries stay in memory: what somebody only tried out is not kept.
    """

    def __init__(self, encoder: Encoder, store: VectorStore) -> None:
        self.encoder = encoder
        self._store = EncodedVectors(store, encoder.dim)
        self._recent = RecentVectors()

    def forget_texts(self) -> None:
        """Remember no text that asked before; what was erased must not live on here."""
        self._recent = RecentVectors()
        self.try_again()

    def try_again(self) -> None:
        """Encode texts that could not be encoded as soon as a document needs them again."""
        self._store.forget_left_out()

    def embed_documents(
        self, documents: Sequence[Document], progress: Progress | None = None
    ) -> list[Embedding]:
        """Return the embeddings of documents that are searched for, in order."""
        return self._embed(documents, self._document_vectors, progress)

    def embed_known(self, documents: Sequence[Document]) -> list[Embedding | None]:
        """Return the embeddings of documents in order; None where a text must be encoded."""
        spans = [sentences_of(d.title, d.body) for d in documents]
        texts = [_texts_of(d, row) for d, row in zip(documents, spans, strict=True)]
        vectors = self._store.get(list(dict.fromkeys(t for row in texts for t in row)))
        return [
            _assemble(document, row, vectors) if all(t in vectors for t in wanted) else None
            for document, row, wanted in zip(documents, spans, texts, strict=True)
        ]

    def embed_query(self, document: Document) -> Embedding:
        """Return the embedding of a document that asks."""
        return self._embed([document], self._query_vectors, None)[0]

    def embed_queries(
        self, documents: Sequence[Document], progress: Progress | None = None
    ) -> list[Embedding]:
        """Return the embeddings of documents that ask, in order, encoded in batches."""
        return self._embed(documents, self._query_vectors, progress)

    def query_vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts that ask; float32 (n, dim), unit length."""
        if not texts:
            return np.zeros((0, self.encoder.dim), np.float32)
        known = self._query_vectors(list(dict.fromkeys(texts)), None)
        return np.stack([known[text] for text in texts])

    def _embed(
        self, documents: Sequence[Document], look_up: LookUp, progress: Progress | None
    ) -> list[Embedding]:
        spans = [sentences_of(d.title, d.body) for d in documents]
        texts = [t for d, row in zip(documents, spans, strict=True) for t in _texts_of(d, row)]
        vectors = look_up(list(dict.fromkeys(texts)), progress)
        return [
            _assemble(document, row, vectors)
            for document, row in zip(documents, spans, strict=True)
        ]

    def _document_vectors(self, texts: list[str], progress: Progress | None) -> Vectors:
        return _complete(texts, self._store, self.encoder.encode_documents, progress)

    def _query_vectors(self, texts: list[str], progress: Progress | None) -> Vectors:
        return _complete(texts, self._recent, self.encoder.encode_queries, progress)


@timed(Stage.ENCODE)
def _complete(
    texts: list[str], store: VectorStore, encode: Encode, progress: Progress | None
) -> Vectors:
    """Return the vector of every text, encoding in batches what the store does not know."""
    vectors = dict(store.get(texts))
    missing = sorted((t for t in texts if t not in vectors), key=len)
    for start in range(0, len(missing), BATCH_TEXTS):
        batch = missing[start : start + BATCH_TEXTS]
        fresh = dict(zip(batch, encode(batch), strict=True))
        _keep(store, fresh)
        hit(Failpoint.VECTOR_CACHE_SAVED)
        _log.debug("texts encoded", extra={"n_texts": len(batch), "n_left": len(missing) - start})
        vectors.update(fresh)
        if progress is not None:
            progress(min(start + BATCH_TEXTS, len(missing)), len(missing))
    return vectors


def texts_of(documents: Iterable[Document]) -> set[str]:
    """Return all texts whose vectors documents need."""
    return {t for d in documents for t in _texts_of(d, sentences_of(d.title, d.body))}


def _keep(store: VectorStore, vectors: Vectors) -> None:
    """Keep vectors; where the database takes none now, they are computed again some day."""
    try:
        store.put(vectors)
    except UnavailableError as error:
        _log.warning("vectors not kept: %s", error.message)


def title_text(document: Document) -> str:
    """Return what the title vector is made from; the body's start when there is no title."""
    return document.title or document.body[:80]


def full_text(document: Document) -> str:
    """Return what the full vector is made from."""
    return f"{document.title}\n{document.body}".strip()


def _texts_of(document: Document, spans: tuple[Sentence, ...]) -> list[str]:
    """Return the texts whose vectors make up the embedding of a document."""
    return [title_text(document), full_text(document), *(span.text for span in spans)]


def _assemble(
    document: Document, spans: tuple[Sentence, ...], vectors: Mapping[str, NDArray[np.float32]]
) -> Embedding:
    title = vectors[title_text(document)]
    rows = [vectors[span.text] for span in spans]
    sentences = np.stack(rows) if rows else np.zeros((0, len(title)), np.float32)
    return Embedding(title, vectors[full_text(document)], sentences, spans)
