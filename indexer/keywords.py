"""BM25 with exact statistics over several immutable parts.

Scores are those of Lucene's BM25 since version 8 (Kamphuis et al. 2020, eq. 3: Robertson's
without the constant factor k1 + 1; idf = ln(1 + (N - n + 0.5) / (n + 0.5))). Document
frequencies are counted at query time over the rows that are alive, so an answer does not
depend on how the rows are spread over parts: a fresh index, an index with a delta and the same
index after a restart score alike. Libraries that compute scores when the index is built
(bm25s) cannot do that; a test holds the scores equal to theirs.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

K1: Final = 1.2
B: Final = 0.75


@dataclass(frozen=True, slots=True)
class Postings:
    """Which rows hold which term how often, for one immutable part.

    Attributes:
        terms: Row of `starts` by term, in the order of rows.
        starts: int64 (n_terms + 1,); the rows of term t are `rows[starts[t]:starts[t + 1]]`.
        rows: int32 (n_postings,), ascending within a term.
        counts: int32 (n_postings,), how often the term stands in that row.
        lengths: int32 (n_rows,), tokens of each row.
    """

    terms: dict[str, int]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.int32]
    lengths: NDArray[np.int32]

    @property
    def n_rows(self) -> int:
        """How many rows the part has, dead ones included."""
        return len(self.lengths)

    def of(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return rows and counts of a term; both empty when no row holds it."""
        number = self.terms.get(term)
        if number is None:
            return self.rows[:0], self.counts[:0]
        start, end = self.starts[number], self.starts[number + 1]
        return self.rows[start:end], self.counts[start:end]


def build_postings(token_lists: Sequence[Sequence[str]]) -> Postings:
    """Return the postings of a part, one list of tokens a row; same input, same bytes."""
    by_term: dict[str, tuple[list[int], list[int]]] = {}
    for row, tokens in enumerate(token_lists):
        for term, n in Counter(tokens).items():
            rows, counts = by_term.setdefault(term, ([], []))
            rows.append(row)
            counts.append(n)
    ordered = sorted(by_term)
    sizes = np.fromiter((len(by_term[t][0]) for t in ordered), np.int64, len(ordered))
    return Postings(
        terms={term: number for number, term in enumerate(ordered)},
        starts=np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]),
        rows=np.array([r for t in ordered for r in by_term[t][0]], np.int32),
        counts=np.array([c for t in ordered for c in by_term[t][1]], np.int32),
        lengths=np.array([len(tokens) for tokens in token_lists], np.int32),
    )


def merge_postings(parts: Sequence[Postings], kept: NDArray[np.int64]) -> Postings:
    """Return the postings of some rows of several parts, as if built from their tokens.

    Ten times faster than cutting the texts again (`tests/indexer/test_keywords.py` holds the
    two equal).

    Args:
        parts: Where the rows are.
        kept: int64 (n_rows,), rows numbered through all parts, each once, in their new order.
    """
    place = np.full(sum(part.n_rows for part in parts), -1, np.int32)
    place[kept] = np.arange(len(kept), dtype=np.int32)
    ordered = sorted({term for part in parts for term in part.terms})
    numbers = {term: number for number, term in enumerate(ordered)}
    columns = [(np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32))]
    shift = 0
    for part in parts:
        new_numbers = np.fromiter((numbers[t] for t in part.terms), np.int64, len(part.terms))
        rows = place[part.rows + shift]
        stays = rows >= 0
        terms = np.repeat(new_numbers, np.diff(part.starts))
        columns.append((terms[stays], rows[stays], part.counts[stays]))
        shift += part.n_rows
    terms, rows, counts = (np.concatenate(column) for column in zip(*columns, strict=True))
    order = np.lexsort((rows, terms))
    sizes = np.bincount(terms, minlength=len(ordered)).astype(np.int64)
    used = np.flatnonzero(sizes)
    lengths = np.concatenate([np.zeros(0, np.int32), *(part.lengths for part in parts)])
    return Postings(
        terms={ordered[old]: number for number, old in enumerate(used.tolist())},
        starts=np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes[used])]),
        rows=rows[order],
        counts=counts[order],
        lengths=lengths[kept],
    )


def score_tokens(
    parts: Sequence[Postings],
    alive: Sequence[NDArray[np.bool_]],
    tokens: Sequence[str] | Mapping[str, float],
    usual: Sequence[NDArray[np.bool_]] | None = None,
) -> NDArray[np.float32]:
    """Return the BM25 score of every row of all parts, in order.

    Args:
        parts: Postings of each part.
        alive: One mask a part; rows that are not alive count nowhere and score 0.
        tokens: The query, whose tokens count as often as they stand in it; or the weight of
            each token, >= 0.
        usual: Rows that tell how rare a token and how long a text is; those alive when None.

    Returns:
        float32 (total rows,), >= 0, unbounded; higher is better.
    """
    n_rows = sum(part.n_rows for part in parts)
    scores = np.zeros(n_rows, np.float32)
    counted = alive if usual is None else usual
    n_counted = int(sum(mask.sum() for mask in counted))
    if n_counted == 0:
        return scores
    total = sum(float(part.lengths[mask].sum()) for part, mask in zip(parts, counted, strict=True))
    average = max(total / n_counted, 1.0)
    norms = [K1 * (1 - B + B * part.lengths / average) for part in parts]
    weights = tokens if isinstance(tokens, Mapping) else Counter(tokens)
    for term, weight in weights.items():
        found = [part.of(term) for part in parts]
        kept = [mask[rows] for mask, (rows, _) in zip(alive, found, strict=True)]
        if not any(k.any() for k in kept):
            continue
        told = kept if usual is None else [m[r] for m, (r, _) in zip(usual, found, strict=True)]
        frequency = int(sum(t.sum() for t in told))
        idf = np.log1p((n_counted - frequency + 0.5) / (frequency + 0.5))
        shift = 0
        for part, norm, (rows, counts), keep in zip(parts, norms, found, kept, strict=True):
            rows, counts = rows[keep], counts[keep]
            scores[rows + shift] += weight * idf * counts / (counts + norm[rows])
            shift += part.n_rows
    return scores


def term_weights(
    parts: Sequence[Postings], alive: Sequence[NDArray[np.bool_]], tokens: Sequence[str]
) -> dict[str, float]:
    """Return the inverse document frequency of each token, also of those no row holds."""
    n_alive = int(sum(mask.sum() for mask in alive))
    weights: dict[str, float] = {}
    for term in dict.fromkeys(tokens):
        frequency = sum(
            int(m[part.of(term)[0]].sum()) for part, m in zip(parts, alive, strict=True)
        )
        weights[term] = float(np.log1p((n_alive - frequency + 0.5) / (frequency + 0.5)))
    return weights
