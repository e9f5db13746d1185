"""Ranking a labelled collection with the whole matching pipeline, and measuring the result.

Folder of a collection:

    documents.jsonl          {"id", "title", "text", "group"?}; ranked by group where given
    queries.SPLIT.jsonl      {"id", "title", "text"}
    qrels.SPLIT.trec         qid 0 docid-or-group grade
    candidates.SPLIT.tsv     qid docid; optional: rank only these
"""

import json
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol, Self

import numpy as np

from indexer.annotate.types import Annotations
from indexer.documents import REJECT_CODE
from indexer.embed import Embedder, Progress
from indexer.segment import Segment
from indexer.text import canonicalise
from indexer.types import Document
from indexer.view import IndexView, KindView
from indexer.words import Segmenter
from matcher.measures import hit, ndcg, recall, reciprocal_rank
from matcher.pipeline import Matcher, MatchRequest
from matcher.types import Filters, Match
from models.errors import InvalidInputError
from models.viewer import system
from models.vocabulary.matching import Direction
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import Scheme

RUN_NAME: Final = "navmatch"
DEPTH: Final = 1_000
"""Results written for each query at most."""

Ranking = list[tuple[str, float]]


class Reader(Protocol):
    """Understands texts: tags, facts, requirements."""

    def annotate_many(self, texts: Sequence[tuple[str, str]]) -> list[Annotations]:
        """Return the annotations of canonical texts `(title, body)`."""


@dataclass(frozen=True)
class Collection:
    """A labelled collection in memory.

    Attributes:
        documents: What is ranked.
        queries: What asks.
        grades: Grade by id of document or group, by query.
        candidates: Documents to rank, by query; None where all are.
    """

    documents: tuple[Document, ...]
    queries: tuple[Document, ...]
    grades: Mapping[str, Mapping[str, int]]
    candidates: Mapping[str, frozenset[str]] | None

    def part(self, ids: Container[str]) -> Self:
        """Return the collection of some queries alone, with the documents they may rank."""
        queries = tuple(query for query in self.queries if query.id in ids)
        if self.candidates is None:
            return replace(self, queries=queries)
        wanted = frozenset[str]().union(*(self.candidates.get(q.id, ()) for q in queries))
        documents = tuple(d for d in self.documents if d.id in wanted)
        return replace(self, documents=documents, queries=queries)


def read_collection(folder: Path, split: str, reader: Reader, progress: Progress) -> Collection:
    """Return a collection with every text cleaned and understood.

    Documents that no query may rank are left out.

    Raises:
        InvalidInputError: a file is missing or not in the format described above.
    """
    try:
        candidates = _candidates(folder / f"candidates.{split}.tsv")
        wanted = None if candidates is None else frozenset().union(*candidates.values())
        rows = [
            row
            for row in _rows(folder / "documents.jsonl")
            if wanted is None or row["id"] in wanted
        ]
        queries = _rows(folder / f"queries.{split}.jsonl")
        grades = _grades(folder / f"qrels.{split}.trec")
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidInputError(
            f"评测集 {folder.name} 读取失败（{error}）。需要 documents.jsonl、"
            f"queries.{split}.jsonl 和 qrels.{split}.trec。"
        ) from error
    documents = understood(rows, Entity.CAPABILITY, reader, progress)
    return Collection(
        documents, understood(queries, Entity.DEMAND, reader, progress), grades, candidates
    )


def read_again(collection: Collection, reader: Reader, progress: Progress) -> Collection:
    """Return a collection with every text understood anew, by another reader."""

    def read(documents: Sequence[Document]) -> tuple[Document, ...]:
        rows = [
            {"id": d.id, "title": d.title, "text": d.body, "group": d.group_id} for d in documents
        ]
        kind = documents[0].kind if documents else Entity.DEMAND
        return understood(rows, kind, reader, progress)

    return replace(
        collection, documents=read(collection.documents), queries=read(collection.queries)
    )


def index_of(documents: Sequence[Document], embedder: Embedder, segmenter: Segmenter) -> IndexView:
    """Return an index in memory over these documents, all of the kind capability."""
    embeddings = embedder.embed_documents(documents)
    segment = Segment.build(documents, embeddings, segmenter, embedder.encoder.dim)
    view = KindView((segment,), (np.ones(segment.n_rows, np.bool_),))
    return IndexView("memory", 0, embedder.encoder.fingerprint, {Entity.CAPABILITY: view})


def rank_collection(
    collection: Collection,
    matcher: Matcher,
    view: IndexView,
    weights: Mapping[str, float] | None,
    progress: Progress,
) -> dict[str, Ranking]:
    """Return ids or groups with scores, best first, for every query."""
    rankings: dict[str, Ranking] = {}
    for done, query in enumerate(collection.queries, start=1):
        matches = matches_of(query, collection, matcher, view, weights)
        rankings[query.id] = [(m.document.group_id, m.score) for m in matches]
        progress(done, len(collection.queries))
    return rankings


def matches_of(
    query: Document,
    collection: Collection,
    matcher: Matcher,
    view: IndexView,
    weights: Mapping[str, float] | None = None,
) -> tuple[Match, ...]:
    """Return what is found for a query of a collection, best first.

    Near copies are not folded: every judged document has to stand somewhere.
    """
    only = None
    if collection.candidates is not None:
        only = collection.candidates.get(query.id, frozenset())
    request = MatchRequest(
        direction=Direction.DEMAND_TO_PROVIDER,
        k=DEPTH,
        filters=Filters(only_ids=only, viewer=system("evaluate")),
        weights=weights,
        explain=False,
        fold=False,
    )
    return matcher.match(query, view, request).matches


def write_run(rankings: Mapping[str, Ranking], path: Path) -> None:
    """Write a TREC run file: `qid Q0 docid rank score navmatch`, scores falling strictly.

    Scorers sort by score, so a rank that does not follow from the score alone (a rule placed
    a provider lower) is kept by counting down from the number of results.
    """
    lines = []
    for qid, ranking in rankings.items():
        for rank, (key, _) in enumerate(ranking, start=1):
            place = f"{rank} {len(ranking) - rank + 1}"
            lines.append(f"{qid} Q0 {group_key(key)} {place} {RUN_NAME}\n")
    path.write_text("".join(lines), encoding="utf-8")


def measure(rankings: Mapping[str, Ranking], collection: Collection) -> dict[str, Any]:
    """Return the mean of each measure and its value for every query."""
    by_query: dict[str, dict[str, float]] = {}
    for qid, ranking in rankings.items():
        ranked = [group_key(key) for key, _ in ranking]
        grades = collection.grades.get(qid, {})
        by_query[qid] = {
            "ndcg@10": ndcg(ranked, grades),
            "recall@10": recall(ranked, grades),
            "mrr": reciprocal_rank(ranked, grades),
            "hit@10": hit(ranked, grades),
        }
    names = next(iter(by_query.values()), {})
    means = {name: float(np.mean([v[name] for v in by_query.values()])) for name in names}
    return {"queries": len(by_query), "means": means, "by_query": by_query}


def group_key(key: str) -> str:
    """Return a key of a document or group as runs and judgements write it, without blanks."""
    return re.sub(r"\s", "_", key)


def understood(
    rows: Sequence[Mapping[str, str]], kind: Entity, reader: Reader, progress: Progress
) -> tuple[Document, ...]:
    """Return documents of rows of `id`, `title`, `text` and `group`, cleaned and annotated."""
    texts = [(canonicalise(row["title"]), canonicalise(row["text"])) for row in rows]
    found = reader.annotate_many(texts)
    documents = []
    for done, (row, (title, body), a) in enumerate(zip(rows, texts, found, strict=True), start=1):
        documents.append(
            Document(
                id=row["id"],
                kind=kind,
                group_id=row["group"],
                title=title,
                body=body,
                scenarios=_codes(a, Scheme.SCENARIO),
                industries=_codes(a, Scheme.SEI),
                classes=_codes(a, Scheme.GB4754),
                any_industry=a.any_industry,
                region_code=a.regions[0].code if a.regions else None,
            )
        )
        progress(done, len(rows))
    return tuple(documents)


def _codes(annotations: Annotations, scheme: Scheme) -> tuple[tuple[str, float], ...]:
    tags = (*annotations.scenarios, *annotations.industries)
    chosen = [(t.code, t.confidence) for t in tags if t.scheme == scheme and t.code != REJECT_CODE]
    return tuple(sorted(chosen, key=lambda pair: (-pair[1], pair[0])))


def _rows(path: Path) -> list[dict[str, str]]:
    """Return rows of `id`, `title`, `text` and `group`; a row without group is its own."""
    rows = [json.loads(line) for line in _lines(path)]
    return [
        {
            "id": str(row["id"]),
            "title": str(row.get("title") or ""),
            "text": str(row.get("text") or ""),
            "group": str(row.get("group") or row["id"]),
        }
        for row in rows
    ]


def _grades(path: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for line in _lines(path):
        qid, _, key, grade = line.split()
        grades.setdefault(qid, {})[key] = int(grade)
    return grades


def _candidates(path: Path) -> dict[str, frozenset[str]] | None:
    if not path.exists():
        return None
    gathered: dict[str, set[str]] = {}
    for line in _lines(path):
        qid, key = line.split("\t")
        gathered.setdefault(qid, set()).add(key)
    return {qid: frozenset(keys) for qid, keys in gathered.items()}


def _lines(path: Path) -> list[str]:
    """Return the lines that hold something; not `splitlines`, which cuts inside JSON texts."""
    lines = (line.strip() for line in path.read_text("utf-8").split("\n"))
    return [line for line in lines if line]
