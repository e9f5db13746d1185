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

_DOCUMENT: Final = TypeAdapter(Document)
_POSTINGS: Final = ("words", "grams", "title_grams")


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


def segment_of(files: Mapping[str, bytes], n_rows: int, dim: int) -> Segment:
    """Return the segment read from files whose hashes were checked before.

    Raises:
        IndexDamagedError: the files are not those of a segment of that size.
    """
    try:
        return _segment_of(files, n_rows, dim)
    except (KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise IndexDamagedError("索引文件的内容不合格式，将由数据库重建。") from error


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
