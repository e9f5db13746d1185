"""Variants inside the whole pipeline: another question, another index, one value more."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from api.vocabularies import Vocabularies
from bench.quality.systems import text_of
from bench.quality.variants.encoding import (
    IDF,
    POOL_NAMES,
    Encoders,
    cosine_of,
    other_vectors,
    pooled_vectors,
)
from bench.quality.variants.geometry import (
    FED_BACK,
    Warp,
    fed_back,
    hubness_of,
    soft_word_cost,
    soft_word_scores,
    warps_of,
)
from bench.quality.variants.ground import Outcome, ScoreAll, standing_of
from bench.quality.variants.pipeline import (
    BY_NAME,
    Asked,
    Column,
    OtherCosines,
    Pipeline,
    Way,
)
from indexer.annotate.industry_terms import (
    IndustryTerm,
    TermFinder,
    lexicon_terms,
    merged,
    name_terms,
)
from indexer.words import bigrams
from matcher.compare.standing import FULL_STANDING, standing
from matcher.types import Candidates, Query, Values

WEIGHTS: Final = (0.05, 0.2)
SECOND_WEIGHTS: Final = (0.05, 0.1, 0.15)
RERANKED: Final = 50
TITLE_SHARES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
HUB_SHARE: Final = np.float32(0.5)
MODELS: Final = ((5, 20, 0.1), (10, 60, 0.3))
"""Of RM3: first documents, terms taken from them, and their share of the new query."""

EXPANDED: Final = (0.1, 0.3)
"""What all terms of the query's classes weigh together, of what the query weighs."""

BY_TITLE: Final = frozenset({"title_meaning"})
BY_TEXT: Final = frozenset({"text_meaning", "purpose_in_field"})
BY_VECTOR: Final = frozenset({"title_meaning", "text_meaning", "title_in_text", "purpose_in_field"})
BY_PHRASE: Final = frozenset({"shared_phrases"})
BY_TERM: Final = frozenset({"shared_words", "shared_phrases"})

Vectors = NDArray[np.float32]


def title_weights(pipeline: Pipeline, _: Encoders) -> Iterator[Outcome]:
    """Yield other shares of the title in what titles and whole texts weigh together."""
    together = BY_NAME["title_meaning"].weight + BY_NAME["text_meaning"].weight
    for share in TITLE_SHARES:
        weights = {"title_meaning": share * together, "text_meaning": (1 - share) * together}
        yield pipeline.reweighted(f"标题占 {share:g}", weights)


def idf_pooling(pipeline: Pipeline, encoders: Encoders) -> Iterator[Outcome]:
    """Yield tokens weighed by their rarity, in the comparison of titles or of whole texts."""
    ground = pipeline.ground
    if encoders.states is None:
        return
    _, asked_vectors, offered = pooled_vectors(ground, encoders, encoders.states)[IDF]
    part, touched = ("titles", BY_TITLE) if ground.is_title else ("fulls", BY_TEXT)

    def change(asked: Asked) -> tuple[Query, Candidates]:
        vector = asked_vectors[asked.number]
        view = OtherCosines.of(asked.candidates.view, {part: lambda _: offered @ vector})
        return asked.query, replace(asked.candidates, view=view)

    yield pipeline.changed(POOL_NAMES[IDF], change, touched)


def passage_prompt(pipeline: Pipeline, _: Encoders) -> Iterator[Outcome]:
    """Yield the query's whole text under the prompt of documents."""
    offering = pipeline.ground.opened.embedder.embed_documents(pipeline.ground.queries)

    def change(asked: Asked) -> tuple[Query, Candidates]:
        embedding = replace(asked.query.embedding, full=offering[asked.number].full)
        return replace(asked.query, embedding=embedding), asked.candidates

    yield pipeline.changed("问的全文用 `passage:`", change, BY_TEXT)


def warped(pipeline: Pipeline, _: Encoders) -> Iterator[Outcome]:
    """Yield vectors less their mean or main direction, and whitened, wherever they are compared."""
    parts = {part: pipeline.ground.vectors(part) for part in ("titles", "fulls")}
    warps = {part: warps_of(vectors) for part, vectors in parts.items()}
    for name in ("去均值", "再去 1 个主方向", "白化，128 维"):
        ways = {part: _warped(warps[part][name], vectors) for part, vectors in parts.items()}
        yield pipeline.changed(name, pipeline.through(ways), BY_VECTOR)


def hubs(pipeline: Pipeline, _: Encoders) -> Iterator[Outcome]:
    """Yield cosines less half of how near a document is to others."""
    parts = {part: pipeline.ground.vectors(part) for part in ("titles", "fulls")}
    nearness = {part: hubness_of(vectors) for part, vectors in parts.items()}
    for kind in ("近邻", "全部文献"):
        ways = {part: _less(nearness[part][kind], vectors) for part, vectors in parts.items()}
        yield pipeline.changed(
            f"减{kind}的平均余弦，{HUB_SHARE:g} 倍", pipeline.through(ways), BY_VECTOR
        )


def _warped(warp: Warp, vectors: Vectors) -> Way:
    offered = warp.of(vectors)
    return lambda query: np.asarray(offered @ warp.of(query[None])[0], np.float32)


def _less(nearness: Vectors, vectors: Vectors) -> Way:
    return lambda query: np.asarray(vectors @ query - HUB_SHARE * nearness, np.float32)


def feedback(pipeline: Pipeline, _: Encoders) -> Iterator[Outcome]:
    """Yield title and text moved towards the first results of the whole pipeline."""
    titles, fulls = (pipeline.ground.vectors(part) for part in ("titles", "fulls"))
    for depth in FED_BACK:

        def change(asked: Asked, depth: int = depth) -> tuple[Query, Candidates]:
            rows, old = asked.best(depth), asked.query.embedding
            moved = replace(
                old,
                title=fed_back(old.title, titles[rows]),
                full=fed_back(old.full, fulls[rows]),
            )
            return replace(asked.query, embedding=moved), asked.candidates

        yield pipeline.changed(f"前 {depth} 项", change, BY_VECTOR, is_second_pass=True)


def relevance_model(pipeline: Pipeline, _: Encoders) -> Iterator[Outcome]:
    """Yield phrases of the first results added to those of the query (RM3)."""
    grams = [bigrams(text_of(document)) for document in pipeline.ground.documents]
    for n_first, n_terms, share in MODELS:

        def change(
            asked: Asked, taken: tuple[int, int, float] = (n_first, n_terms, share)
        ) -> tuple[Query, Candidates]:
            scores = asked.candidates.view.bm25("grams", asked.query.grams, asked.candidates.usual)
            rows = asked.candidates.rows
            first = rows[np.lexsort((rows, -scores[rows]))[: taken[0]]]
            found = model_of([grams[row] for row in first], scores[first].tolist(), taken[1])
            mixed = with_share(asked.query.grams, found, taken[2])
            return replace(asked.query, grams=mixed), asked.candidates

        name = f"前 {n_first} 项取 {n_terms} 个，占 {share:g}"
        yield pipeline.changed(name, change, BY_PHRASE, is_second_pass=True)


def model_of(
    texts: Sequence[Sequence[str]], scores: Sequence[float], n_terms: int
) -> dict[str, float]:
    """Return the likeliest terms of texts weighed by their scores (Lavrenko & Croft 2001)."""
    chances: dict[str, float] = {}
    for terms, weight in zip(texts, scores, strict=True):
        for term, n in Counter(terms).items():
            chances[term] = chances.get(term, 0.0) + weight * n / len(terms)
    return dict(sorted(chances.items(), key=lambda pair: (-pair[1], pair[0]))[:n_terms])


def with_share(
    terms: Mapping[str, float], more: Mapping[str, float], share: float
) -> dict[str, float]:
    """Return the terms of a query and more, which weigh a share of all; the sum stays."""
    total, of_more = sum(terms.values()), sum(more.values())
    if not of_more:
        return dict(terms)
    mixed = {term: (1 - share) * weight for term, weight in terms.items()}
    for term, weight in more.items():
        mixed[term] = mixed.get(term, 0.0) + share * total * weight / of_more
    return mixed


def taxonomy(pipeline: Pipeline, _: Encoders) -> Iterator[Outcome]:
    """Yield the query with the terms of its classes, and classes that terms of both sides share."""
    terms = merged(lexicon_terms(), name_terms(Vocabularies.load().industries))
    by_class: dict[str, list[str]] = {}
    for term in terms:
        for code in term.gb4754[:1]:
            by_class.setdefault(code, []).append(term.text)
    cut = pipeline.ground.opened.segmenter.search_terms
    for share in EXPANDED:

        def change(asked: Asked, share: float = share) -> tuple[Query, Candidates]:
            more_words: dict[str, float] = {}
            more_grams: dict[str, float] = {}
            for code, confidence in asked.query.document.classes:
                for text in by_class.get(code, ()):
                    more_words.update(dict.fromkeys(cut(text), confidence))
                    more_grams.update(dict.fromkeys(bigrams(text), confidence))
            words = with_share(asked.query.words, more_words, share)
            grams = with_share(asked.query.grams, more_grams, share)
            return replace(asked.query, words=words, grams=grams), asked.candidates

        yield pipeline.changed(f"需求加上所属小类的用语，占 {share:g}", change, BY_TERM)
    yield from pipeline.added("双方用语同属一个小类", _shared_classes(pipeline, terms), WEIGHTS)


def _shared_classes(pipeline: Pipeline, terms: Sequence[IndustryTerm]) -> Column:
    """Return how many of the query's terms have a term of the same class on the other side."""
    finder = TermFinder(terms)

    def classes(text: str) -> list[frozenset[str]]:
        return [frozenset(hit.term.gb4754) for hit in finder.find(text) if hit.term.weight > 0]

    rows_of: dict[str, list[int]] = {}
    for row, document in enumerate(pipeline.ground.documents):
        for code in frozenset[str]().union(*classes(text_of(document))):
            rows_of.setdefault(code, []).append(row)

    def column(asked: Asked) -> Values:
        found = [codes for codes in classes(text_of(asked.query.document)) if codes]
        shared = np.zeros(len(pipeline.ground.documents), np.float32)
        if not found:
            return np.full(len(asked.candidates.rows), np.nan, np.float32)
        for codes in found:
            shared[sorted({row for code in codes for row in rows_of.get(code, ())})] += 1
        return standing(shared[asked.candidates.rows], shared[asked.candidates.usual])

    return column


def nearest_pair(pipeline: Pipeline, _: Encoders) -> Iterator[Outcome]:
    """Yield the nearest pair of sentences, re-ranking the first results alone."""
    first = {asked.number: pipeline.first_places(asked, RERANKED) for asked in pipeline.asked}

    def column(asked: Asked) -> Values:
        values = np.full(len(asked.candidates.rows), np.nan, np.float32)
        sentences = asked.query.embedding.sentences
        for place in first[asked.number] if len(sentences) else ():
            offered = asked.candidates.view.embedding(int(asked.candidates.rows[place])).sentences
            if len(offered):
                values[place] = float((sentences @ offered.T).max())
        known = ~np.isnan(values)
        if known.any():
            values[known] = standing_of(values[known]) / np.float32(FULL_STANDING)
        return values

    yield from pipeline.top_reranked(
        f"最接近的一对句子，只重排前 {RERANKED}", column, RERANKED, WEIGHTS
    )


def soft_words(pipeline: Pipeline, encoders: Encoders) -> Iterator[Outcome]:
    """Yield the match of each word with the nearest word, as one value more."""
    scores = soft_word_scores(pipeline.ground, encoders)
    cost = soft_word_cost(pipeline.ground, encoders)
    for outcome in pipeline.added("最近的词", _standing_by(scores), WEIGHTS):
        yield replace(outcome, added_ms=outcome.added_ms + cost)


def second_encoder(pipeline: Pipeline, encoders: Encoders) -> Iterator[Outcome]:
    """Yield the cosine of a second encoder as one value more."""
    for name, (asked, offered, cost) in other_vectors(pipeline.ground, encoders).items():
        by_cosine = _standing_by(cosine_of(asked, offered))
        for outcome in pipeline.added(name, by_cosine, SECOND_WEIGHTS):
            yield replace(outcome, added_ms=outcome.added_ms + cost)


def _standing_by(scores: ScoreAll) -> Column:
    def column(asked: Asked) -> Values:
        of_all = scores(asked.number)
        return standing(of_all[asked.candidates.rows], of_all[asked.candidates.usual])

    return column
