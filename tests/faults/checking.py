"""What is stored and what is indexed, read beside the program that wrote it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, create_engine, text

from api.vocabularies import Vocabularies
from api.wiring import domain_words
from indexer.comparison import content_digest, differences, documents_of
from indexer.documents import KINDS, DatabaseDocuments
from indexer.embed import Embedder, RecentVectors
from indexer.encoder import HashEncoder
from indexer.manifest import Recipe
from indexer.snapshot import load_newest
from indexer.state import ByKind
from indexer.sync import Synchroniser
from indexer.view import IndexView
from indexer.words import Segmenter
from models.database import Database
from models.viewer import acting_as, system
from tests.faults.nouns import NOUNS, Noun
from tests.faults.oracle import Content, Stored

N_COPIES: Final = 20
"""Times a folder is copied again when a file vanished from it meanwhile."""


def stored_rows(url: str) -> tuple[dict[str, Stored], list[str]]:
    """Return all rows of the clients by mark, and the titles of those that are not deleted."""
    rows: dict[str, Stored] = {}
    titles: list[str] = []
    with opened(url) as engine:
        for noun in NOUNS.values():
            for mark, row in _rows(engine, noun):
                rows[mark] = row
                if not row.content.deleted:
                    titles.append(f"{noun.name}: {row.content.title}")
    return rows, titles


def untagged(url: str) -> list[str]:
    """Return rows whose tags are missing: part of a transaction without the rest."""
    with opened(url) as engine, engine.connect() as connection:
        return [
            f"{noun.name} {row.id} has no tags"
            for noun in NOUNS.values()
            for row in connection.execute(
                text(
                    f"SELECT id FROM {noun.table} WHERE source_ref LIKE 's%' "  # noqa: S608
                    "AND id NOT IN (SELECT entity_id FROM tag_assignment)"
                )
            )
        ]


def index_differences(url: str, index_dir: Path) -> list[str]:
    """Return where the index, opened from a copy of its folder, is not what the database says."""
    with tempfile.TemporaryDirectory() as folder, acting_as(system("check")):
        copy = copied(index_dir, Path(folder) / "index")
        database = Database(url)
        source = DatabaseDocuments(database, HashEncoder().fingerprint)
        embedder = Embedder(HashEncoder(), RecentVectors())
        synchroniser = Synchroniser(source, embedder, segmenter(), copy, KINDS)
        try:
            is_whole = _is_usable(copy, synchroniser.recipe, source)
            view = synchroniser.open()
            _, truth = source.everything()
        finally:
            synchroniser.close()
            database.close()
    found = [] if is_whole else [f"no generation in {index_dir} can be used"]
    return found + view_differences(view, truth)


def view_differences(view: IndexView, truth: ByKind) -> list[str]:
    """Return where an index is not what it should be: documents, vectors, words, and the digest.

    What it should be is worked out again from the texts alone.
    """
    embedder = Embedder(HashEncoder(), RecentVectors())
    found = [
        f"{d.entity} {d.id} differs in the index: {d.kind}"
        for d in differences(view, truth, embedder.embed_documents, segmenter())
    ]
    for kind in KINDS:
        found += [f"{kind} {d.id} has no vector" for d in view.of(kind).unencoded]
    wanted = [document for documents in truth.values() for document in documents]
    if content_digest(documents_of(view)) != content_digest(wanted):
        found.append("index and database have different digests")
    return found


@lru_cache(maxsize=1)
def segmenter() -> Segmenter:
    """Return the segmenter of the service; another one would make the index look stale."""
    return Segmenter(domain_words(Vocabularies.load()))


def _is_usable(folder: Path, recipe: Recipe, source: DatabaseDocuments) -> bool:
    """Return whether something of the folder is used: what is built anew proves nothing."""

    def is_known(seq: int, mark: str) -> bool:
        return source.mark(seq) == mark

    return load_newest(folder, recipe, is_known) is not None or not any(folder.glob("gen-*"))


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """Give an engine that leaves nothing open."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        yield engine
    finally:
        engine.dispose()


def _rows(engine: Engine, noun: Noun) -> Iterator[tuple[str, Stored]]:
    wanted = text(
        f"SELECT id, version, source_ref, title, {noun.text}, {noun.state_column()}, deleted_at "  # noqa: S608
        f"FROM {noun.table} WHERE source_ref IS NOT NULL AND source_ref NOT LIKE 'stock-%'"
    )
    with closing(engine.connect()) as connection:
        for row_id, version, mark, title, body, state, deleted_at in connection.execute(wanted):
            content = Content(title, body, state, deleted_at is not None)
            yield str(mark), Stored(str(row_id), int(version), content)


def copied(folder: Path, target: Path) -> Path:
    """Copy a folder a server may be writing to."""
    for _ in range(N_COPIES):
        try:
            shutil.rmtree(target, ignore_errors=True)
            if folder.exists():
                shutil.copytree(folder, target)
            return target
        except (FileNotFoundError, shutil.Error):
            continue
    raise AssertionError(f"{folder} changes too fast to be copied")
