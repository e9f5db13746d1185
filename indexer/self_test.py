"""Questions whose answers are written beside a generation: a reader asks them before it serves.

The expected answers are computed without FAISS, so a build of it that searches wrongly is found
as well. Hashes prove that the bytes are those written; this proves that they still answer.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexDamagedError
from indexer.keywords import Postings, score_tokens
from indexer.segment import Segment
from models.vocabulary.row import Entity

QUERIES: Final = 10
"""Questions asked of each kind: as many vectors, and as many words."""

TOP: Final = 5
TOLERANCE: Final = 1e-4
"""By how much a score may differ between two machines."""

_PARTS: Final = ("titles", "fulls")
_SEED: Final = 20_261_125

Ranked = list[tuple[str, float]]
"""Keys and scores of the best documents, best first."""


def expected_answers(segments: Mapping[Entity, Segment]) -> bytes:
    """Return the answers the segments must give, as the content of a file."""
    answers = {kind.value: dict(_by_definition(segment)) for kind, segment in segments.items()}
    return json.dumps(answers, ensure_ascii=False, sort_keys=True).encode()


def prove(segments: Mapping[Entity, Segment], expected: bytes) -> None:
    """Ask every question again.

    Raises:
        IndexDamagedError: an answer is missing or another.
    """
    try:
        wanted: dict[str, dict[str, Ranked]] = json.loads(expected)
        found = {kind.value: dict(_by_search(segment)) for kind, segment in segments.items()}
        is_right = found.keys() == wanted.keys() and all(
            answers.keys() == wanted[kind].keys()
            and all(_is_alike(ranked, wanted[kind][name]) for name, ranked in answers.items())
            for kind, answers in found.items()
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise IndexDamagedError("索引的自检题无法读取，将由数据库重建。") from error
    if not is_right:
        raise IndexDamagedError("索引没有通过自检，将由数据库重建。")


def _by_definition(segment: Segment) -> Iterator[tuple[str, Ranked]]:
    """Yield name and answer of each question, from the arrays themselves."""
    for name, part, query in _vector_questions(segment):
        cosines = getattr(segment, part).vectors @ query
        yield name, _ranked(segment, cosines)
    yield from _word_answers(segment)


def _by_search(segment: Segment) -> Iterator[tuple[str, Ranked]]:
    """Yield name and answer of each question as a request would get it."""
    for name, part, query in _vector_questions(segment):
        rows, cosines = getattr(segment, part).search(query, TOP)
        keys = [segment.documents[row].id for row in rows]
        yield name, list(zip(keys, cosines.tolist(), strict=True))
    yield from _word_answers(segment)


def _vector_questions(segment: Segment) -> Iterator[tuple[str, str, NDArray[np.float32]]]:
    """Yield name, part and vector of each question; float32 (dim,), unit length."""
    dim = segment.fulls.vectors.shape[1]
    queries = np.random.default_rng(_SEED).standard_normal((QUERIES, dim), np.float32)
    for number, query in enumerate(queries):
        part = _PARTS[number % len(_PARTS)]
        yield f"{part}-{number}", part, query / np.linalg.norm(query)


def _word_answers(segment: Segment) -> Iterator[tuple[str, Ranked]]:
    alive = [np.ones(segment.n_rows, np.bool_)]
    postings: Postings = segment.words
    terms = list(postings.terms)
    for place in sorted({int(n) for n in np.linspace(0, len(terms) - 1, min(QUERIES, len(terms)))}):
        scores = score_tokens([postings], alive, [terms[place]])
        yield f"word-{terms[place]}", _ranked(segment, scores)


def _ranked(segment: Segment, scores: NDArray[np.float32]) -> Ranked:
    best = np.lexsort((np.arange(len(scores)), -scores))[:TOP]
    return [(segment.documents[row].id, float(scores[row])) for row in best]


def _is_alike(found: Ranked, wanted: list[Any]) -> bool:
    """Return whether two answers are the same; what scores equally may stand in any order."""
    scores = np.array([score for _, score in found])
    if len(found) != len(wanted):
        return False
    if not np.allclose(scores, [score for _, score in wanted], rtol=0, atol=TOLERANCE):
        return False
    last = scores[-1] if len(scores) else 0.0
    return {key for key, score in found if score > last + TOLERANCE} <= {k for k, _ in wanted}
