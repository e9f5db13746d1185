"""A labelled collection opened for measuring or training: understood, encoded, indexed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.cli.console import progress, waiting
from api.cli.installation import Installation
from api.rankers import Rankers
from api.vocabularies import Vocabularies
from api.wiring import domain_words, make_annotator, today_in_china
from indexer.embed import Embedder, RecentVectors
from indexer.encoder import Encoder
from indexer.view import IndexView
from indexer.words import Segmenter
from matcher.evaluate import Collection, index_of, read_again, read_collection
from matcher.features import FEATURES
from matcher.pipeline import Matcher
from matcher.ranker import SHIPPED_SCORING, Ranker, Scoring

ALL_TEXTS: Final = 10_000_000
"""Vectors kept while a collection is worked on: all of them."""


@dataclass(frozen=True)
class Labelled:
    """A collection with what ranks it.

    Attributes:
        collection: Documents, queries and judgements.
        matcher: The pipeline.
        view: An index over the documents, in memory.
        embedder: Made the vectors.
    """

    collection: Collection
    matcher: Matcher
    view: IndexView
    embedder: Embedder


def open_labelled(
    installation: Installation,
    folder: Path,
    split: str,
    scoring: Scoring = SHIPPED_SCORING,
) -> Labelled:
    """Return a collection ready to be ranked, telling how far it is.

    Raises:
        InvalidInputError: the folder holds no such collection.
    """
    tables, embedder = Vocabularies.load(), keeping_all(installation.encoder())
    with progress("读取并理解文本") as told:
        annotator = make_annotator(tables, embedder, today_in_china)
        collection = read_collection(folder, split, annotator, told)
    return _indexed(collection, tables, embedder, scoring)


def understood_with(embedder: Embedder, collection: Collection, scoring: Scoring) -> Labelled:
    """Return a collection ready to be ranked as it is under an encoder, tags included."""
    tables = Vocabularies.load()
    with progress("重新理解文本") as told:
        annotator = make_annotator(tables, embedder, today_in_china)
        collection = read_again(collection, annotator, told)
    return _indexed(collection, tables, embedder, scoring)


def keeping_all(encoder: Encoder) -> Embedder:
    """Return an embedder that encodes no text of a collection twice."""
    return Embedder(encoder, RecentVectors(limit=ALL_TEXTS))


def _indexed(
    collection: Collection,
    tables: Vocabularies,
    embedder: Embedder,
    scoring: Scoring,
) -> Labelled:
    segmenter = Segmenter(domain_words(tables))
    matcher = Matcher(embedder, segmenter, tables.match_names(), today_in_china, scoring)
    with progress("计算向量") as told:
        embedder.embed_documents(collection.documents, told)
    with waiting("建立索引…"):
        view = index_of(collection.documents, embedder, segmenter)
    return Labelled(collection, matcher, view, embedder)


def chosen_scoring(rankers: Rankers, chosen: str | None) -> tuple[str, Scoring]:
    """Return name and scoring of a ranker given as a file or a version.

    When None, that in use, or the shipped one where that in use cannot be used.

    Raises:
        NotFoundError: there is no such version.
        InvalidInputError: the file is no ranker.
    """
    if chosen is not None and chosen.endswith(".json"):
        ranker = Ranker.read(Path(chosen))
        return ranker.version, ranker.scoring(FEATURES)
    version = chosen or rankers.usable_version()[0]
    return version, rankers.scoring(version)
