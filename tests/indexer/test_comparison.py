from dataclasses import replace

import numpy as np
import pytest

from indexer.comparison import (
    Difference,
    DifferenceKind,
    content_digest,
    differences,
    documents_of,
)
from indexer.types import Document, Embedding
from models.vocabulary.row import Entity
from tests.factories import SEGMENTER, make_corpus, make_demand, make_embedder, make_index
from tests.indexer.harming import HARMS, Harm

EMBEDDER = make_embedder()
DOCUMENTS = [*make_corpus(6), make_demand("dm-1"), make_demand("dm-2")]
VIEW = make_index(DOCUMENTS, EMBEDDER)


def truth(*documents: Document) -> dict[Entity, list[Document]]:
    kinds = (Entity.CAPABILITY, Entity.DEMAND, Entity.CASE)
    return {kind: [d for d in documents if d.kind == kind] for kind in kinds}


def found(*documents: Document) -> list[Difference]:
    return list(differences(VIEW, truth(*documents), EMBEDDER.embed_known, SEGMENTER))


def test_equal_contents_have_no_differences_and_one_digest() -> None:
    EMBEDDER.embed_documents(DOCUMENTS)
    assert found(*DOCUMENTS) == []
    assert content_digest(documents_of(VIEW)) == content_digest(reversed(DOCUMENTS))


@pytest.mark.parametrize(
    "change", [{"body": "换了正文。"}, {"region_code": "110000"}, {"verified": True}]
)
def test_changed_facts_are_found(change: dict[str, object]) -> None:
    changed = replace(DOCUMENTS[0], **change)  # type: ignore[arg-type]
    assert found(changed, *DOCUMENTS[1:]) == [
        Difference(Entity.CAPABILITY, DOCUMENTS[0].id, DifferenceKind.CHANGED)
    ]
    assert content_digest([changed, *DOCUMENTS[1:]]) != content_digest(DOCUMENTS)


def test_missing_and_extra_documents_are_found() -> None:
    more = make_demand("dm-3")
    assert found(*DOCUMENTS[:-1], more) == [
        Difference(Entity.DEMAND, "dm-2", DifferenceKind.EXTRA),
        Difference(Entity.DEMAND, "dm-3", DifferenceKind.MISSING),
    ]


@pytest.mark.parametrize("part", ["title", "full", "sentences"])
def test_vectors_that_differ_in_one_bit_are_found(part: str) -> None:
    def embed(documents: object) -> list[Embedding | None]:
        known = EMBEDDER.embed_known(DOCUMENTS[:6])
        first = known[0]
        assert first is not None
        vectors = np.nextafter(getattr(first, part), np.float32(9))
        return [replace(first, **{part: vectors}), *known[1:]]

    one_kind = {Entity.CAPABILITY: DOCUMENTS[:6]}
    assert list(differences(VIEW, one_kind, embed, SEGMENTER)) == [
        Difference(Entity.CAPABILITY, DOCUMENTS[0].id, DifferenceKind.VECTORS)
    ]


def test_documents_nobody_encoded_are_compared_without_vectors() -> None:
    nothing = differences(VIEW, truth(*DOCUMENTS), lambda asked: [None] * len(asked), SEGMENTER)
    assert list(nothing) == []


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_harm_to_a_view_is_found(harm: Harm) -> None:
    view, expected = harm(VIEW)
    wanted = truth(*DOCUMENTS)
    assert list(differences(view, wanted, EMBEDDER.embed_documents, SEGMENTER)) == [expected]
