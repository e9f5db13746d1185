"""The encoder as the service sees it: texts go to the process, vectors come back."""

import socket
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.encoder_process.wire import (
    Answer,
    HungUpError,
    Outcome,
    Request,
    Role,
    no_vectors,
    receive_answer,
    send_request,
)
from indexer.encoding import BATCH_TEXTS, OwnProcess, Tell, refuse_unclean
from indexer.errors import EncoderBusyError, EncoderRestartingError, TextRefusedError
from models.deadline import DeadlineError, due
from models.errors import UnavailableError

GREETING_S: Final = 60.0
"""Longest wait for a process to say who it is."""

PATIENCE_S: Final = 300.0
"""How long texts without a deadline are offered while the process is replaced or busy."""

STUCK_S: Final = 10.0
"""A lane that has been at one batch for longer encodes nothing in time."""

PAUSE_S: Final = 0.05
AGAIN_S: Final = 1.0
"""How long after the encoder failed at texts nobody waits for they are tried once more: what it
lacked, memory above all, may be there again."""

_IDLE_CONNECTIONS: Final = 64


class ProcessEncoder:
    """An `Encoder` that runs in another process.

    With a deadline (`models.deadline`) its texts go first, and it gives up in time. Without one
    they wait behind all others, and it offers them again until they are done.

    Attributes:
        fingerprint: That of the encoder in the process.
        dim: Length of its vectors.
        n_lost: How often the process went away in the middle of a request.
    """

    def __init__(self, address: Path) -> None:
        """Greet the process.

        Args:
            address: Unix socket of its owner.

        Raises:
            EncoderRestartingError: nobody answers there.
        """
        self._address = address
        self._idle: list[socket.socket] = []
        self._lock = threading.Lock()
        self._process = OwnProcess()
        self.n_lost = 0
        greeting = Request(Role.HELLO, due=time.monotonic() + GREETING_S)
        answer = self._ask(greeting)
        self.fingerprint = answer.fingerprint
        self.dim = int(answer.vectors.shape[1])

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts that search; (n, dim) float32, unit length.

        Raises:
            TextRejectedError: a text did not go through the sanitiser.
            TextRefusedError: a text killed the process before.
            EncoderRestartingError: the process died and another is not ready yet.
            EncoderBusyError: more wait than can be served.
            DeadlineError: the time is over.
        """
        refuse_unclean(texts)
        if not texts:
            return no_vectors(self.dim)
        moment = due()
        if moment is None:
            return self._encode_patiently(Role.QUERY, texts, None)
        answer = self._ask(Request(Role.QUERY, list(texts), moment))
        return self._vectors_of(answer)

    def encode_documents(
        self, texts: Sequence[str], progress: Tell | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of texts to be found; (n, dim) float32, unit length.

        A text that killed the process, or that it fails at, gets zeros, which say that its
        vector is not known: it is found by its words alone, and the rest of the index is built.

        Raises:
            TextRejectedError: a text did not go through the sanitiser.
            EncoderRestartingError: no process could be had for minutes.
        """
        refuse_unclean(texts)
        return self._encode_patiently(Role.DOCUMENT, texts, progress)

    def is_answering(self, within_s: float) -> bool:
        """Return whether the process says who it is in time, and none of its lanes is stuck."""
        try:
            answer = self._ask(Request(Role.HELLO, due=time.monotonic() + within_s))
        except UnavailableError:
            return False
        return answer.outcome is Outcome.DONE and answer.busy_s < STUCK_S

    def waiting(self, within_s: float) -> tuple[int, int] | None:
        """Return how many questions and batches of documents wait; None when nobody says so."""
        try:
            answer = self._ask(Request(Role.HELLO, due=time.monotonic() + within_s))
        except UnavailableError:
            return None
        return answer.waiting if answer.outcome is Outcome.DONE else None

    def close(self) -> None:
        """Close the connections that are not in use."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _encode_patiently(
        self, role: Role, texts: Sequence[str], progress: Tell | None
    ) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for start in range(0, len(texts), BATCH_TEXTS):
            part = list(texts[start : start + BATCH_TEXTS])
            vectors[start : start + len(part)] = self._encode_part(role, part)
            if progress is not None:
                progress(start + len(part), len(texts))
        return vectors

    def _encode_part(
        self, role: Role, texts: list[str], *, is_last_try: bool = False
    ) -> NDArray[np.float32]:
        """Return the vectors of a few texts, offered again until they are done."""
        vectors = np.zeros((len(texts), self.dim), np.float32)
        left = list(range(len(texts)))
        until = time.monotonic() + PATIENCE_S
        while left and time.monotonic() < until:
            answer = self._ask(Request(role, [texts[place] for place in left]))
            if answer.outcome is Outcome.DONE:
                vectors[left] = answer.vectors
                return vectors
            if role is Role.QUERY:
                _refuse_query(answer.outcome)
            if answer.outcome is Outcome.REFUSED:
                left = [place for n, place in enumerate(left) if n not in answer.refused]
            elif answer.outcome is Outcome.FAILED and is_last_try:
                vectors[left] = self._encode_singly(role, [texts[place] for place in left])
                return vectors
            else:
                is_last_try = answer.outcome is Outcome.FAILED
                time.sleep(AGAIN_S if is_last_try else PAUSE_S)
        if left:
            raise _restarting()
        return vectors

    def _encode_singly(self, role: Role, texts: list[str]) -> NDArray[np.float32]:
        """Return the vectors of texts one of which the encoder fails at; zeros for that one."""
        if len(texts) == 1:
            return np.zeros((1, self.dim), np.float32)
        parts = [self._encode_part(role, [text], is_last_try=True) for text in texts]
        return np.concatenate(parts)

    def _vectors_of(self, answer: Answer) -> NDArray[np.float32]:
        match answer.outcome:
            case Outcome.DONE:
                return answer.vectors
            case Outcome.REFUSED:
                raise _text_refused()
            case Outcome.BUSY:
                raise EncoderBusyError("同时处理的文本已达上限，请稍后重试。")
            case Outcome.LATE:
                raise _too_slow()
            case Outcome.SUSPECT:
                raise _restarting()
            case Outcome.FAILED:
                raise _failed()

    def _ask(self, request: Request) -> Answer:
        """Return the answer; a request its process died with is sent once more."""
        self._process.check()
        for again in (False, True, True):
            asked = Request(request.role, request.texts, request.due, again)
            try:
                return self._exchange(asked)
            except HungUpError:
                self.n_lost += 1
                self.close()  # those to the same process are dead too
        return Answer(Outcome.SUSPECT, no_vectors())

    def _exchange(self, request: Request) -> Answer:
        connection = self._take(request.due)
        try:
            connection.settimeout(_seconds_to(request.due))
            send_request(connection, request)
            answer = receive_answer(connection)
        except TimeoutError as error:
            connection.close()
            raise _too_slow() from error
        except BaseException:
            connection.close()
            raise
        with self._lock:
            if len(self._idle) < _IDLE_CONNECTIONS:
                self._idle.append(connection)
                return answer
        connection.close()
        return answer

    def _take(self, moment: float | None) -> socket.socket:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(_seconds_to(moment))
            connection.connect(str(self._address))
        except OSError as error:
            connection.close()
            raise _restarting() from error
        return connection


def _seconds_to(moment: float | None) -> float | None:
    return None if moment is None else max(moment - time.monotonic(), 0.001)


def _refuse_query(outcome: Outcome) -> None:
    if outcome is Outcome.REFUSED:
        raise _text_refused()
    if outcome is Outcome.FAILED:
        raise _failed()


def _restarting() -> EncoderRestartingError:
    return EncoderRestartingError("编码器正在重新启动，请稍后重试。")


def _failed() -> UnavailableError:
    return UnavailableError("编码器处理这段文字时出错，请改写后重试，或把请求编号告诉管理员。")


def _too_slow() -> DeadlineError:
    return DeadlineError("文本没有在时限内处理完，请稍后重试或缩短文本。")


def _text_refused() -> TextRefusedError:
    return TextRefusedError("这段文字会使编码器出错，已停止受理。请改写后再提交，或联系管理员。")
