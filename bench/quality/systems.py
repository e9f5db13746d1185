"""The systems that are compared: navmatch, the simple things beside it, and two peers.

Each is made ready for a set, and then gives for a query the keys of all candidates, best first,
a group standing where its best document stands.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.embed import Embedder
from indexer.types import Document
from indexer.view import IndexView, KindView
from indexer.words import Segmenter, bigrams
from matcher.evaluate import Collection, Reader, group_key, rank_collection
from matcher.fuse import RRF_K, fuse
from matcher.pipeline import Matcher
from models.vocabulary.matching import Direction
from models.vocabulary.row import Entity

RANKED: Final = 1_000
"""Documents of each list that are fused."""


@dataclass(frozen=True)
class Opened:
    """A set with everything the systems work on.

    Attributes:
        collection: Documents, queries, judgements.
        matcher: navmatch as shipped.
        view: Its index.
        segmenter: Cuts words.
        embedder: Turns documents into vectors.
        reader: Reads texts.
        query_vectors: Full-text vector of each query, float32 (n_queries, dim).
        query_title_vectors: Title vector of each query.
    """

    collection: Collection
    matcher: Matcher
    view: IndexView
    segmenter: Segmenter
    embedder: Embedder
    reader: Reader
    query_vectors: NDArray[np.float32]
    query_title_vectors: NDArray[np.float32]

    @property
    def kind(self) -> KindView:
        """The documents."""
        return self.view.of(Entity.CAPABILITY)

    def allowed(self, query: Document) -> NDArray[np.int64]:
        """Return the rows a query may rank, ascending."""
        if self.collection.candidates is None:
            return self.kind.alive_rows
        ids = self.collection.candidates.get(query.id, frozenset())
        return np.array(sorted(self.kind.row_by_id[key] for key in ids), np.int64)


Answer = Callable[[int], list[str]]
"""Gives the keys of groups, best first, for the query of a number."""

System = Callable[[Opened], Answer]
ScoreRows = Callable[[Opened, int], NDArray[np.float32]]
"""Gives the score of every row for the query of a number."""


def navmatch(opened: Opened) -> Answer:
    """The whole pipeline as it is shipped."""
    opened.matcher.thresholds(opened.view, Direction.DEMAND_TO_PROVIDER)  # once an index

    def answer(number: int) -> list[str]:
        query = opened.collection.queries[number]
        alone = replace(opened.collection, queries=(query,))
        found = rank_collection(alone, opened.matcher, opened.view, None, _silent)
        return [group_key(key) for key, _ in found[query.id]]

    return answer


def ranked_by(score: ScoreRows) -> System:
    """Return the system that ranks by one score."""

    def ready(opened: Opened) -> Answer:
        return lambda number: groups_of(opened, best_rows(opened, number, score(opened, number)))

    return ready


def fused(scores: Sequence[ScoreRows]) -> System:
    """Return the system that fuses several scores by rank."""

    def ready(opened: Opened) -> Answer:
        return lambda number: fused_groups(
            opened, number, [score(opened, number) for score in scores]
        )

    return ready


def fused_groups(opened: Opened, number: int, scores: Sequence[NDArray[np.float32]]) -> list[str]:
    """Return the groups by the ranks of their documents under several scores."""
    lists = [
        [str(row) for row in best_rows(opened, number, of_rows)[:RANKED]] for of_rows in scores
    ]
    return groups_of(opened, [int(row) for row in fuse(lists, RRF_K)])


def by_words(opened: Opened, number: int) -> NDArray[np.float32]:
    """BM25 over words."""
    query = opened.collection.queries[number]
    return opened.kind.bm25("words", opened.segmenter.search_terms(text_of(query)))


def by_bigrams(opened: Opened, number: int) -> NDArray[np.float32]:
    """BM25 over pairs of characters."""
    return opened.kind.bm25("grams", bigrams(text_of(opened.collection.queries[number])))


def by_title_vectors(opened: Opened, number: int) -> NDArray[np.float32]:
    """Cosine of the titles."""
    rows = np.arange(len(opened.kind.documents), dtype=np.int64)
    return opened.kind.cosines("titles", opened.query_title_vectors[number], rows)


def by_full_vectors(opened: Opened, number: int) -> NDArray[np.float32]:
    """Cosine of the whole texts."""
    rows = np.arange(len(opened.kind.documents), dtype=np.int64)
    return opened.kind.cosines("fulls", opened.query_vectors[number], rows)


SIMPLE: Final[Mapping[str, System]] = {
    "navmatch": navmatch,
    "bm25-words": ranked_by(by_words),
    "bm25-bigrams": ranked_by(by_bigrams),
    "dense-title": ranked_by(by_title_vectors),
    "dense-full": ranked_by(by_full_vectors),
    "rrf": fused((by_full_vectors, by_bigrams)),
}


def groups_of(opened: Opened, rows: Iterable[int]) -> list[str]:
    """Return the keys of groups in the order of their first row."""
    documents = opened.kind.documents
    return list(dict.fromkeys(group_key(documents[row].group_id) for row in rows))


def text_of(document: Document) -> str:
    """Return title and body."""
    return f"{document.title}\n{document.body}"


def best_rows(opened: Opened, number: int, scores: NDArray[np.float32]) -> list[int]:
    """Return the rows a query may rank by falling score, ties by key."""
    rows = opened.allowed(opened.collection.queries[number])
    documents = opened.kind.documents
    ids = [documents[row].id for row in rows]
    order = sorted(range(len(rows)), key=lambda n: (-float(scores[rows[n]]), ids[n]))
    return [int(rows[n]) for n in order]


def _silent(done: int, total: int) -> None:
    pass
