"""What an installation counts and times, in the form Prometheus reads.

Every label has few values: operations, stages, states; never a text, a key or an address.
Where several workers serve, each writes its figures to a folder they share, and whoever is asked
adds all of them up.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from starlette.datastructures import State

from matcher.types import MatchResult
from models.errors import NavmatchError
from models.stages import Stage
from models.vocabulary.matching import Direction

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_STAGE_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_NONE: Final = "none"


class Metrics:
    """The figures of one process.

    Args:
        folder: Where workers share their figures; None when there is one process.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._registry = CollectorRegistry()
        self._requests = self._histogram(
            "navmatch_request_seconds", "请求耗时。", ("operation",), _SECONDS
        )
        self._responses = self._counter("navmatch_responses", "答复数。", ("operation", "status"))
        self._stages = self._histogram(
            "navmatch_stage_seconds", "各阶段耗时。", ("operation", "stage"), _STAGE_SECONDS
        )
        self._matches = self._counter(
            "navmatch_matches", "检索答复中各档结果的条数。", ("direction", "band")
        )
        self._answers = self._counter(
            "navmatch_answers", "检索答复数，按最好的一档。", ("direction", "best")
        )
        self._lost_runs = self._counter(
            "navmatch_lost_runs", "来不及或没能写进数据库的排名记录数。", ()
        )
        self._refusals = self._counter(
            "navmatch_refusals", "因服务正忙等原因拒绝的请求数。", ("code",)
        )
        self._database_errors = self._counter(
            "navmatch_database_errors", "数据库报错次数。", ("kind",)
        )
        self._under_way = Gauge(
            "navmatch_requests_under_way",
            "正在处理的请求数。",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._gauges: dict[str, Gauge] = {}
        self._told: dict[str, float] = {}

    def note_under_way(self, change: int) -> None:
        """Count a request that begins (1) or ends (-1)."""
        self._under_way.inc(change)

    def note_request(self, operation: str, status: int, seconds: float) -> None:
        """Count a reply and the time it took."""
        self._requests.labels(operation).observe(seconds)
        self._responses.labels(operation, str(status)).inc()

    def note_stages(self, operation: str, seconds: Mapping[Stage, float]) -> None:
        """Count the time each stage of a request took."""
        for stage, spent in seconds.items():
            self._stages.labels(operation, stage.value).observe(spent)

    def note_answer(self, direction: Direction, result: MatchResult) -> None:
        """Count the bands of an answer."""
        for match in result.matches:
            self._matches.labels(direction.value, match.band.value).inc()
        best = result.matches[0].band.value if result.matches else _NONE
        self._answers.labels(direction.value, best).inc()

    def note_lost_runs(self, number: int) -> None:
        """Count rankings that were shown and could not be recorded."""
        self._lost_runs.inc(number)

    def note_refusal(self, code: str) -> None:
        """Count a request that was not let in, by the code of its problem."""
        self._refusals.labels(code).inc()

    def note_database_errors(self, totals: Mapping[str, int]) -> None:
        """Take over how often the database failed since the process began, by kind."""
        for kind, total in totals.items():
            new = total - self._told.get(kind, 0)
            self._told[kind] = total
            self._database_errors.labels(kind).inc(new)

    def set_gauge(
        self, name: str, about: str, value: float, *, over: str = "max", **labels: str
    ) -> None:
        """Say how much there is of something now.

        Args:
            name: Name without prefix.
            about: What it is, one Chinese sentence.
            value: How much.
            over: How the values of workers alive make one: max, min or sum.
            labels: Labels, the same names at each call.
        """
        gauge = self._gauges.get(name)
        if gauge is None:
            mode: Any = f"live{over}"
            gauge = self._gauges[name] = Gauge(
                f"navmatch_{name}",
                about,
                tuple(labels),
                registry=self._registry,
                multiprocess_mode=mode,
            )
        (gauge.labels(**labels) if labels else gauge).set(value)

    def exposition(self) -> bytes:
        """Return all figures, of all workers, as Prometheus reads them."""
        if self._folder is None:
            return generate_latest(self._registry)
        shared = CollectorRegistry()
        MultiProcessCollector(shared, str(self._folder))  # type: ignore[no-untyped-call]
        return generate_latest(shared)

    def _counter(self, name: str, about: str, labels: tuple[str, ...]) -> Counter:
        return Counter(name, about, labels, registry=self._registry)

    def _histogram(
        self, name: str, about: str, labels: tuple[str, ...], buckets: tuple[float, ...]
    ) -> Histogram:
        return Histogram(name, about, labels, registry=self._registry, buckets=buckets)


def count_refusal(state: State, error: NavmatchError) -> None:
    """Count a request that could not be served now among the figures of an application."""
    metrics: Metrics | None = getattr(state, "metrics", None)
    if metrics is not None:
        metrics.note_refusal(error.code)


def clear_folder(folder: Path) -> None:
    """Make the folder workers share, without the figures of an earlier run."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.db"):
        path.unlink(missing_ok=True)


def forget_worker(folder: Path, pid: int) -> None:
    """Leave out what a worker that ended had at the moment; what it counted stays."""
    mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]
