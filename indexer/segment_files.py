"""A segment as the content of files, and back."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from indexer.errors import IndexDamagedError
from indexer.keywords import Postings
from indexer.segment import Segment, tag_columns
from indexer.sentences import sentences_of
from indexer.types import Document
from indexer.vectors import VectorIndex
from models.vocabulary.row import Entity

_DOCUMENT: Final = TypeAdapter(Document)
_POSTINGS: Final = ("words", "grams", "title_grams")
_NORM_TOLERANCE: Final = 1e-3


def files_of(segment: Segment) -> dict[str, bytes]:
    """Return what a segment is on disk, by file name; the same segment gives the same bytes."""
    lines = [_DOCUMENT.dump_json(d) for d in segment.documents]
    files = {
        "documents.jsonl": b"\n".join(lines),
        "titles.faiss": segment.titles.to_bytes(),
        "fulls.faiss": segment.fulls.to_bytes(),
        "sentences.npz": _pack(vectors=segment.sentences, starts=segment.sentence_starts),
    }
    for part in _POSTINGS:
        postings: Postings = getattr(segment, part)
        files[f"{part}.terms"] = "\n".join(postings.terms).encode()
        files[f"{part}.npz"] = _pack(
            starts=postings.starts,
            rows=postings.rows,
            counts=postings.counts,
            lengths=postings.lengths,
        )
    return files


def segment_of(files: Mapping[str, bytes], kind: Entity, n_rows: int, dim: int) -> Segment:
    """Return the segment read from files whose hashes were checked before.

    Raises:
        IndexDamagedError: the files are not those of a segment of that kind and size.
    """
    try:
        segment = _segment_of(files, n_rows, dim)
    except (KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise IndexDamagedError("索引文件的内容不合格式，将由数据库重建。") from error
    _check_documents(segment, kind)
    for vectors in (segment.titles.vectors, segment.fulls.vectors, segment.sentences):
        _check_vectors(vectors, dim)
    for part in _POSTINGS:
        _check_postings(getattr(segment, part), n_rows)
    return segment


def _segment_of(files: Mapping[str, bytes], n_rows: int, dim: int) -> Segment:
    lines = files["documents.jsonl"].split(b"\n") if n_rows else []
    documents = tuple(_DOCUMENT.validate_json(line) for line in lines)
    sentences = _unpack(files["sentences.npz"])
    spans = tuple(sentences_of(d.title, d.body) for d in documents)
    sizes = np.diff(sentences["starts"])
    if len(documents) != n_rows or sizes.tolist() != [len(row) for row in spans]:
        raise IndexDamagedError("索引中的句子与文本不符，将由数据库重建。")
    vectors = {
        part: VectorIndex.from_bytes(np.frombuffer(files[f"{part}.faiss"], np.uint8), n_rows, dim)
        for part in ("titles", "fulls")
    }
    return Segment(
        documents=documents,
        titles=vectors["titles"],
        fulls=vectors["fulls"],
        sentences=sentences["vectors"],
        sentence_starts=sentences["starts"],
        spans=spans,
        words=_postings_of("words", files),
        grams=_postings_of("grams", files),
        title_grams=_postings_of("title_grams", files),
        **tag_columns(documents),
    )


def _check_documents(segment: Segment, kind: Entity) -> None:
    """Refuse documents of another kind, and keys that are not unique and ascending."""
    keys = [document.id for document in segment.documents]
    if any(d.kind != kind for d in segment.documents) or keys != sorted(set(keys)):
        raise IndexDamagedError("索引中的编号重复、无序或种类不符，将由数据库重建。")


def _check_vectors(vectors: NDArray[np.float32], dim: int) -> None:
    """Refuse vectors of another length, and such as are not finite or not of unit length.

    Zeros stand for a vector that is not known.
    """
    norms = np.linalg.norm(vectors, axis=1)
    if vectors.dtype != np.float32 or vectors.shape[1] != dim:
        raise IndexDamagedError("索引中的向量维数不符，将由数据库重建。")
    if not np.all((np.abs(norms - 1) <= _NORM_TOLERANCE) | ~vectors.any(axis=1)):
        raise IndexDamagedError("索引中的向量无效，将由数据库重建。")


def _check_postings(postings: Postings, n_rows: int) -> None:
    """Refuse postings that point beyond the rows there are."""
    starts, rows = postings.starts, postings.rows
    is_whole = (
        len(postings.lengths) == n_rows
        and len(postings.counts) == len(rows) == starts[-1]
        and bool(np.all(np.diff(starts) > 0))
        and (len(rows) == 0 or (rows.min() >= 0 and rows.max() < n_rows))
    )
    if not is_whole:
        raise IndexDamagedError("索引中的倒排表不合格式，将由数据库重建。")


def _postings_of(part: str, files: Mapping[str, bytes]) -> Postings:
    arrays = _unpack(files[f"{part}.npz"])
    text = files[f"{part}.terms"].decode()
    terms = {term: number for number, term in enumerate(text.split("\n") if text else [])}
    if len(terms) != len(arrays["starts"]) - 1:
        raise IndexDamagedError("索引中的词与词表不符，将由数据库重建。")
    return Postings(terms, arrays["starts"], arrays["rows"], arrays["counts"], arrays["lengths"])


def _pack(**arrays: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _unpack(content: bytes) -> dict[str, NDArray[Any]]:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)
