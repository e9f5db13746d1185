import gc
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.encoder import HashEncoder
from indexer.encoder_process.blame import LaneBoard, Suspicion, make_board
from indexer.encoder_process.jobs import Job, JobQueue
from indexer.encoder_process.lanes import Lanes
from indexer.encoder_process.wire import Outcome, Request, Role


@pytest.fixture
def nothing_collected() -> Iterator[None]:
    """Only what nobody refers to goes away."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("nothing_collected")
@pytest.mark.parametrize("due", [None, 1e9])
def test_answered_job_is_gone_without_the_collector(tmp_path: Path, due: float | None) -> None:
    queue = JobQueue()
    make_board(tmp_path / "board", 1)
    board = LaneBoard(tmp_path / "board", 1)
    lanes = Lanes(HashEncoder(), queue, board, Suspicion({}), lambda digest: None)
    lanes.start(1)
    job = Job(Request(Role.QUERY, ["功率模块侵权风险排查"], due))
    gone = threading.Event()
    weakref.finalize(job, gone.set)
    queue.put(job)
    assert job.wait().outcome is Outcome.DONE
    del job
    queue.put(following := Job(Request(Role.QUERY, ["下一个"], due)))  # a lane keeps its last job
    following.wait()
    assert gone.wait(10)
