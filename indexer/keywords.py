"""BM25 with exact statistics over several immutable parts.

Scores are those of Lucene's BM25 since version 8 (Kamphuis et al. 2020, eq. 3: Robertson's
without the constant factor k1 + 1; idf = ln(1 + (N - n + 0.5) / (n + 0.5))). Document
frequencies are counted at query time over the rows that are alive, so an answer does not
depend on how the rows are spread over parts: a fresh index, an index with a delta and the same
index after a restart score alike. Libraries that compute scores when the index is built
(bm25s) cannot do that; a test holds the scores equal to theirs.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

K1: Final = 1.2
B: Final = 0.75

CHUNK: Final = 1 << 14
"""Postings scored at once: enough that the calls of NumPy do not matter, few enough that what
they work on stays in the cache."""


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

    def numbers_of(self, terms: Iterable[str]) -> NDArray[np.int64]:
        """Return the number of each term; int64 (n,), -1 where no row holds it."""
        return np.array([self.terms.get(term, -1) for term in terms], np.int64)

    def sizes(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many rows hold each term; int64 (n,), 0 for the number -1."""
        return np.where(numbers < 0, 0, self.starts[numbers + 1] - self.starts[numbers])

    def found(self, numbers: NDArray[np.int64]) -> "Found":
        """Return the postings of some terms, one term after the other."""
        sizes = self.sizes(numbers)
        if len(numbers) == 1 and sizes[0]:
            run = slice(*self.starts[numbers[0] : numbers[0] + 2])
            return Found(
                np.zeros(sizes[0], np.int64), self.rows[run].astype(np.int64), self.counts[run]
            )
        ends = np.cumsum(sizes)
        owners = np.repeat(np.arange(len(numbers)), sizes)
        places = np.arange(len(owners)) + (self.starts[numbers] - ends + sizes)[owners]
        return Found(owners, self.rows[places].astype(np.int64), self.counts[places])

    def of(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return rows and counts of a term; both empty when no row holds it."""
        number = self.terms.get(term)
        if number is None:
            return self.rows[:0], self.counts[:0]
        start, end = self.starts[number], self.starts[number + 1]
        return self.rows[start:end], self.counts[start:end]


@dataclass(frozen=True, slots=True)
class Found:
    """Postings of several terms.

    Attributes:
        owners: int64 (n,), which of the terms, ascending.
        rows: int64 (n,), ascending within a term.
        counts: int32 (n,).
    """

    owners: NDArray[np.int64]
    rows: NDArray[np.int64]
    counts: NDArray[np.int32]


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
    counted = alive if usual is None else usual
    scores = np.zeros(sum(part.n_rows for part in parts), np.float64)
    n_counted = sum(int(np.count_nonzero(mask)) for mask in counted)
    if n_counted == 0:
        return scores.astype(np.float32)
    total = sum(float(part.lengths[mask].sum()) for part, mask in zip(parts, counted, strict=True))
    average = max(total / n_counted, 1.0)
    asked = tokens if isinstance(tokens, Mapping) else Counter(tokens)
    weights = np.fromiter(asked.values(), np.float64, len(asked))
    numbers = [part.numbers_of(asked) for part in parts]
    shifts = np.cumsum([0, *(part.n_rows for part in parts)])[:-1]
    masks = [None if mask.all() else mask for mask in alive]
    norms = [K1 * (1 - B + B * part.lengths / average) for part in parts]
    for chosen in _chunks(parts, numbers):
        found = [part.found(n[chosen]) for part, n in zip(parts, numbers, strict=True)]
        frequencies = sum(
            np.bincount(f.owners[mask[f.rows]], minlength=chosen.stop - chosen.start)
            for f, mask in zip(found, counted, strict=True)
        )
        idfs = np.log1p((n_counted - frequencies + 0.5) / (frequencies + 0.5))
        worth = weights[chosen] * idfs
        for f, mask, norm, shift in zip(found, masks, norms, shifts, strict=True):
            gains = worth[f.owners] * f.counts / (f.counts + norm[f.rows])
            if mask is not None:
                gains[~mask[f.rows]] = 0.0
            np.add.at(scores, f.rows + shift, gains)  # in the order of terms, however they are cut
    return scores.astype(np.float32)


def _chunks(parts: Sequence[Postings], numbers: Sequence[NDArray[np.int64]]) -> Iterator[slice]:
    """Yield the terms of a query in runs that have about `CHUNK` postings together."""
    sizes = sum(part.sizes(n) for part, n in zip(parts, numbers, strict=True))
    runs = np.cumsum(sizes) // CHUNK
    cuts = [0, *(np.flatnonzero(np.diff(runs)) + 1).tolist(), len(runs)]
    for start, stop in pairwise(cuts):
        if stop > start:
            yield slice(start, stop)


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
