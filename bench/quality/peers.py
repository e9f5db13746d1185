"""Two search libraries as somebody would set them up for this, on the same encoder.

`bm25s-st` is bm25s over jieba's words beside sentence-transformers vectors, fused by rank.
`txtai` is its hybrid index as it comes, BM25 and vectors, with the prompts the encoder asks for.
Neither is needed to run navmatch: `pip install bm25s txtai`. What is missing is left out.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bench.quality.systems import Answer, Opened, System, fused_groups, groups_of, text_of
from bench.quality.vectors import RememberingEncoder

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "bm25s-st": ("bm25s", "jieba"),
    "txtai": ("txtai",),
}
PROMPTS: Final = {"query": "query: ", "data": "passage: "}
"""What multilingual-e5 wants before its texts (its model card)."""


def peers(encoder: RememberingEncoder) -> dict[str, System]:
    """Return the peers whose libraries are installed."""
    systems: dict[str, System] = {
        "bm25s-st": bm25s_with_vectors,
        "txtai": lambda opened: txtai_hybrid(opened, encoder),
    }
    return {name: s for name, s in systems.items() if not missing(name)}


def missing(name: str) -> list[str]:
    """Return the libraries a peer lacks."""
    return [library for library in NEEDS[name] if find_spec(library) is None]


def bm25s_with_vectors(opened: Opened) -> Answer:
    """bm25s over jieba's words, and cosines of the whole texts, fused by rank."""
    bm25s, jieba = import_module("bm25s"), import_module("jieba")
    index = bm25s.BM25()
    texts = [text_of(d) for d in opened.kind.documents]
    index.index([jieba.lcut(text) for text in texts], show_progress=False)
    vectors = opened.kind.segments[0].fulls.vectors

    def answer(number: int) -> list[str]:
        query = opened.collection.queries[number]
        by_words = np.asarray(index.get_scores(jieba.lcut(text_of(query))), np.float32)
        return fused_groups(opened, number, [by_words, vectors @ opened.query_vectors[number]])

    return answer


def txtai_hybrid(opened: Opened, encoder: RememberingEncoder) -> Answer:
    """Hybrid search of txtai: its own tokens and fusion, the same vectors."""

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        plain = [text.removeprefix(PROMPTS["data"]) for text in texts]
        if plain[0] != texts[0]:
            return encoder.encode_documents(plain)
        return encoder.encode_queries([text.removeprefix(PROMPTS["query"]) for text in texts])

    settings: dict[str, Any] = {"hybrid": True, "instructions": PROMPTS}
    index = import_module("txtai").Embeddings(method="external", transform=encode, **settings)
    documents = opened.kind.documents
    index.index([(row, text_of(document)) for row, document in enumerate(documents)])

    def answer(number: int) -> list[str]:
        query = opened.collection.queries[number]
        allowed = set(opened.allowed(query).tolist())
        hits = [int(row) for row, _ in index.search(text_of(query), len(documents))]
        ranked = [row for row in hits if row in allowed]
        rest = sorted(allowed - set(ranked))  # hybrid search leaves out what it scores 0
        return groups_of(opened, [*ranked, *rest])

    return answer
