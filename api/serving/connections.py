"""All connections of a process: who is let in, and who has waited too long."""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from typing import Protocol

from api.addresses import counted_as
from api.serving.limits import SLOW_S, STALL_BYTES, SWEPT, ConnectionLimits


class Phase(StrEnum):
    """What a connection is at; the rest is what is left of a body that was answered already."""

    HEAD = "head"
    BODY = "body"
    REST = "rest"
    ANSWER = "answer"
    IDLE = "idle"


class Connection(Protocol):
    """A connection as its keeper sees it.

    Attributes:
        address: Where it comes from.
        phase: What it is at.
        since: Moment (clock of the event loop) it came to that.
        n_received: Bytes that came since it was last found to come steadily.
        steady_at: Moment of that, or of the change.
        n_waiting: Bytes of an answer not yet taken, when last looked at.
        waiting_since: Moment from which on nothing was taken; None while nothing waits.
    """

    address: str
    phase: Phase
    since: float
    n_received: int
    steady_at: float
    n_waiting: int
    waiting_since: float | None

    def n_unsent(self) -> int:
        """Return how many bytes of answers wait to be taken."""

    def give_up(self) -> None:
        """Say that the request took too long, if that can still be said, and close."""

    def cut(self) -> None:
        """Close at once."""


class ConnectionKeeper:
    """Keeps the connections of a process within their limits; used from the event loop only.

    Where there are too many, the slowest makes room: one that has not finished its headers, its
    body, or taking its answer, at last one that waits between requests. Thousands of half-open
    connections then cost each other their place, and nobody else.
    """

    def __init__(self, limits: ConnectionLimits) -> None:
        self._limits = limits
        self._open: dict[Connection, str] = {}  # with the address each counts for
        self._by_address: Counter[str] = Counter()
        self.n_refused = 0
        self.n_timed_out = 0

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Connection]:
        return iter(list(self._open))

    def let_in(self, connection: Connection) -> bool:
        """Take a connection in, making room for it if need be; returns False if there is none."""
        limits, address = self._limits, counted_as(connection.address)
        is_counted = connection.address not in limits.proxies
        if is_counted and self._by_address[address] >= limits.per_address:
            if not self._make_room(address, connection.since):
                return self._refuse()
        elif len(self._open) >= limits.total and not self._make_room(None, connection.since):
            return self._refuse()
        self._open[connection] = address
        self._by_address[address] += 1
        return True

    def forget(self, connection: Connection) -> None:
        """Take note that a connection is closed."""
        if connection in self._open:
            address = self._open.pop(connection)
            self._by_address[address] -= 1
            if not self._by_address[address]:
                del self._by_address[address]

    def sweep(self, now: float) -> None:
        """Look at the next `SWEPT` connections and close what has taken too long.

        All at once would keep those who speak from being answered meanwhile.

        Args:
            now: By the clock of the event loop.
        """
        for connection in list(islice(self._open, SWEPT)):
            self._open[connection] = self._open.pop(connection)  # last in turn from now on
            if self._is_late(connection, now):
                self.n_timed_out += 1
                connection.give_up()
            elif self._is_stalled(connection, now):
                self.n_timed_out += 1
                connection.cut()

    def _is_late(self, connection: Connection, now: float) -> bool:
        """Return whether a request does not come, or not steadily."""
        limits, since = self._limits, connection.since
        if connection.phase is Phase.HEAD:
            return now - since > limits.head_s
        if connection.phase is Phase.REST:
            return now - since > limits.body_s
        if connection.phase is not Phase.BODY:
            return False
        if now - connection.steady_at <= limits.body_s:
            return False
        wanted = limits.body_bytes_per_s * (now - connection.steady_at)
        is_steady = connection.n_received >= wanted and now - since <= limits.body_most_s
        connection.steady_at, connection.n_received = now, 0
        return not is_steady

    def _is_stalled(self, connection: Connection, now: float) -> bool:
        """Return whether an answer waits of which nothing worth mention was taken for long."""
        n_unsent = connection.n_unsent()
        if not n_unsent:
            connection.waiting_since = None
            return False
        has_taken = connection.n_waiting - n_unsent >= STALL_BYTES
        if connection.waiting_since is None or has_taken:
            connection.waiting_since, connection.n_waiting = now, n_unsent
        elif n_unsent > connection.n_waiting:  # more of the answer came to it
            connection.n_waiting = n_unsent
        return now - connection.waiting_since > self._limits.stall_s

    def _make_room(self, address: str | None, now: float) -> bool:
        """Close the slowest connection, of an address or of all; returns whether there was one."""
        slowest: tuple[int, float, Connection] | None = None
        for connection, counted in self._open.items():
            if address in (None, counted):
                place = _place(connection, now)
                if place is not None and (slowest is None or place < slowest[:2]):
                    slowest = (*place, connection)
        if slowest is None:
            return False
        self.forget(slowest[2])
        slowest[2].cut()
        return True

    def _refuse(self) -> bool:
        self.n_refused += 1
        return False


def _place(connection: Connection, now: float) -> tuple[int, float] | None:
    """Return how near a connection is to making room, the least first; None if it never does."""
    phase, since = connection.phase, connection.since
    if phase in (Phase.HEAD, Phase.REST):
        return 0, since
    if phase is Phase.BODY and _is_slow(since, now):
        return 1, since
    if connection.waiting_since is not None and _is_slow(connection.waiting_since, now):
        return 2, connection.waiting_since
    return (3, since) if phase is Phase.IDLE else None


def _is_slow(since: float, now: float) -> bool:
    """Return whether something goes on for longer than those with a good line need."""
    return now - since > SLOW_S
