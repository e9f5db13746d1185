"""Threads of the child that encode: one batch at a time, said on the board before it begins."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.encoder_process.blame import LaneBoard, Suspicion, digest_of
from indexer.encoder_process.jobs import Job, JobQueue
from indexer.encoder_process.wire import Answer, Outcome, Role, no_vectors
from indexer.encoding import Encoder, batches

_log = logging.getLogger("navmatch.encoder")

Cleared = Callable[[bytes], None]
"""Told the digest of a text that was suspected and did no harm."""


class Lanes:
    """All lanes of a child."""

    def __init__(
        self,
        encoder: Encoder,
        queue: JobQueue,
        board: LaneBoard,
        suspicion: Suspicion,
        cleared: Cleared,
    ) -> None:
        self._encoder = encoder
        self._queue = queue
        self._board = board
        self._suspicion = suspicion
        self._cleared = cleared

    def start(self, n_lanes: int) -> None:
        """Begin to work the queue off."""
        for lane in range(n_lanes):
            name = f"encoder-lane-{lane}"
            threading.Thread(target=self._run, args=(lane,), name=name, daemon=True).start()

    def _run(self, lane: int) -> None:
        while True:
            job = self._queue.take()
            try:
                self._advance(lane, job)
            except Exception as error:  # its words may repeat the text: only its kind is told
                _log.error("encoding %d texts failed: %s", len(job.request.texts), type(error))
                job.finish(Answer(Outcome.FAILED, no_vectors()))

    def _advance(self, lane: int, job: Job) -> None:
        """Work on a job; one that nobody waits for lets others pass after every batch."""
        job.lane = lane
        if job.steps is None:
            job.steps = self._steps(job)
        for answer in job.steps:
            if answer is not None:
                job.finish(answer)
                return
            if job.is_late:
                job.finish(Answer(Outcome.LATE, no_vectors()))
                return
            if job.request.due is None:
                self._queue.put_back(job)
                return

    def _steps(self, job: Job) -> Iterator[Answer | None]:
        """Yield nothing after each batch, and the answer at the end."""
        request = job.request
        digests = [digest_of(request.role, text) for text in request.texts]
        is_kept_back = self._suspicion.is_refused if request.due else self._suspicion.is_put_off
        refused = [place for place, digest in enumerate(digests) if is_kept_back(digest)]
        if refused:
            yield Answer(Outcome.REFUSED, no_vectors(), refused)
            return
        suspects = [i for i, d in enumerate(digests) if self._suspicion.is_suspect(d)]
        if suspects and request.again:
            yield Answer(Outcome.SUSPECT, no_vectors(), suspects)
            return
        vectors = np.zeros((len(request.texts), self._encoder.dim), np.float32)
        for batch in _plan(request.texts, suspects):
            named = [digests[place] for place in batch]
            self._board.begin(job.lane, named)
            try:
                vectors[batch] = self._encode(request.role, [request.texts[i] for i in batch])
            finally:  # not reached by what kills the process
                self._board.end(job.lane)
            if batch[0] in suspects:
                self._suspicion.clear(named[0])
                self._cleared(named[0])
            yield None
        yield Answer(Outcome.DONE, vectors)

    def _encode(self, role: Role, texts: list[str]) -> NDArray[np.float32]:
        if role is Role.QUERY:
            return self._encoder.encode_queries(texts)
        return self._encoder.encode_documents(texts)


def _plan(texts: Sequence[str], suspects: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places of texts encoded together; suspects alone, and last."""
    others = [place for place in range(len(texts)) if place not in suspects]
    for batch in batches([texts[place] for place in others]):
        yield [others[place] for place in batch]
    for place in suspects:
        yield [place]
