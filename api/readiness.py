"""Whether the service can answer, and what it lacks; asked every second by whoever watches.

The database is asked every time, so that who sees no lag knows that everything written before
his question has been followed.
"""

import asyncio
import math
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from api.damage import Damage
from api.wiring import Service
from indexer.encoder_process.client import ProcessEncoder
from models import repository
from models.errors import NavmatchError
from models.viewer import acting_as, system

PATIENCE_S: Final = 1.0
"""How long database and encoder may take to say that they are there."""

KEPT_S: Final = 1.0
"""How long the answer of the encoder counts, however many ask."""

LEADER_SILENT_S: Final = 60.0
"""How long the process that writes the index may give no sign of life, which it does every 5 s."""

ResultT = TypeVar("ResultT")


class Lack(StrEnum):
    """What the service lacks; the first five mean that it cannot answer as it should."""

    DATABASE = "database_unreachable"
    INDEX = "index_not_open"
    FOLLOWER = "index_not_following"
    LAG = "index_lagging"
    ENCODER = "encoder_unavailable"
    SAVING = "index_not_saved"
    LEADER = "index_leader_silent"
    HEADS = "audit_heads_not_noted"
    RANKER = Damage.RANKER.value
    ADAPTER = Damage.ADAPTER.value
    IPC_TABLE = Damage.IPC_TABLE.value


GRAVE: Final = frozenset({Lack.DATABASE, Lack.INDEX, Lack.FOLLOWER, Lack.LAG, Lack.ENCODER})
"""Lacks with which no requests should be sent here."""


@dataclass(frozen=True, slots=True)
class State:
    """How the service stood when it was looked at.

    Attributes:
        lacks: What it lacked, gravest first.
        version: State of the index; None while there is none.
        lag: Changes the index has not followed yet; None when that is not known.
    """

    lacks: tuple[Lack, ...]
    version: str | None
    lag: int | None

    @property
    def is_ready(self) -> bool:
        """Whether requests should be sent here."""
        return not GRAVE.intersection(self.lacks)


class Probe(Generic[ResultT]):
    """Asks something that may hang, never twice at a time, and gives up waiting."""

    def __init__(self, ask: Callable[[], ResultT], name: str) -> None:
        self._ask = ask
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._asked: Future[ResultT] | None = None

    async def answer(self, otherwise: ResultT) -> ResultT:
        """Return the answer, or something else when none comes in time."""
        if self._asked is None or self._asked.done():
            self._asked = self._pool.submit(self._ask)
        waiting = asyncio.wrap_future(self._asked)
        done, _ = await asyncio.wait({waiting}, timeout=PATIENCE_S)
        return waiting.result() if done else otherwise

    def close(self) -> None:
        """Ask no more; what hangs is left to end by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class Readiness:
    """Looks at the service: one look after the other, and one for all who wait for the next."""

    def __init__(self, service: Service, kept_s: float = KEPT_S) -> None:
        self._service = service
        self._kept_s = kept_s
        self._database: Probe[int | None] = Probe(self._newest_change, "ready-database")
        self._encoder: Probe[bool] = Probe(self._encoder_answers, "ready-encoder")
        self._latest: asyncio.Task[State] | None = None
        self._next: asyncio.Task[State] | None = None
        self._encodes = False
        self._encoded_at = -math.inf

    async def state(self) -> State:
        """Return how the service stands, looked at after the question was asked."""
        if self._next is None:
            self._next = asyncio.create_task(self._look_after(self._latest))
        return await asyncio.shield(self._next)

    def close(self) -> None:
        """Look no more."""
        self._database.close()
        self._encoder.close()

    async def _look_after(self, latest: asyncio.Task[State] | None) -> State:
        if latest is not None:
            await asyncio.wait({latest})
        self._latest, self._next = self._next, None
        return await self._look()

    async def _look(self) -> State:
        newest, encodes = await asyncio.gather(self._database.answer(None), self._can_encode())
        service = self._service
        view = service.synchroniser.view if service.synchroniser.is_open else None
        lag = None if view is None or newest is None else max(newest - view.seq, 0)
        follows = service.follower.is_running and service.follower.last_error is None
        found = {
            Lack.DATABASE: newest is None,
            Lack.INDEX: view is None,
            Lack.FOLLOWER: not follows,
            Lack.LAG: lag is not None and lag > service.settings.ready_lag,
            Lack.ENCODER: not encodes,
            Lack.SAVING: service.synchroniser.save_error is not None,
            Lack.LEADER: service.synchroniser.leader_silent_s > LEADER_SILENT_S,
            Lack.HEADS: service.auditing.heads_error is not None,
            **{Lack(damage): damage in service.file_watch.found for damage in Damage},
        }
        lacks = tuple(lack for lack, is_lacking in found.items() if is_lacking)
        return State(lacks, view.version if view else None, lag)

    async def _can_encode(self) -> bool:
        if not self._encodes or time.monotonic() - self._encoded_at >= self._kept_s:
            self._encodes = await self._encoder.answer(otherwise=False)
            self._encoded_at = time.monotonic()
        return self._encodes

    def _newest_change(self) -> int | None:
        try:
            with acting_as(system("readiness")), self._service.database.read() as session:
                return repository.last_seq(session)
        except NavmatchError:
            return None

    def _encoder_answers(self) -> bool:
        encoder = self._service.embedder.encoder
        if isinstance(encoder, ProcessEncoder):
            return encoder.is_answering(PATIENCE_S)
        return True
