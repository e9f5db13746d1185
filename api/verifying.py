"""Whether an installation is whole: its rows as they were written, its index as its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from api.damage import Damage
from api.wiring import Service
from indexer.building import Builder
from indexer.comparison import Difference, content_digest, differences, documents_of
from indexer.documents import KINDS
from indexer.errors import IndexDamagedError, IndexStaleError
from indexer.snapshot import (
    Generation,
    drop_generation,
    generation_names,
    load_generation,
    load_newest,
)
from indexer.state import ByKind, IndexState
from indexer.view import IndexView
from models.errors import NavmatchError
from models.position import Position
from models.verification import RowFault, accept, mend, row_faults
from models.viewer import acting_as, system

CHANGES_AT_ONCE: Final = 2_000
ATTEMPTS: Final = 5
"""How often it is tried to look at index and database at the same change."""

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class IndexVerdict:
    """What was found out about an index.

    Attributes:
        damage: What is wrong with each generation on disk, by name; None where nothing is.
        version: What the newest one holds once changes since are taken up; None without one.
        n_documents: Documents compared.
        n_waiting: Documents nobody has encoded yet; no fault.
        n_unencoded: Documents the encoder failed at: found by their words alone until it is tried
            again.
        differences: Documents on which index and database differ.
        index_digest: Digest of what the index holds, documents aside that wait or changed just now.
        database_digest: Digest of what it should hold of them.
    """

    damage: Mapping[str, str | None]
    version: str | None = None
    n_documents: int = 0
    n_waiting: int = 0
    n_unencoded: int = 0
    differences: tuple[Difference, ...] = ()
    index_digest: str = ""
    database_digest: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing needs to be done; an index that was never built is made when needed."""
        return not any(self.damage.values()) and not self.differences and self.is_equal

    @property
    def is_equal(self) -> bool:
        """Whether index and database have the same digest."""
        return self.index_digest == self.database_digest


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out about an installation.

    Attributes:
        n_rows: Rows read.
        row_faults: Rows that are not as they were written.
        index: What was found out about the index; None when nobody asked.
        damage: What somebody put in use and cannot be used, and why.
    """

    n_rows: int
    row_faults: tuple[RowFault, ...]
    index: IndexVerdict | None = None
    damage: Mapping[Damage, NavmatchError] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether nothing needs to be done."""
        is_index_whole = self.index is None or self.index.is_whole
        return not self.row_faults and is_index_whole and not self.damage


@dataclass
class _Count:
    n: int = 0
    told: Told | None = field(default=None)

    def __call__(self, done: int, total: int) -> None:
        self.n = done
        if self.told is not None:
            self.told(done, total)


class Verifier:
    """Looks through an installation; changes nothing unless told to repair."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def rows(self, told: Told | None = None) -> Verdict:
        """Read every row and compare it with its seal."""
        count = _Count(told=told)
        with acting_as(system("verify")), self._service.database.read(unhurried=True) as session:
            faults = tuple(row_faults(session, count))
        return Verdict(count.n, faults)

    def index(self) -> IndexVerdict:
        """Load every generation, and compare the newest with the database."""
        folder = self._service.settings.index_dir
        recipe = self._service.synchroniser.recipe
        damage: dict[str, str | None] = {}
        for name in generation_names(folder):
            try:
                load_generation(folder / name, recipe, self._is_known)
                damage[name] = None
            except IndexStaleError:
                damage[name] = None
            except IndexDamagedError as error:
                damage[name] = error.message
        newest = load_newest(folder, recipe, self._is_known)
        if newest is None:
            return IndexVerdict(damage)
        return self._compare(damage, newest)

    def files(self) -> Mapping[Damage, NavmatchError]:
        """Look at what somebody put in use."""
        return self._service.file_watch.look()

    def repair(self, verdict: Verdict, told: Told | None = None) -> None:
        """Mend what can be made again: seals never made, damaged vectors, the index."""
        with acting_as(system("verify")), self._service.database.write() as session:
            mend(session, verdict.row_faults)
        if verdict.index is not None and not verdict.index.is_whole:
            self._service.synchroniser.rebuild(told)
            for name in filter(verdict.index.damage.get, verdict.index.damage):
                drop_generation(self._service.settings.index_dir, name)

    def accept(self, verdict: Verdict) -> int:
        """Take changed rows for right as they stand; returns how many."""
        with acting_as(system("verify")), self._service.database.write() as session:
            return accept(session, verdict.row_faults)

    def _is_known(self, seq: int, mark: str) -> bool:
        return self._service.source.mark(seq) == mark

    def _compare(self, damage: Mapping[str, str | None], newest: Generation) -> IndexVerdict:
        """Take up what changed since a generation, and compare it with the database."""
        builder = Builder(self._service.embedder, self._service.segmenter, KINDS)
        state, waiting = builder.state_of(newest.segments), set[str]()
        position = Position(newest.seq, newest.mark)
        truth: ByKind = {}
        for _ in range(ATTEMPTS):
            position = self._follow(builder, state, position, waiting)
            moment, truth = self._service.source.everything()
            if moment.seq == position.seq:
                break
        view = IndexView(
            newest.name, position.seq, builder.recipe.fingerprint, state.views, 0, position.mark
        )
        touched = self._service.source.changes(position.seq, CHANGES_AT_ONCE).touched
        busy = waiting.union(*touched.values())
        known, segmenter = self._service.embedder.embed_known, self._service.segmenter
        found = differences(view, truth, known, segmenter)
        return IndexVerdict(
            damage=damage,
            version=view.version,
            n_documents=sum(map(len, truth.values())),
            n_waiting=len(waiting),
            n_unencoded=sum(len(kind.unencoded) for kind in view.kinds.values()),
            differences=tuple(d for d in found if d.id not in busy),
            index_digest=content_digest(d for d in documents_of(view) if d.id not in busy),
            database_digest=content_digest(
                d for rows in truth.values() for d in rows if d.id not in busy
            ),
        )

    def _follow(
        self, builder: Builder, state: IndexState, position: Position, waiting: set[str]
    ) -> Position:
        """Take up all changes after a place; note the documents nobody has encoded yet."""
        is_all = False
        while not is_all:
            changes = self._service.source.changes(position.seq, CHANGES_AT_ONCE)
            waiting.update(d.id for d in builder.take_up_known(state, changes))
            position = Position(changes.seq, changes.mark) if changes.mark else position
            is_all = changes.is_all
        return position
