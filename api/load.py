"""How much work is let in at once, and for whom."""

import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from api.errors import BusyError

ACTIVE_S: Final = 1.0
"""A caller counts as active for so long after it last asked."""

RESERVED: Final = 1
"""Places that nobody who already holds one may take."""

FEWEST: Final = 3
"""Places that are left however slow the machine is."""

AT_WORK: Final = 2
"""Searches of a process that compute at the same time; others wait in line. More would only take
the interpreter from each other, and from the loop that refuses what is too much."""

SHRINK: Final = 0.8
GROW: Final = 0.1
"""How the number of places follows what the machine can do: down at once, up step by step."""


class SearchSlots:
    """Places for work under way; used from the event loop only, so it needs no lock.

    With a bounded number in flight and a quick 503 for the rest, a server offered three times
    what it can do keeps answering at its full rate (66 of 65 a second, p99 240 ms); without
    it, 711 of 1,595 callers gave up (reliability measurements of this stack).

    Callers that ask at the same time share the places: none holds more than its part, and one
    place is always left to somebody who holds none. So one caller's noise costs itself.

    Where work takes longer than it should, fewer places are given: eight searches at once on a
    machine that is busy with something else would all miss their deadline, three are in time.
    """

    def __init__(
        self,
        limit: int,
        clock: Callable[[], float] = time.monotonic,
        target_s: float = math.inf,
    ) -> None:
        """Set how many places there are.

        Args:
            limit: Places in all.
            clock: Seconds that only go forward.
            target_s: Seconds a piece of work should take at most.
        """
        self._limit = limit
        self._clock = clock
        self._target_s = target_s
        self._allowed = float(limit)
        self._shrunk_at = -math.inf
        self._held: Counter[str] = Counter()
        self._active: OrderedDict[str, float] = OrderedDict()
        self._refused_at = -math.inf
        self.n_refused = 0

    @property
    def n_held(self) -> int:
        """How many places are taken."""
        return sum(self._held.values())

    @property
    def is_shedding(self) -> bool:
        """Whether somebody was refused a place within the last second."""
        return self._clock() - self._refused_at <= ACTIVE_S

    @contextmanager
    def take(self, caller: str = "") -> Iterator[None]:
        """Hold a place.

        Args:
            caller: Who asks; those without a name share one.

        Raises:
            BusyError: there is none for this caller.
        """
        if not self._has_place(caller):
            self.n_refused += 1
            self._refused_at = self._clock()
            raise BusyError("同时进行的检索已达上限，请稍后重试。")
        self._held[caller] += 1
        began = self._clock()
        try:
            yield
        finally:
            self._held[caller] -= 1
            if not self._held[caller]:
                del self._held[caller]
            self._learn(self._clock() - began)

    @property
    def n_places(self) -> int:
        """How many places there are at present."""
        return int(self._allowed)

    def _has_place(self, caller: str) -> bool:
        n_active = self._count_active(caller)
        n_free = self.n_places - self.n_held
        n_own = self._held[caller]
        if not n_own:
            return n_free > 0
        reserved = RESERVED if self.n_places > RESERVED else 0
        return n_free > reserved and n_own < max(1, self.n_places // n_active)

    def _learn(self, seconds: float) -> None:
        """Give fewer places when work took too long, and slowly more when it did not."""
        now = self._clock()
        if seconds <= self._target_s:
            self._allowed = min(self._allowed + GROW, self._limit)
        elif now - self._shrunk_at > self._target_s:  # those under way learnt of it together
            self._shrunk_at = now
            self._allowed = max(self._allowed * SHRINK, min(FEWEST, self._limit))

    def _count_active(self, caller: str) -> int:
        """Return how many callers ask at present, this one among them."""
        now = self._clock()
        self._active[caller] = now
        self._active.move_to_end(caller)
        while now - next(iter(self._active.values())) > ACTIVE_S:
            self._active.popitem(last=False)
        return len(self._active)
