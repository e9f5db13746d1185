"""What an index that follows a database holds and answers, in a form that compares."""

from collections.abc import Callable

import numpy as np
import pytest

from indexer.documents import KINDS, DatabaseDocuments
from indexer.embed import Embedder, RecentVectors
from indexer.encoder import HashEncoder
from indexer.sync import Synchroniser
from indexer.types import Document
from indexer.view import IndexView, KindView
from indexer.words import bigrams
from models.database import Database
from models.vocabulary.row import Entity
from tests.factories import SEGMENTER, make_document

OpenIndex = Callable[..., Synchroniser]
"""Gives an index: `make_synchroniser(folder="index", encoder=None)`."""

(QUERY,) = Embedder(HashEncoder(), RecentVectors()).embed_queries(
    [make_document("q", "碳化硅器件专利风险")]
)
_BODY = "碳化硅器件专利风险"


def contents(view: IndexView) -> dict[Entity, list[Document]]:
    """Every document found, by kind, in the order of keys."""
    return {kind: found(view.of(kind)) for kind in KINDS}


def found(view: KindView) -> list[Document]:
    return sorted((view.documents[row] for row in view.alive_rows), key=lambda d: d.id)


def truth(database: Database) -> dict[Entity, list[Document]]:
    return DatabaseDocuments(database, "any").everything()[1]


def ids(view: IndexView, kind: Entity) -> set[str]:
    return set(view.of(kind).row_by_id)


def answers(view: KindView) -> list[tuple[str, list[float]]]:
    """The exact scores of every document for one query, by key."""
    rows = view.alive_rows
    columns = [
        view.cosines("titles", QUERY.title, rows),
        view.cosines("fulls", QUERY.full, rows),
        view.bm25("grams", bigrams(_BODY))[rows],
        view.bm25("words", SEGMENTER.search_terms(_BODY))[rows],
        view.bm25("title_grams", bigrams(_BODY))[rows],
        np.array([view.embedding(int(r)).sentences.sum() for r in rows], np.float32),
    ]
    found = zip((view.documents[r].id for r in rows), np.stack(columns, 1).tolist(), strict=True)
    return sorted(found)


def assert_same_answers(one: IndexView, other: IndexView) -> None:
    for kind in KINDS:
        mine, theirs = answers(one.of(kind)), answers(other.of(kind))
        assert [key for key, _ in mine] == [key for key, _ in theirs]
        assert [s for _, s in mine] == [pytest.approx(s, abs=1e-6) for _, s in theirs]
