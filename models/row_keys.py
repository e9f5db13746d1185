"""Keys of rows: they grow with every row, whatever the clock of the machine does.

Lists are in the order of keys. A clock that jumped back would put what is new behind what is
old, so keys do not ask it again after the start: they follow the time that passed since, from
the newest key any process is known to have given.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterable
from typing import Final

from ulid import ULID

_RANDOM_BITS: Final = 80
_STEP_BITS: Final = 64
"""Keys of one millisecond differ by a random step, so that none can be guessed from another."""


FURTHEST_MS: Final = 400 * 86_400_000
"""A key further ahead was given by no clock that anybody has set; it is not followed."""


class KeyClock:
    """Gives ULIDs of which each is greater than all before it, and than all it was shown."""

    def __init__(
        self,
        wall_s: Callable[[], float] = time.time,
        passed_s: Callable[[], float] | None = None,
    ) -> None:
        """Read the clocks once.

        Args:
            wall_s: Seconds since 1970.
            passed_s: Seconds since any fixed moment, sleep of the machine included.
        """
        self._passed_s = passed_s or _passed_s
        self._offset_s = wall_s() - self._passed_s()
        self._last = 0
        self._lock = threading.Lock()

    def next(self) -> str:
        """Return a fresh ULID."""
        now_ms = self._now_ms()
        fresh = (now_ms << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
        with self._lock:
            if now_ms <= self._last >> _RANDOM_BITS:
                fresh = self._last + 1 + secrets.randbits(_STEP_BITS)
            self._last = fresh
        return str(ULID(fresh.to_bytes(16, "big")))

    def show(self, keys: Iterable[str]) -> None:
        """Let every key from now on be greater than these; what is no key of ours is ignored."""
        furthest = int(self._now_ms() + FURTHEST_MS) << _RANDOM_BITS
        values = [value for key in keys if (value := _value_of(key)) < furthest]
        with self._lock:
            self._last = max([self._last, *values])

    def _now_ms(self) -> int:
        return int((self._offset_s + self._passed_s()) * 1000)


def _value_of(key: str) -> int:
    """Return the number a key stands for; 0 for what is no key of ours."""
    try:
        return int.from_bytes(bytes(ULID.from_str(key.rpartition("_")[2])), "big")
    except ValueError:
        return 0


def _passed_s() -> float:
    """Return seconds since the start of the machine, those it slept included where it can tell."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


_clocks: Final[list[KeyClock]] = []
_making: Final = threading.Lock()


def key_clock() -> KeyClock:
    """Return the clock of this process, made when it is first asked for."""
    with _making:
        if not _clocks:
            _clocks.append(KeyClock())
        return _clocks[0]
