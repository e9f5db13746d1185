"""Which text killed the process: what each lane was encoding stands in a file both can see.

The child writes before it calls native code, the owner reads after the child has died; the
child's crash report names the thread that fell. Where it names none (a kill from outside, no
memory) every lane is suspected. A text under suspicion is encoded alone from then on. One that
was there at a second crash is not encoded again. Kills prove nothing: a text that met two of
them is put off where nobody waits for it, and tried again later.
"""

import hashlib
import mmap
import re
import struct
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

from indexer.encoding import BATCH_TEXTS

DEATHS_ALLOWED: Final = 1
"""A text that was there at more crashes than this is refused."""

PUT_OFF_S: Final = 1_800.0
"""How long a text is put off after it was there at more kills than that."""

MAX_SUSPECTS: Final = 4_096
"""Texts remembered; the oldest is forgotten first."""

_DIGEST_BYTES: Final = 32
_HEAD: Final = struct.Struct("<QdI")
_LANE_BYTES: Final = _HEAD.size + BATCH_TEXTS * _DIGEST_BYTES
_FALLEN: Final = re.compile(r"^Current thread (0x[0-9a-f]+)", re.MULTILINE)


def digest_of(role: str, text: str) -> bytes:
    """Return the SHA-256 that stands for a text in a role; the text itself is not passed on."""
    return hashlib.sha256(f"{role}\0{text}".encode("utf-8", "surrogatepass")).digest()


class LaneBoard:
    """The file in which lanes say what they are at."""

    def __init__(self, path: Path, n_lanes: int) -> None:
        """Open the file, made empty and long enough by `make_board`."""
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), n_lanes * _LANE_BYTES)

    def begin(self, lane: int, digests: Sequence[bytes]) -> None:
        """Say what a lane begins to encode, at most a batch of texts."""
        start = lane * _LANE_BYTES
        body = b"".join(digests)
        self._map[start + _HEAD.size : start + _HEAD.size + len(body)] = body
        _HEAD.pack_into(self._map, start, threading.get_ident(), time.monotonic(), len(digests))

    def end(self, lane: int) -> None:
        """Say that a lane is done."""
        _HEAD.pack_into(self._map, lane * _LANE_BYTES, 0, 0.0, 0)

    @property
    def busy_s(self) -> float:
        """How long the slowest lane has been at the batch it is at; 0 when none is at work."""
        now = time.monotonic()
        return max((now - lane.began for lane in _lanes(self._map[:]) if lane.digests), default=0)


def make_board(path: Path, n_lanes: int) -> None:
    """Write an empty board for a new child."""
    path.write_bytes(bytes(n_lanes * _LANE_BYTES))


def suspects_on(board: bytes, report: str) -> list[bytes]:
    """Return the digests of the texts that may have killed the process that left these.

    Args:
        board: Content of the board.
        report: What the process wrote while it died.
    """
    fallen = _FALLEN.search(report)
    thread = int(fallen.group(1), 16) if fallen else None
    lanes = _lanes(board)
    running = [lane for lane in lanes if lane.ident == thread] if thread is not None else lanes
    return [digest for lane in running for digest in lane.digests]


def hanging_on(board: bytes, limit_s: float) -> list[bytes]:
    """Return the digests of the texts lanes have been at for longer than a time."""
    since = time.monotonic() - limit_s
    return [digest for lane in _lanes(board) if lane.began < since for digest in lane.digests]


def n_running_on(board: bytes) -> int:
    """Return how many lanes are at work."""
    return sum(bool(lane.digests) for lane in _lanes(board))


class _Lane(NamedTuple):
    """What stands on the board of a lane: its thread, since when it is at which texts."""

    ident: int
    began: float
    digests: list[bytes]


def _lanes(board: bytes) -> list[_Lane]:
    n_lanes = len(board) // _LANE_BYTES
    return [_lane(board, lane * _LANE_BYTES) for lane in range(n_lanes)]


def _lane(board: bytes, start: int) -> _Lane:
    ident, began, n_texts = _HEAD.unpack_from(board, start)
    first = start + _HEAD.size
    after = first + min(n_texts, BATCH_TEXTS) * _DIGEST_BYTES
    digests = [board[at : at + _DIGEST_BYTES] for at in range(first, after, _DIGEST_BYTES)]
    return _Lane(ident, began, digests)


@dataclass(frozen=True, slots=True)
class Deaths:
    """The deaths of processes a text was there at.

    Attributes:
        n_crashes: Those the text may have brought about.
        n_kills: Those that came from outside: somebody's signal, or no memory left on the host.
        last: Moment (monotonic clock, the same in all processes of a host) of the last.
    """

    n_crashes: int = 0
    n_kills: int = 0
    last: float = 0.0


class Suspicion:
    """Which texts were there when processes died; safe between threads."""

    def __init__(self, deaths: Mapping[bytes, Deaths] | None = None) -> None:
        self._deaths = OrderedDict(deaths or {})
        self._lock = threading.Lock()

    def is_suspect(self, digest: bytes) -> bool:
        """Return whether a text may have killed a process."""
        return digest in self._deaths

    def is_refused(self, digest: bytes) -> bool:
        """Return whether a text was there at too many crashes to be tried again."""
        return self._deaths.get(digest, Deaths()).n_crashes > DEATHS_ALLOWED

    def is_put_off(self, digest: bytes) -> bool:
        """Return whether a text is not tried now, unless somebody waits for it."""
        deaths = self._deaths.get(digest, Deaths())
        is_recent = time.monotonic() - deaths.last < PUT_OFF_S
        is_often = deaths.n_crashes + deaths.n_kills > DEATHS_ALLOWED
        return self.is_refused(digest) or (is_often and is_recent)

    def add(self, digests: Iterable[bytes], *, by_kill: bool = False) -> None:
        """Count a death; whether it came from outside makes a difference."""
        with self._lock:
            for digest in digests:
                before = self._deaths.pop(digest, Deaths())
                self._deaths[digest] = replace(
                    before,
                    n_crashes=before.n_crashes + (not by_kill),
                    n_kills=before.n_kills + by_kill,
                    last=time.monotonic(),
                )
            while len(self._deaths) > MAX_SUSPECTS:
                self._deaths.popitem(last=False)

    def clear(self, digest: bytes) -> None:
        """Forget a suspicion: the text was encoded and nothing happened."""
        with self._lock:
            self._deaths.pop(digest, None)

    def deaths(self) -> dict[bytes, Deaths]:
        """Return the deaths counted, by text."""
        with self._lock:
            return dict(self._deaths)
