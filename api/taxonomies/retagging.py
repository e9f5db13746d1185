"""Tagging stored texts by the taxonomy in force: in small steps, going on where it stopped."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from api.intake.scope import scope_of, settle
from api.intake.tagging import scenario_assignments
from indexer.annotate.annotate import Annotator
from indexer.annotate.types import Tag
from indexer.text import canonicalise
from models import repository, taxonomies
from models.audit_trail import enter_in_one
from models.base import Row, now_utc
from models.case import Case
from models.database import Database, Session
from models.demand import Demand
from models.errors import ConflictError
from models.occasion import Occasion, during
from models.provider import Capability
from models.taxonomy import ScenarioTaxonomy
from models.taxonomy_version import Retagging
from models.viewer import acting_as, system
from models.vocabulary.demand import DemandState
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import RetaggingState, Scheme, TagSource

ROWS_AT_ONCE: Final = 16
"""Texts of one step, about a second of work: what a stop can lose."""

THREAD: Final = "retagging"
"""Name of the thread that tags beside the requests."""

LOOK_EVERY_S: Final = 20.0
"""Seconds between two looks for a round somebody else had to leave."""

Told = Callable[[int, int], None]
"""Told how many of how many texts are done."""

_log = logging.getLogger("navmatch.taxonomy")


class RetaggingBusyError(ConflictError):
    """Another process works on the round under way."""


class Retagger:
    """Works through all stored texts; what a person has set is never touched.

    Every step is one transaction with the place it reached, so a process that dies loses one
    step, and whoever comes next goes on from there.
    """

    def __init__(
        self,
        database: Database,
        annotator: Annotator,
        taxonomy: ScenarioTaxonomy,
        committed: Callable[[], None],
    ) -> None:
        """Make it; `committed` is called after every step."""
        self._database = database
        self._annotator = annotator
        self._taxonomy = taxonomy
        self._committed = committed
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._looked_s = time.monotonic()

    def newest(self) -> Retagging | None:
        """Return the round begun last."""
        with self._database.read() as session:
            return taxonomies.newest_retagging(session)

    def begin(self) -> Retagging:
        """Return the round under way for the taxonomy in force, begun now if there was none."""
        with self._database.write() as session:
            return taxonomies.begin_retagging(session, self._taxonomy.version)

    def begin_aside(self) -> Retagging:
        """Begin a round and let a thread of this process work on it."""
        begun = self.begin()
        self._database.when_committed(self._work_aside)
        return begun

    def look(self) -> None:
        """Go on with a round whose process is gone; asks the database every 20 seconds only."""
        if time.monotonic() - self._looked_s >= LOOK_EVERY_S:
            self._looked_s = time.monotonic()
            newest = self._free_round()
            if newest is not None:
                self._work_aside()

    def stop(self) -> None:
        """Stop after the step under way; the round goes on elsewhere or later."""
        self._stopping.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join()

    def work(self, told: Told = lambda done, total: None) -> Retagging | None:
        """Work on the round under way to its end; returns it, None when there is none to do.

        Raises:
            RetaggingBusyError: another process works on it.
        """
        with acting_as(system("retagging")), during(Occasion("retagging")):
            with self._database.write() as session:
                held = taxonomies.claim(session, now_utc())
                newest = held or taxonomies.newest_retagging(session)
            if held is None:
                if newest is not None and newest.state == RetaggingState.RUNNING:
                    raise RetaggingBusyError("另一个进程正在重新标注，请稍后查看进度。")
                return None
            while not self._stopping.is_set():
                held = self._step(held.id)
                self._committed()
                told(held.n_done, held.n_total)
                if held.state != RetaggingState.RUNNING:
                    break
        return held

    def _free_round(self) -> Retagging | None:
        with acting_as(system("retagging")):
            newest = self.newest()
        if newest is None or newest.state != RetaggingState.RUNNING:
            return None
        is_held = newest.held_until is not None and newest.held_until > now_utc()
        return None if is_held else newest

    def _work_aside(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        self._thread = threading.Thread(target=self._try_to_work, name=THREAD, daemon=True)
        self._thread.start()

    def _try_to_work(self) -> None:
        try:
            self.work()
        except RetaggingBusyError:
            pass
        except Exception:
            _log.exception("tagging anew stopped; it goes on from there at the next look")

    def _step(self, round_id: str) -> Retagging:
        """Tag the next texts and store how far it came, in one transaction."""
        with self._database.read() as session:
            round_ = session.get_one(Retagging, round_id)
            rows = taxonomies.next_rows(session, round_.kind, round_.after_id, ROWS_AT_ONCE)
        texts = [_text_of(row) for row in rows]
        found = self._annotator.scenarios_many(texts) if texts else []
        with self._database.write() as session:
            enter_in_one(session)
            reached = round_.kind, round_.after_id
            round_ = session.get_one(Retagging, round_id, with_for_update=True)
            is_over = round_.state != RetaggingState.RUNNING
            if is_over or (round_.kind, round_.after_id) != reached:  # somebody else was here
                return round_
            tagged = dict(zip([row.id for row in rows], (f.tags for f in found), strict=True))
            for row in _unchanged(session, rows):
                self._retag(session, round_, row, tagged[row.id])
            _advance(round_, rows)
            if round_.state == RetaggingState.DONE:
                taxonomies.record_round(session, round_)
        return round_

    def _retag(self, session: Session, round_: Retagging, row: Row, tags: Sequence[Tag]) -> None:
        stored = repository.assignments_of(session, row.entity, [row.id])
        own = [tag for tag in stored if tag.scheme == Scheme.SCENARIO]
        if any(tag.source != TagSource.AUTO for tag in own):
            round_.n_kept += 1
            return
        fresh = scenario_assignments(row, tags, rejects=isinstance(row, Demand))
        if [t.code for t in fresh] == [t.code for t in sorted(own, key=lambda t: -t.confidence)]:
            return
        repository.replace_tags(session, row, TagSource.AUTO, [Scheme.SCENARIO], fresh)
        round_.n_changed += 1
        row.updated_at = now_utc()
        if isinstance(row, Demand):
            others = [tag for tag in stored if tag.scheme != Scheme.SCENARIO]
            settle(row, scope_of([*others, *fresh]))
            round_.n_rejected += row.state == DemandState.REJECTED


def _advance(round_: Retagging, rows: Sequence[Row]) -> None:
    """Note how far a round has come, and end it after the last row of the last kind."""
    round_.n_done += len(rows)
    round_.held_until = now_utc() + taxonomies.HELD_FOR
    if rows:
        round_.after_id = rows[-1].id
    if len(rows) < ROWS_AT_ONCE:
        round_.kind, round_.after_id = round_.kind + 1, ""
    if round_.kind == len(taxonomies.RETAGGED):
        round_.state, round_.ended_at = RetaggingState.DONE, now_utc()


def _unchanged(session: Session, rows: Sequence[Row]) -> list[Row]:
    """Return the rows as they are now; one changed since its text was read is read by itself."""
    if not rows:
        return []
    fresh = repository.rows_by_id(session, type(rows[0]), [row.id for row in rows])
    versions = {row.id: row.version for row in rows}
    return [row for row in fresh.values() if row.version == versions[row.id]]


def _text_of(row: Row) -> tuple[str, str]:
    """Return title and body of a row, canonical."""
    if isinstance(row, Demand):
        title, body = row.title, row.body()
    elif isinstance(row, Capability):
        title, body = row.title, row.description
    elif isinstance(row, Case):
        title, body = row.title, row.summary
    else:
        raise TypeError(Entity(row.entity))
    return canonicalise(title), canonicalise(body)
