"""Keeping every ranking that is shown, without making anybody wait for it.

Who asks is answered from memory; writing waits for the one writer a database has at a time. So
a run is put into a short queue, and a thread writes what has gathered in one transaction. Where
the queue is full or the database away, runs are dropped and counted; answers never are.
"""

import logging
import queue
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from api.metrics import Metrics
from indexer.types import Document
from matcher.pipeline import MatchRequest
from matcher.record import Basis, RunRecord, question_hash, recorded, recorded_thresholds
from matcher.types import Filters, MatchResult
from models.base import hash_texts, now_utc
from models.database import Database
from models.errors import NavmatchError
from models.match_run import keep_runs, new_run_id
from models.sight import own_id
from models.viewer import Viewer, acting_as, current_viewer, system
from models.vocabulary.matching import Band

MAX_WAITING: Final = 1_000
"""Runs that wait to be written: about 5 MB."""

MAX_AT_ONCE: Final = 100
"""Runs written in one transaction."""

STOP_S: Final = 5.0
"""How long a stop waits for what is still to be written."""

FLUSH_S: Final = 2.0
"""How long whoever asks for a run waits for those still to be written."""

_log = logging.getLogger("navmatch.runs")

Columns = dict[str, Any]


class Runs:
    """The runs of one process on their way to the database."""

    def __init__(self, database: Database, metrics: Metrics, *, is_kept: bool = True) -> None:
        """Make it.

        Args:
            database: Where they are kept.
            metrics: Told of those that were lost.
            is_kept: Whether runs are recorded at all.
        """
        self._database = database
        self._metrics = metrics
        self._is_kept = is_kept
        self._waiting: queue.Queue[Columns | None] = queue.Queue(MAX_WAITING)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def note(self, run: Columns) -> str | None:
        """Keep a run; returns its key, or None when it will not be kept."""
        if not self._is_kept:
            return None
        try:
            self._waiting.put_nowait(run)
        except queue.Full:
            self._metrics.note_lost_runs(1)
            return None
        self._start()
        return str(run["id"])

    def flush(self, seconds: float = FLUSH_S) -> None:
        """Wait until everything noted is written or lost, though not for ever: more may come."""
        until = time.monotonic() + seconds
        with self._waiting.all_tasks_done:
            while self._waiting.unfinished_tasks and (left := until - time.monotonic()) > 0:
                self._waiting.all_tasks_done.wait(left)

    def stop(self) -> None:
        """Write what waits, for a few seconds at most."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            with suppress(queue.Full):  # the database is away: what waits is lost either way
                self._waiting.put(None, timeout=STOP_S)
                thread.join(STOP_S)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="match-runs", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            first = self._waiting.get()
            gathered = [first, *self._more()]
            self._write([run for run in gathered if run is not None])
            for _ in gathered:
                self._waiting.task_done()
            if None in gathered:
                return

    def _more(self) -> list[Columns | None]:
        found: list[Columns | None] = []
        while len(found) < MAX_AT_ONCE:
            try:
                found.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        return found

    def _write(self, runs: list[Columns]) -> None:
        if not runs:
            return
        try:
            with acting_as(system("runs")), self._database.write() as session:
                keep_runs(session, runs)
        except NavmatchError as error:
            self._metrics.note_lost_runs(len(runs))
            _log.warning("%d runs not kept: %s", len(runs), error.message)
        except Exception:
            self._metrics.note_lost_runs(len(runs))
            _log.exception("%d runs not kept", len(runs))


def run_of(
    asked_id: str | None,
    request: MatchRequest,
    result: MatchResult,
    basis: Basis,
) -> Columns:
    """Return the columns of the run an answer is, as it is shown to whoever asks now."""
    viewer = current_viewer()
    record = RunRecord(
        direction=request.direction,
        basis=basis,
        request=_wanted(request),
        viewer=_told(viewer),
        weights=dict(result.weights),
        thresholds=recorded_thresholds(result),
        seed=request.seed,
        matches=recorded(result),
    )
    return {
        "id": new_run_id(),
        "created_at": now_utc(),
        "owner_id": own_id(viewer),
        "owner_region": viewer.region_code,
        "direction": request.direction,
        "asked_id": asked_id,
        "record": record.to_json(),
    }


def seed_of(day: str, asking: Sequence[Document]) -> int:
    """Return the seed of a question on a day: the same for whoever asks the same that day."""
    return int(hash_texts([day, question_hash(asking)])[:8], 16)


def _wanted(request: MatchRequest) -> dict[str, Any]:
    """Return what was wanted; words to be found are a text of somebody's, and leave a hash."""
    filters = request.filters
    return {
        "k": request.k,
        "fold": request.fold,
        "include_weak": request.include_weak,
        "ceiling": request.ceiling,
        "weights": None if request.weights is None else dict(request.weights),
        "regions": list(filters.regions),
        "serves": list(filters.serves),
        "industries": list(filters.industries),
        "scenarios": list(filters.scenarios),
        "credentials": list(filters.credentials),
        "exclude_ids": sorted(filters.exclude_ids),
        "text_hash": hash_texts([filters.text]) if filters.text else None,
    }


def request_of(record: RunRecord, viewer: Viewer) -> MatchRequest:
    """Return the request a recorded ranking answered, for whoever it was shown to."""
    wanted = record.request
    filters = Filters(
        regions=tuple(wanted["regions"]),
        serves=tuple(wanted["serves"]),
        industries=tuple(wanted["industries"]),
        scenarios=tuple(wanted["scenarios"]),
        credentials=tuple(wanted["credentials"]),
        viewer=viewer,
        exclude_ids=frozenset(wanted["exclude_ids"]),
    )
    return MatchRequest(
        direction=record.direction,
        k=wanted["k"],
        filters=filters,
        weights=wanted["weights"],
        explain=False,
        fold=wanted["fold"],
        include_weak=wanted.get("include_weak", True),
        ceiling=Band(wanted["ceiling"]),
        seed=record.seed,
    )


def _told(viewer: Viewer) -> dict[str, str | None]:
    """Return what decided what a viewer sees; not who they are."""
    return {
        "role": viewer.role.value,
        "organisation_id": viewer.organisation_id,
        "region_code": viewer.region_code,
    }
