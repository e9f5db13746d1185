"""What the encoder in use gives to texts that have nothing to do with each other."""

import numpy as np
import pytest

from indexer.embed import Embedder
from indexer.types import Document
from matcher.usual import usual_cosines
from models.vocabulary.row import Entity


def test_mean_and_deviation_are_those_of_all_pairs(embedder: Embedder) -> None:
    texts = ["茶园防治病虫。", "钢厂降低排放。", "旅行社推出路线。"]
    usual = usual_cosines(embedder)
    assert -1 < usual.mean < 1
    assert 0 < usual.deviation < 1
    vectors = [
        e.full
        for e in embedder.embed_documents([Document(t, Entity.DEMAND, t, "", t) for t in texts])
    ]
    cosines = [float(vectors[i] @ vectors[j]) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert np.mean(cosines) == pytest.approx(usual.mean, abs=4 * usual.deviation)


def test_same_encoder_gives_the_same_values(embedder: Embedder) -> None:
    assert usual_cosines(embedder) == usual_cosines(embedder)
