"""Variants of what is done with the vectors: mixing, centring, whitening, hubs, feedback, words."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.quality.systems import best_rows
from bench.quality.variants.encoding import Encoders
from bench.quality.variants.ground import Ground, Outcome, ScoreAll, standing_of

Vectors = NDArray[np.float32]

TITLE_SHARES: Final = (0.25, 0.5, 0.75)
DIRECTIONS: Final = (1, 3)
WHITE_DIMS: Final = (64, 128, 256)
HUB_SHARES: Final = (0.25, 0.5, 1.0)
NEIGHBOURS: Final = 10
FED_BACK: Final = (5, 10, 20)
FEEDBACK_WEIGHT: Final = 0.5
"""What the mean of the first results weighs beside 1 of the query (Rocchio 1971: alpha 1)."""

_CHUNK: Final = 512


def title_weighting(ground: Ground, _: Encoders) -> Iterator[Outcome]:
    """Yield mixes of the cosines of titles and of whole texts."""
    titles, fulls, opened = ground.vectors("titles"), ground.vectors("fulls"), ground.opened
    for share in TITLE_SHARES:

        def score(number: int, share: float = share) -> Vectors:
            by_title = titles @ opened.query_title_vectors[number]
            by_text = fulls @ opened.query_vectors[number]
            return np.asarray(share * by_title + (1 - share) * by_text, np.float32)

        yield ground.alone(f"标题占 {share:g}", score)


def whitening(ground: Ground, _: Encoders) -> Iterator[Outcome]:
    """Yield vectors less their mean or main directions, and whitened, fitted on the documents."""
    for name, warp in warps_of(ground.offered).items():
        offered = warp.of(ground.offered)

        def score(number: int, warp: "Warp" = warp, offered: Vectors = offered) -> Vectors:
            return np.asarray(offered @ warp.of(ground.asked[number : number + 1])[0], np.float32)

        yield ground.alone(name, score)


class Warp:
    """Moves and stretches vectors: (v - mean) @ matrix, then to unit length."""

    def __init__(self, mean: Vectors, matrix: Vectors | None) -> None:
        """Set what is taken away, and the matrix (dim, new dim); None changes nothing."""
        self._mean, self._matrix = mean, matrix

    def of(self, vectors: Vectors) -> Vectors:
        """Return vectors (n, dim) moved, stretched and of unit length."""
        moved = vectors - self._mean
        moved = moved if self._matrix is None else moved @ self._matrix
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        return np.asarray(moved / np.maximum(lengths, 1e-9), np.float32)


def warps_of(vectors: Vectors) -> dict[str, Warp]:
    """Return the warps that are tried, fitted on vectors (n, dim)."""
    mean = vectors.mean(0)
    _, sizes, axes = np.linalg.svd(vectors - mean, full_matrices=False)
    found = {"去均值": Warp(mean, None)}
    for n in DIRECTIONS:  # Mu & Viswanath 2018
        found[f"再去 {n} 个主方向"] = Warp(mean, np.eye(len(mean)) - axes[:n].T @ axes[:n])
    for dims in WHITE_DIMS:  # Su et al. 2021
        kept = min(dims, int((sizes > 1e-6 * sizes[0]).sum()))
        found[f"白化，{dims} 维"] = Warp(mean, axes[:kept].T / sizes[:kept])
    return found


def hubs(ground: Ground, _: Encoders) -> Iterator[Outcome]:
    """Yield cosines less how near a document is to all or to its neighbours (CSLS)."""
    for kind, nearness in hubness_of(ground.offered).items():
        for share in HUB_SHARES:
            taken = np.asarray(share * nearness, np.float32)

            def score(number: int, taken: Vectors = taken) -> Vectors:
                return ground.cosines(number) - taken

            yield ground.alone(f"减{kind}的平均余弦，{share:g} 倍", score)


def hubness_of(vectors: Vectors) -> dict[str, Vectors]:
    """Return the mean cosine of each vector with its nearest, and with all others, (n,)."""
    near, n = np.zeros(len(vectors), np.float32), min(NEIGHBOURS, len(vectors) - 1)
    for start in range(0, len(vectors), _CHUNK):
        cosines = vectors[start : start + _CHUNK] @ vectors.T
        cosines[np.arange(len(cosines)), np.arange(start, start + len(cosines))] = -np.inf
        near[start : start + _CHUNK] = np.partition(cosines, -n, axis=1)[:, -n:].mean(1)
    return {"近邻": near, "全部文献": np.asarray(vectors @ vectors.mean(0), np.float32)}


def feedback(ground: Ground, _: Encoders) -> Iterator[Outcome]:
    """Yield queries moved towards the first results of a first search."""
    for depth in FED_BACK:

        def score(number: int, depth: int = depth) -> Vectors:
            rows = best_rows(ground.opened, number, ground.cosines(number))[:depth]
            return ground.offered @ fed_back(ground.asked[number], ground.offered[rows])

        yield ground.alone(f"前 {depth} 项", score)


def fed_back(asked: Vectors, first: Vectors) -> Vectors:
    """Return a query (dim,) moved towards the mean of its first results (n, dim)."""
    moved = asked + np.float32(FEEDBACK_WEIGHT) * first.mean(0)
    return np.asarray(moved / np.linalg.norm(moved), np.float32)


def soft_words(ground: Ground, encoders: Encoders) -> Iterator[Outcome]:
    """Yield the match of each word with the nearest word of a document."""
    score = soft_word_scores(ground, encoders)
    cost = ground.cost(score, ground.cosines) + soft_word_cost(ground, encoders)
    yield ground.alone("最近的词", score, cost)


def soft_word_scores(ground: Ground, encoders: Encoders) -> ScoreAll:
    """Return the score of soft matching.

    For each word of the query, the standing of the nearest word of a document among all words
    of the set; the mean over the query's words by their inverse document frequency.
    """
    cut = ground.opened.segmenter.search_terms
    words = [list(dict.fromkeys(cut(text))) or [" "] for text in ground.offered_texts]
    number_of: Mapping[str, int] = {
        word: n for n, word in enumerate(dict.fromkeys(w for row in words for w in row))
    }
    vectors = encoders.present.encode_documents(list(number_of))
    places = np.array([number_of[w] for row in words for w in row], np.int64)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in words])[:-1]])
    asked_words = [asked_words_of(ground, text) for text in ground.asked_texts]
    asked_vectors = {
        word: vector
        for row in asked_words
        for word, vector in zip(row, encoders.present.encode_queries(list(row)), strict=True)
    }

    def score(number: int) -> Vectors:
        weights = asked_words[number]
        cosines = np.stack([asked_vectors[word] for word in weights]) @ vectors.T
        standing = np.stack([standing_of(of_word) for of_word in cosines])
        best = np.maximum.reduceat(standing[:, places], starts, axis=1)
        return np.asarray(np.average(best, axis=0, weights=list(weights.values())), np.float32)

    return score


def asked_words_of(ground: Ground, text: str) -> dict[str, float]:
    """Return the words of a query with their inverse document frequency."""
    words = ground.opened.segmenter.search_terms(text) or [text]
    return ground.opened.kind.idf("words", words)


def soft_word_cost(ground: Ground, encoders: Encoders) -> float:
    """Return the milliseconds of encoding the words of a query; 0 where no folder is opened."""
    if encoders.states is None:
        return 0.0
    served = encoders.served(encoders.states)
    asked = ground.asked_texts
    return ground.cost(
        lambda n: served.encode_queries(list(asked_words_of(ground, asked[n]))), None
    )
