import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.metrics import Metrics, clear_folder, forget_worker
from models.stages import Stage

WORKER = """
import sys
from pathlib import Path
from api.metrics import Metrics
from models.stages import Stage
metrics = Metrics(Path(sys.argv[1]))
metrics.note_request("match", 200, 0.02)
metrics.note_stages("match", {Stage.SCORE: 0.01})
metrics.set_gauge("index_rows", "rows", int(sys.argv[2]), kind="demand")
import os
print(os.getpid())
"""


def values(text: bytes) -> dict[tuple[str, ...], float]:
    """Every value by name and labels."""
    return {
        (sample.name, *(f"{k}={v}" for k, v in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def test_requests_are_counted_and_timed(metrics: Metrics) -> None:
    for seconds in (0.02, 0.3):
        metrics.note_request("match", 200, seconds)
    metrics.note_request("match", 503, 0.001)
    found = values(metrics.exposition())
    assert found["navmatch_responses_total", "operation=match", "status=200"] == 2
    assert found["navmatch_responses_total", "operation=match", "status=503"] == 1
    assert found["navmatch_request_seconds_count", "operation=match"] == 3
    assert found["navmatch_request_seconds_bucket", "le=0.025", "operation=match"] == 2


def test_stages_are_timed_by_operation(metrics: Metrics) -> None:
    metrics.note_stages("match", {Stage.ENCODE: 0.2, Stage.SCORE: 0.01})
    found = values(metrics.exposition())
    key = ("navmatch_stage_seconds_sum", "operation=match", "stage=encode")
    assert found[key] == pytest.approx(0.2)


def test_database_errors_are_taken_over_once(metrics: Metrics) -> None:
    metrics.note_database_errors({"OperationalError": 2})
    metrics.note_database_errors({"OperationalError": 3, "DataError": 1})
    found = values(metrics.exposition())
    assert found["navmatch_database_errors_total", "kind=OperationalError"] == 3
    assert found["navmatch_database_errors_total", "kind=DataError"] == 1


def test_gauge_says_what_was_set_last(metrics: Metrics) -> None:
    for n_rows in (3, 5):
        metrics.set_gauge("index_rows", "rows", n_rows, kind="demand")
    assert values(metrics.exposition())["navmatch_index_rows", "kind=demand"] == 5


def test_two_processes_have_their_own_figures() -> None:
    one, other = Metrics(), Metrics()
    one.note_request("match", 200, 0.1)
    assert 'operation="match"' not in other.exposition().decode()


def _worker(folder: Path, n_rows: int) -> int:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", WORKER, str(folder), str(n_rows)],
        env={"PROMETHEUS_MULTIPROC_DIR": str(folder), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def test_figures_of_workers_add_up(tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    clear_folder(folder)
    first, _ = _worker(folder, 3), _worker(folder, 5)
    metrics = Metrics(folder)
    found = values(metrics.exposition())
    assert found["navmatch_responses_total", "operation=match", "status=200"] == 2
    assert found["navmatch_stage_seconds_count", "operation=match", "stage=score"] == 2
    assert found["navmatch_index_rows", "kind=demand"] == 5

    forget_worker(folder, first)
    found = values(metrics.exposition())
    assert found["navmatch_responses_total", "operation=match", "status=200"] == 2

    clear_folder(folder)
    assert values(metrics.exposition()) == {}
