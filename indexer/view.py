"""What one request searches: some immutable segments and which of their rows are alive."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.keywords import Postings, score_tokens, term_weights
from indexer.segment import Segment
from indexer.types import Document, Embedding
from indexer.vectors import VectorIndex
from models.position import Position
from models.sight import Placement
from models.vocabulary.row import Entity


@dataclass(frozen=True, eq=False)
class KindView:
    """All documents of one kind; rows of the segments are numbered through.

    Attributes:
        segments: The main segment, then the deltas.
        alive: One mask a segment: False for what was changed or deleted since.
    """

    segments: tuple[Segment, ...]
    alive: tuple[NDArray[np.bool_], ...]

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """First row of each segment, and the total at the end; int64 (n_segments + 1,)."""
        sizes = [segment.n_rows for segment in self.segments]
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])

    @cached_property
    def alive_rows(self) -> NDArray[np.int64]:
        """Rows that can be found, ascending; int64."""
        masks = [*self.alive, np.zeros(0, np.bool_)]
        return np.flatnonzero(np.concatenate(masks)).astype(np.int64)

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The document of every row, also of those that are not alive."""
        return tuple(d for segment in self.segments for d in segment.documents)

    @cached_property
    def ends(self) -> list[tuple[int, str]]:
        """Rows that are offered up to a day only, with that ISO day."""
        dated = ((int(row), self.documents[row].valid_until) for row in self.alive_rows)
        return [(row, end) for row, end in dated if end is not None]

    @cached_property
    def placements(self) -> tuple[list[Placement], NDArray[np.int64]]:
        """The different placements, and the number of each row's; int64 (n_rows,)."""
        numbers: dict[Placement, int] = {}
        found = [numbers.setdefault(d.placement, len(numbers)) for d in self.documents]
        return list(numbers), np.array(found, np.int64)

    @cached_property
    def row_by_id(self) -> dict[str, int]:
        """Row of each document that is alive."""
        return {self.documents[row].id: row for row in self.alive_rows.tolist()}

    @cached_property
    def rows_by_group(self) -> dict[str, list[int]]:
        """Rows of each group that are alive, ascending."""
        groups: dict[str, list[int]] = {}
        for row in self.alive_rows.tolist():
            groups.setdefault(self.documents[row].group_id, []).append(row)
        return groups

    @cached_property
    def group_numbers(self) -> NDArray[np.int64]:
        """Number of each row's group, equal for rows of one group; int64 (n_rows,)."""
        numbers: dict[str, int] = {}
        found = [numbers.setdefault(d.group_id, len(numbers)) for d in self.documents]
        return np.array(found, np.int64)

    @cached_property
    def unencoded(self) -> list[Document]:
        """Documents alive of which a vector is not known: the encoder failed at a text."""
        numbers = [segment.unencoded + start for segment, start, _ in self._ranges()]
        rows = np.concatenate([*numbers, np.zeros(0, np.int64)])
        return [self.documents[row] for row in np.intersect1d(rows, self.alive_rows)]

    @property
    def n_alive(self) -> int:
        """How many documents can be found."""
        return len(self.alive_rows)

    def locate(self, row: int) -> tuple[Segment, int]:
        """Return the segment that holds a row and the row's number in it."""
        number = int(np.searchsorted(self.starts, row, side="right")) - 1
        return self.segments[number], row - int(self.starts[number])

    def document(self, row: int) -> Document:
        """Return the document of a row."""
        return self.documents[row]

    def embedding(self, row: int) -> Embedding:
        """Return the vectors of a row."""
        segment, local = self.locate(row)
        return segment.embedding(local)

    def nearest(
        self, part: str, query: NDArray[np.float32], k: int, allowed: NDArray[np.int64]
    ) -> list[tuple[int, float]]:
        """Return the allowed rows with the highest cosine, best first, ties by key.

        Rows whose vector is not known are near to nothing and left out.

        Args:
            part: `titles` or `fulls`.
            query: float32 (dim,), unit length.
            k: How many at most.
            allowed: Rows that may be returned, ascending.
        """
        found: list[tuple[int, float]] = []
        for segment, start, end in self._ranges():
            first, last = np.searchsorted(allowed, (start, end))
            vectors: VectorIndex = getattr(segment, part)
            inside = allowed[first:last] - start
            if len(segment.unknown[part]):
                inside = np.setdiff1d(inside, segment.unknown[part], assume_unique=True)
            rows, cosines = vectors.search(query, k, inside)
            found.extend(zip((rows + start).tolist(), cosines.tolist(), strict=True))
        return sorted(found, key=lambda pair: (-pair[1], self.documents[pair[0]].id))[:k]

    def cosines(
        self, part: str, query: NDArray[np.float32], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return the cosine of a query with each given row.

        float32 (len(rows),), -1..1, NaN for a row whose vector is not known.
        """
        values = np.zeros(len(rows), np.float32)
        for segment, start, end in self._ranges():
            inside = (rows >= start) & (rows < end)
            vectors: VectorIndex = getattr(segment, part)
            values[inside] = vectors.cosines(query, rows[inside] - start)
            if len(segment.unknown[part]):
                values[np.isin(rows, segment.unknown[part] + start)] = np.nan
        return values

    def bm25(
        self,
        part: str,
        tokens: Sequence[str] | Mapping[str, float],
        usual: NDArray[np.int64] | None = None,
    ) -> NDArray[np.float32]:
        """Return the BM25 score of every row; float32 (n_rows,), >= 0.

        Args:
            part: `words`, `grams` or `title_grams`.
            tokens: The query, cut the same way, or its tokens with the weight of each.
            usual: Rows that tell how rare a token and how long a text is; all alive when None.
        """
        return score_tokens(self._postings(part), self.alive, tokens, self._masks(usual))

    def idf(self, part: str, tokens: Sequence[str]) -> dict[str, float]:
        """Return the inverse document frequency of each token among the rows alive."""
        return term_weights(self._postings(part), self.alive, tokens)

    def agreement(
        self, part: str, asked: Mapping[str, float], nearness: Callable[[str, str], float]
    ) -> NDArray[np.float32]:
        """Return how much of what is asked each row offers; float32 (n_rows,), 0..1 or NaN.

        Args:
            part: One of `TAG_PARTS`.
            asked: Weight of each code, > 0; everything is unknown when it is empty.
            nearness: How much an offered code counts for an asked one, 0..1.
        """
        if not asked:
            return np.full(int(self.starts[-1]), np.nan, np.float32)
        found = [segment.tags[part].agreement(asked, nearness) for segment in self.segments]
        return np.concatenate([*found, np.zeros(0, np.float32)])

    @cached_property
    def any_industry(self) -> NDArray[np.bool_]:
        """Which rows are open to every industry; bool (n_rows,)."""
        columns = [segment.any_industry for segment in self.segments]
        return np.concatenate([*columns, np.zeros(0, np.bool_)])

    def without(self, ids: set[str]) -> "KindView":
        """Return the view in which these documents are no longer found."""
        alive = []
        for segment, mask in zip(self.segments, self.alive, strict=True):
            kept = mask.copy()
            kept[[segment.row_by_id[i] for i in ids if i in segment.row_by_id]] = False
            alive.append(kept)
        return replace(self, alive=tuple(alive))

    def with_segment(self, segment: Segment) -> "KindView":
        """Return the view with one more segment, all of its rows alive."""
        mask = np.ones(segment.n_rows, np.bool_)
        return KindView((*self.segments, segment), (*self.alive, mask))

    def prepare(self) -> None:
        """Work out what follows from the documents, once for all who search this view."""
        for name in ("starts", "row_by_id", "rows_by_group", "group_numbers", "ends"):
            getattr(self, name)
        _ = self.any_industry
        for segment in self.segments:
            _ = segment.unknown

    def _ranges(self) -> list[tuple[Segment, int, int]]:
        """Return each segment with its first row and the row behind its last."""
        starts = self.starts.tolist()
        return list(zip(self.segments, starts[:-1], starts[1:], strict=True))

    def _masks(self, rows: NDArray[np.int64] | None) -> list[NDArray[np.bool_]] | None:
        """Return rows as one mask a segment; None for all that are alive."""
        if rows is None or len(rows) == self.n_alive:
            return None
        chosen = np.zeros(int(self.starts[-1]), np.bool_)
        chosen[rows] = True
        return np.split(chosen, self.starts[1:-1])

    def _postings(self, part: str) -> list[Postings]:
        return [getattr(segment, part) for segment in self.segments]


@dataclass(frozen=True, eq=False)
class IndexView:
    """One published state of the whole index; requests hold it from start to end.

    Attributes:
        generation: Name of the generation on disk it is based on; `memory-…` when that could
            not be written.
        seq: Newest change of the change log it contains.
        fingerprint: Encoder the vectors were made with.
        kinds: The documents by kind.
        step: How many times part of a longer queue of changes was published since `seq`.
        mark: What the change log says at `seq`; empty before the first change.
    """

    generation: str
    seq: int
    fingerprint: str
    kinds: Mapping[Entity, KindView]
    step: int = 0
    mark: str = ""

    @property
    def version(self) -> str:
        """What replies carry: generation, newest change and, within a queue, the step."""
        return f"{self.generation}.{self.position}" + (f"+{self.step}" if self.step else "")

    @property
    def position(self) -> Position:
        """How far of the change log it contains."""
        return Position(self.seq, self.mark)

    def prepare(self) -> None:
        """Work out what the first search would have to wait for."""
        for view in self.kinds.values():
            view.prepare()

    def of(self, kind: Entity) -> KindView:
        """Return the documents of one kind, none when the index has no such kind."""
        return self.kinds.get(kind, KindView((), ()))
