import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.errors import IndexDamagedError
from indexer.segment import Segment
from indexer.self_test import expected_answers, prove
from indexer.vectors import VectorIndex
from models.vocabulary.row import Entity
from tests.factories import make_corpus, make_embedder, make_kind_view


def segment_of(n: int, seed: int = 1) -> Segment:
    return make_kind_view(make_corpus(n, seed), make_embedder()).segments[0]


SEGMENT = segment_of(40)
SEGMENTS = {Entity.CAPABILITY: SEGMENT}


def test_self_test_is_passed_by_what_it_was_made_from() -> None:
    prove(SEGMENTS, expected_answers(SEGMENTS))
    asked = json.loads(expected_answers(SEGMENTS))["capability"]
    assert len(asked) == 20
    assert all(len(answer) in range(1, 6) for answer in asked.values())


def test_self_test_of_no_documents_is_passed() -> None:
    none = {Entity.CASE: segment_of(0)}
    prove(none, expected_answers(none))


class Deaf(VectorIndex):
    """An engine that searches wrongly."""

    def search(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        rows, cosines = super().search(query, k, allowed)
        return rows[::-1], cosines[::-1]


@pytest.mark.parametrize("part", ["titles", "fulls"])
def test_self_test_finds_an_engine_that_searches_wrongly(part: str) -> None:
    deaf = Segment(**{**vars(SEGMENT), part: Deaf.build(getattr(SEGMENT, part).vectors)})
    with pytest.raises(IndexDamagedError):
        prove({Entity.CAPABILITY: deaf}, expected_answers(SEGMENTS))


def test_self_test_finds_other_documents_and_keys() -> None:
    renamed = replace(
        SEGMENT, documents=tuple(replace(d, id=f"x{d.id}") for d in SEGMENT.documents)
    )
    for other in (segment_of(40, seed=2), renamed):
        with pytest.raises(IndexDamagedError):
            prove({Entity.CAPABILITY: other}, expected_answers(SEGMENTS))
